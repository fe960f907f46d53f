import { addDays, type CivilDate, dayOf, endOfDay } from '#libs/calendar';
import { Picture } from '../picture/picture.ts';
import type { Basis } from '../record/basis.ts';
import type { Effect } from '../record/effect.ts';
import type { Entry, Matter } from '../record/entry.ts';
import type { Roster } from '../record/roster.ts';
import { Dates } from '../time/dates.ts';
import { FOREVER, prepare, type Prepared } from '../time/prepared.ts';
import { foundAt } from './answer.ts';
import { axisNames, type Row, scopeOf } from './rows.ts';
import type { AxisName, HeadlineCode, HeadlineSegment, Segment, Segments } from './shape.ts';

export interface SegmentsQuery {
  readonly party?: string;
  readonly enforcer?: string;
}

type Run = Omit<Segment, 'provision' | 'parties' | 'enforcer' | 'axis'>;

interface Track {
  readonly provision: string;
  readonly parties: readonly string[];
  readonly enforcer: string | null;
  readonly axis: AxisName;
  readonly runs: Run[];
}

/**
 * Per provision and axis, how the state ran over time, and the rolled-up headline. Each day is answered as if asked on
 * that day, in one forward sweep over the days on which anything may change.
 */
export function segmentsOf(matter: Matter, entries: readonly Entry[], query: SegmentsQuery = {}): Segments {
  const prepared = prepare(matter, entries);
  const tracks = new Map<string, Track>();
  const headlines: HeadlineSegment[] = [];
  const turns = turningDays(prepared);
  turns.forEach((turn, index) => {
    const picture = new Picture(prepared, endOfDay(turn));
    const scope = scopeOf(picture, query.party, query.enforcer);
    const until = turns[index + 1] ?? '~';
    const scheduled = picture.breaks.map(({ moment }) => dayOf(moment)).filter((day) => day > turn && day < until);
    for (const day of [turn, ...new Set(scheduled)]) {
      const { code, rows } = foundAt(picture, scope, endOfDay(day));
      extendHeadlines(headlines, code.code, day);
      for (const row of rows) if (row.addressed || scope.single) extendTracks(tracks, row, day);
    }
  });
  return { segments: merged([...tracks.values()], prepared.roster), headlines };
}

/** The days on which another set of acts begins to count: their own, and those they reach back to. */
function turningDays(prepared: Prepared): readonly CivilDate[] {
  const days = new Set(prepared.acts.map(({ moment }) => dayOf(moment)));
  // What an effect reaches back to may itself wait for something: as known at the end, and as known at the beginning.
  const dates = [new Dates(prepared, FOREVER), new Dates(prepared, Number.NEGATIVE_INFINITY)];
  for (const { act, effect } of prepared.effects) {
    const own = ownBasis(effect);
    if (own === undefined) continue;
    for (const known of dates) {
      const from = known.of(own, act).date;
      if (from !== null && from < act.entry.occurredOn) days.add(from);
    }
  }
  return [...days].toSorted();
}

function ownBasis(effect: Effect): Basis | undefined {
  if (effect.kind === 'releases') return effect.conductFrom;
  if (effect.kind === 'establishes') return effect.force;
  if ('from' in effect) return effect.from;
  return 'on' in effect ? effect.on : undefined;
}

function extendHeadlines(headlines: HeadlineSegment[], code: HeadlineCode, day: CivilDate): void {
  const last = headlines.at(-1);
  if (last?.code === code) return;
  if (last) headlines[headlines.length - 1] = { ...last, to: addDays(day, -1) };
  headlines.push({ code, from: day, to: null });
}

function extendTracks(tracks: Map<string, Track>, row: Row, day: CivilDate): void {
  const { axes, provision, parties } = row;
  const extend = (
    axis: AxisName,
    enforcer: string | null,
    state: string,
    retroactive: boolean,
    deps: readonly Entry[],
  ): void => {
    const key = JSON.stringify([provision.id, parties[0], axis, enforcer]);
    const track = tracks.get(key) ?? { provision: provision.id, parties, enforcer, axis, runs: [] };
    tracks.set(key, track);
    const last = track.runs.at(-1);
    if (last?.state === state) {
      if (retroactive && !last.retroactive) track.runs[track.runs.length - 1] = { ...last, retroactive };
      return;
    }
    if (last) track.runs[track.runs.length - 1] = { ...last, to: addDays(day, -1) };
    track.runs.push({ state, from: day, to: null, retroactive, because: [...new Set(deps.map(({ id }) => id))] });
  };
  for (const axis of axisNames) {
    if (axis === 'enforcement') continue;
    const { state, retroactive } = axes[axis];
    extend(axis, null, state, retroactive ?? false, axes.deps[axis].length > 0 ? axes.deps[axis] : [provision.entry]);
  }
  axes.enforcement.forEach(({ enforcer, state, retroactive }, index) => {
    const own = axes.enforcerDeps[index] ?? [];
    const deps = own.length > 0 ? own : [...axes.deps.force, ...axes.deps.applicability];
    extend('enforcement', enforcer, state, retroactive ?? false, deps);
  });
}

/** Groups of parties whose runs are alike are one line. */
function merged(tracks: readonly Track[], roster: Roster): readonly Segment[] {
  const alike = Map.groupBy(tracks, ({ provision, axis, enforcer, runs }) =>
    JSON.stringify([provision, axis, enforcer, runs]),
  );
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { provision, axis, enforcer } = first;
    const parties = roster.sorted(same.flatMap((track) => track.parties));
    return first.runs.map((run) => ({ provision, parties, enforcer, axis, ...run }));
  });
}
