import type { Entry, Matter } from '../record/entry.ts';
import type { Segments } from './shape.ts';

export interface SegmentsQuery {
  readonly party?: string;
  readonly enforcer?: string;
}

/** Per provision and axis, how the state ran over time; and the rolled-up headline (MODEL, its doors). */
export function segmentsOf(_matter: Matter, _entries: readonly Entry[], _query: SegmentsQuery): Segments {
  throw new Error('written next');
}
