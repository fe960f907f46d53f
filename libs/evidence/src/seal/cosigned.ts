import type { ChainEvent } from '../core/chain.ts';
import { NoteMalformed, parseSignature } from '../core/note.ts';

/** What witnesses signed, each line an event: so every replica has it, and the log carries it along. */
export const COSIGNATURE_STREAM = 'evidence-cosignatures';
export const CHECKPOINT_COSIGNED = 'CheckpointCosigned';

export interface CheckpointCosigned {
  /** Of the checkpoint. */
  readonly size: number;
  /** A signature line as C2SP tlog-cosignature has it, with its newline. */
  readonly line: string;
}

/** Undefined for an event that is none. */
export function cosignatureIn({ type, data }: ChainEvent): CheckpointCosigned | undefined {
  if (type !== CHECKPOINT_COSIGNED || typeof data !== 'object' || data === null) return undefined;
  if (!('size' in data && 'line' in data)) return undefined;
  const { size, line } = data;
  if (typeof size !== 'number' || typeof line !== 'string' || !line.endsWith('\n')) return undefined;
  try {
    parseSignature(line.slice(0, -1));
    return { size, line };
  } catch (error) {
    if (error instanceof NoteMalformed) return undefined;
    throw error;
  }
}
