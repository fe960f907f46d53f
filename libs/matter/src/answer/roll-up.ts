import type { Moment } from '#libs/calendar';
import { isPending } from '../picture/instruments.ts';
import type { Picture } from '../picture/picture.ts';
import { earliest } from './enforcement.ts';
import type { Code } from './headline.ts';
import type { Row } from './rows.ts';

/** Law in being, else bills, else what is over (MODEL §5, roll-up). */
function rank({ axes }: Row): 1 | 2 | 3 {
  if (axes.ended) return 3;
  if (axes.isLaw) return 1;
  return isPending(axes.instrument.state) ? 2 : 3;
}

/** One code over the end members asked for; never an average. */
export function rollUp(picture: Picture, rows: readonly Row[], anyPrincipal: boolean, t: Moment): Code {
  const members = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.provision.effect.principal === false || !row.addressed) continue;
    for (const party of row.parties) {
      const its = members.get(party);
      if (its) its.push(row);
      else members.set(party, [row]);
    }
  }
  if (members.size === 0) {
    if (anyPrincipal) return { code: 'does-not-apply' };
    return { code: anyPending(picture, t) ? 'not-law-yet' : 'no-record' };
  }
  return oneOf([...members.values()].map(memberCode));
}

function memberCode(rows: readonly Row[]): Code {
  const best = Math.min(...rows.map(rank));
  const candidates = rows.filter((row) => rank(row) === best);
  if (best < 3) return oneOf(candidates.map((row) => row.code));
  const last = candidates.reduce((latest, row) => (overSince(row) >= overSince(latest) ? row : latest));
  return last.code;
}

function overSince({ axes }: Row): Moment {
  return axes.ended?.moment ?? axes.closed;
}

function oneOf(codes: readonly Code[]): Code {
  const [first] = codes;
  if (!first || codes.some(({ code }) => code !== first.code)) return { code: 'partly' };
  const until = 'until' in first ? { until: earliest(codes.map((code) => code.until)) } : {};
  const on = 'on' in first ? { on: earliest(codes.map((code) => code.on)) } : {};
  const said = codes.find(
    (code) => (code.until ?? null) === (until.until ?? null) && (code.on ?? null) === (on.on ?? null),
  );
  return { ...said, code: first.code, ...until, ...on };
}

function anyPending(picture: Picture, t: Moment): boolean {
  return [...picture.instruments.values()].some((steps) => {
    const last = steps.findLast((step) => step.binding <= t);
    return last !== undefined && isPending(last.state);
  });
}
