/** A point up to which everything that fell due has been raised: whoever begins anew need not plan what came before. */
export interface Covered {
  /** Of the last event that was taken in. */
  readonly position: bigint;
  /** Epoch ms to which the clock had run. */
  readonly at: number;
}
