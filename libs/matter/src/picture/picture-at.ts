import type { Moment } from '#libs/calendar';
import type { Prepared } from '../time/prepared.ts';
import { Picture } from './picture.ts';

const latest = new WeakMap<Prepared, Picture>();

/** The picture at a time; the one asked for last is kept, since status and deadlines are asked for together. */
export function pictureAt(prepared: Prepared, t: Moment): Picture {
  const known = latest.get(prepared);
  if (known?.at === t) return known;
  const picture = new Picture(prepared, t);
  latest.set(prepared, picture);
  return picture;
}
