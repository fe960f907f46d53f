import { deadlines } from './deadlines.ts';
import { entries } from './entries.ts';
import { matters } from './matters.ts';
import { parties } from './parties.ts';
import type { Projection, ViewName } from './projection.ts';
import { search } from './search.ts';

export const projections: Readonly<Record<ViewName, Projection>> = { matters, parties, entries, deadlines, search };
