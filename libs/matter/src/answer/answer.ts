import type { Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Code } from './headline.ts';
import { rollUp } from './roll-up.ts';
import { type Row, rowsAt, type Scope } from './rows.ts';

/** Headline and rows at one time, before they are printed and explained. */
export interface Found {
  readonly code: Code;
  readonly rows: readonly Row[];
}

export function foundAt(picture: Picture, scope: Scope, t: Moment): Found {
  const rows = rowsAt(picture, scope, t);
  const anyPrincipal = [...picture.provisions.values()].some(({ effect }) => effect.principal !== false);
  return { code: rollUp(picture, rows, anyPrincipal, t), rows };
}
