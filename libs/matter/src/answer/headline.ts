import type { CivilDate, Moment } from '#libs/calendar';
import { barKind, liveRestraints } from '../picture/bars.ts';
import { type Cover, coverFrom } from '../picture/cover.ts';
import { startAt } from '../picture/force.ts';
import type { Picture } from '../picture/picture.ts';
import type { Provision, Restraint } from '../picture/tracks.ts';
import { startOf, type When } from '../time/when.ts';
import { type Axes, dayEnd, startsAhead } from './axes.ts';
import { barCover, earliest } from './enforcement.ts';
import { contingency } from './law-axes.ts';
import type { EnforcementState, HeadlineCode } from './shape.ts';

/** A headline without its words. */
export interface Code {
  readonly code: HeadlineCode;
  readonly until?: CivilDate | null;
  readonly on?: CivilDate | null;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}

/** Later than any date: an end that nobody can name yet still stands then, a scheduled one does not. */
const LAST: Moment = Number.MAX_SAFE_INTEGER;

/** One code for a provision and an end member: the first that fits (MODEL §5). */
export function headlineOf(
  picture: Picture,
  provision: Provision,
  party: string,
  enforcers: readonly string[],
  axes: Axes,
  t: Moment,
): Code {
  if (axes.ended) return { code: axes.ended.how };
  if (axes.instrument.state === 'failed' || axes.instrument.state === 'withdrawn') return { code: 'abandoned' };
  if (!axes.isLaw) return { code: 'not-law-yet' };
  switch (axes.applicability.state) {
    case 'exempt':
    case 'no-longer-meets-definition':
    case 'not-addressed':
      return { code: 'does-not-apply' };
    case 'disputed':
      return { code: 'disputed' };
    case 'unknown':
      return { code: 'unknown' };
    case 'applies':
    case 'applies-from':
      break;
  }
  const ahead = startsAhead(axes, t);
  if (ahead) {
    const bar = barOnStart(picture, provision, party, enforcers, ahead.move?.to, t);
    if (bar) return bar;
    const on = { on: ahead.move?.to.date ?? null, ...contingency(ahead.move?.to) };
    if (ahead.move?.by === 'postpones') return { code: 'delayed', ...on };
    return { code: ahead.axis === 'force' ? 'enacted-not-in-force' : 'applies-from', ...on };
  }
  return posture(axes);
}

/** Everything has started: the enforcers decide. */
function posture(axes: Axes): Code {
  if (axes.operation.state === 'suspended') return { code: 'stayed', ...untilOf(axes.operation) };
  if (axes.enforcement.length === 0) return { code: 'in-force' };
  const free = axes.enforcement.filter((axis) => axis.state === 'active').length;
  if (free === axes.enforcement.length) return { code: 'in-force-and-enforceable' };
  if (free > 0) return { code: 'partly' };
  const held = (state: EnforcementState): Code['until'][] | undefined => {
    const those = axes.enforcement.filter((axis) => axis.state === state);
    return those.length === 0 ? undefined : those.map((axis) => axis.until);
  };
  for (const [state, code] of [
    ['restrained', 'blocked-by-court'],
    ['forborne', 'enforcement-paused'],
  ] as const) {
    const untils = held(state);
    if (!untils) continue;
    const until = earliest(untils);
    const one = axes.enforcement.find((axis) => axis.state === state && (axis.until ?? null) === until);
    return { code, ...untilOf({ ...one, until }) };
  }
  return { code: 'not-yet-enforceable', on: earliest(axes.enforcement.map((axis) => axis.from)) };
}

/**
 * A bar that is live now, will still stand on the day of the start and leaves no enforcer free then: the start is a date
 * that will not matter (MODEL §5, headline 4). If that day is unknown, only a bar without an end stands.
 */
function barOnStart(
  picture: Picture,
  provision: Provision,
  party: string,
  enforcers: readonly string[],
  start: When | undefined,
  t: Moment,
): Code | undefined {
  const then = (start && dayEnd(start)) ?? LAST;
  const stays = standing(picture, provision, party, null, t, then);
  if (stays.length > 0) {
    const { cover } = coverFrom(picture, party, null, t, (at) => liveRestraints(picture, provision, party, null, at));
    return { code: 'stayed', ...cover };
  }
  let byCourt = false;
  const covers: { court: boolean; cover: Cover }[] = [];
  for (const enforcer of enforcers) {
    const power = startAt(picture, provision, 'enforcement', party, enforcer, then);
    if (power && startOf(power.to) > then) continue;
    const bars = standing(picture, provision, party, enforcer, t, then);
    if (bars.length === 0) return undefined;
    const court = bars.some((bar) => barKind(bar) !== 'forbearance');
    byCourt ||= court;
    const state = court ? 'restrained' : 'forborne';
    covers.push({ court, cover: barCover(picture, provision, party, enforcer, state, t).cover });
  }
  if (covers.length === 0) return undefined;
  const shown = covers.filter((each) => each.court === byCourt).map((each) => each.cover);
  const until = earliest(shown.map((cover) => cover.until));
  const one = shown.find((cover) => cover.until === until);
  return { code: byCourt ? 'blocked-by-court' : 'enforcement-paused', ...untilOf({ ...one, until }) };
}

/** Restraints live at `t` that are live at `then` too. */
function standing(
  picture: Picture,
  provision: Provision,
  party: string,
  enforcer: string | null,
  t: Moment,
  then: Moment,
): readonly Restraint[] {
  const now = liveRestraints(picture, provision, party, enforcer, t);
  if (now.length === 0) return now;
  const later = liveRestraints(picture, provision, party, enforcer, then);
  return now.filter((restraint) => later.includes(restraint));
}

function untilOf(cover: {
  readonly until?: CivilDate | null | undefined;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}): Omit<Code, 'code'> {
  return {
    until: cover.until ?? null,
    ...(cover.contingent === undefined ? {} : { contingent: cover.contingent }),
    ...(cover.estimate === undefined ? {} : { estimate: cover.estimate }),
  };
}
