import type { Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Code } from './headline.ts';
import { rollUp } from './roll-up.ts';
import { type Row, rowsAt, type Scope, tabled } from './rows.ts';
import type { ProvisionStatus } from './shape.ts';

/** Headline and table at one time, without what explains them. */
export interface Answer {
  readonly code: Code;
  readonly rows: readonly Row[];
  readonly provisions: readonly ProvisionStatus[];
}

export function answerAt(picture: Picture, scope: Scope, t: Moment): Answer {
  const rows = rowsAt(picture, scope, t);
  const anyPrincipal = [...picture.provisions.values()].some(({ effect }) => effect.principal !== false);
  return { code: rollUp(picture, rows, anyPrincipal, t), rows, provisions: tabled(rows, scope) };
}
