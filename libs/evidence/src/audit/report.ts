/** What differs, and whose it is. */
export interface Finding {
  /**
   * `log`: the log is not what was signed for, or not what was taken in. `own-state`: the log holds, and evidence.db, or a
   * key, is damaged. `outside`: a checkpoint from elsewhere that says nothing of this log. `check`: another check failed.
   */
  readonly kind: 'log' | 'own-state' | 'outside' | 'check';
  /** One plain sentence. */
  readonly what: string;
  /** The leaf, where one can be named. */
  readonly index: number | null;
  /** Its place in the log, as clients see it. */
  readonly position: string | null;
  readonly event: string | null;
}

export interface CheckResult {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** What was compared, or why it was not. */
  readonly detail: string;
}

/** What a check answers. */
export interface CheckOutcome extends Omit<CheckResult, 'name'> {
  /** Of one that failed: what differs, and where, in the order of the log; without it `detail` says it all. */
  readonly differences?: readonly (Pick<Finding, 'what'> & Partial<Pick<Finding, 'position' | 'event'>>)[];
}

export interface AuditReport {
  readonly intact: boolean;
  /** Events that were read again. */
  readonly events: number;
  /** How many of them are under a checkpoint that holds. */
  readonly sealed: number;
  readonly root: string;
  /** Checkpoints in the log whose signature, root and heads hold. */
  readonly checkpoints: number;
  /** Checkpoints from elsewhere that hold for this log. */
  readonly outside: number;
  readonly cosignatures: number;
  /** Private values that are gone; their hashes are not. */
  readonly erased: number;
  /** Verifier keys, the oldest first. */
  readonly keys: readonly string[];
  /** Where the first key comes from: only a key that came another way than the log proves who signed. */
  readonly anchor: 'given' | 'log' | 'none';
  readonly checks: readonly CheckResult[];
  /** In the order of the log. */
  readonly findings: readonly Finding[];
}

/** Findings as they come. One event is blamed once. */
export class Findings {
  readonly #all: Finding[] = [];
  readonly #blamed = new Set<number>();

  add({
    index = null,
    position = null,
    event = null,
    ...rest
  }: Pick<Finding, 'kind' | 'what'> & Partial<Finding>): void {
    if (index !== null && rest.kind === 'log') {
      if (this.#blamed.has(index)) return;
      this.#blamed.add(index);
    }
    this.#all.push({ ...rest, index, position, event });
  }

  /** Whether the log itself was found to differ. */
  get logDiffers(): boolean {
    return this.#all.some(({ kind }) => kind === 'log');
  }

  /** Whether an event of this stretch is to blame by name. */
  blames(from: number, to: number): boolean {
    return [...this.#blamed].some((index) => index >= from && index < to);
  }

  get inOrder(): readonly Finding[] {
    const place = ({ index }: Finding): number => index ?? Number.POSITIVE_INFINITY;
    return this.#all.toSorted((one, other) => rank(one) - rank(other) || place(one) - place(other));
  }
}

const ranks = { log: 0, check: 1, outside: 2, 'own-state': 3 } as const;

function rank({ kind }: Finding): number {
  return ranks[kind];
}
