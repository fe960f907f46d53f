import type { Entry, Matter } from '../record/entry.ts';
import type { Deadline } from './shape.ts';

export interface DeadlinesQuery {
  readonly at: string;
  /** Only what this party (or a class above it, or a member of it) is obligated to. */
  readonly party?: string;
}

/** Every deadline of a matter as it stands at a time, derived ones included (MODEL §6). */
export function deadlinesOf(_matter: Matter, _entries: readonly Entry[], _query: DeadlinesQuery): readonly Deadline[] {
  throw new Error('written next');
}
