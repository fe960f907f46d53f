import { endOfDay, isCivilDate, type Moment, momentOf } from '#libs/calendar';
import { pictureAt } from '../picture/picture-at.ts';
import type { Entry, Matter } from '../record/entry.ts';
import { prepare } from '../time/prepared.ts';
import { foundAt } from './answer.ts';
import { nextChanges } from './next.ts';
import { axisNames, type Row, scopeOf, tabled } from './rows.ts';
import type { Because, Status, StatusQuery } from './shape.ts';
import { words } from './text.ts';

/** The moment a question asks about: an instant, or a date as at its end in the matter's zone (MODEL §2). */
export function momentAsked(at: string, timeZone: string): Moment {
  return isCivilDate(at) ? endOfDay(at) : momentOf(at, timeZone);
}

/**
 * Is it enforced, against whom, until when, and because of what? Pure: the same entries and question give the same
 * answer. The parties asked for must be in the matter.
 */
export function interpret(matter: Matter, entries: readonly Entry[], query: StatusQuery): Status {
  const found = asked(matter, entries, query);
  const { picture, scope, answer, t } = found;
  const { headline, provisions, because, unresolved, warnings } = statusOf(found);
  return { headline, provisions, next: nextChanges(picture, scope, answer, t), because, unresolved, warnings };
}

/** As `interpret`, for who does not ask what comes next: the costly part of it. */
export function statusAt(matter: Matter, entries: readonly Entry[], query: StatusQuery): Omit<Status, 'next'> {
  return statusOf(asked(matter, entries, query));
}

function asked(matter: Matter, entries: readonly Entry[], query: StatusQuery) {
  const t = momentAsked(query.at, matter.timeZone);
  const picture = pictureAt(prepare(matter, entries), t);
  const scope = scopeOf(picture, query.party, query.enforcer);
  return { picture, scope, answer: foundAt(picture, scope, t), t };
}

function statusOf({ picture, answer, t }: ReturnType<typeof asked>): Omit<Status, 'next'> {
  const { prepared } = picture;
  const rows = answer.rows.toSorted((a, b) => weight(a) - weight(b));
  return {
    headline: { ...answer.code, text: words(answer.code) },
    provisions: tabled(rows, prepared.roster),
    because: becauseOf(rows),
    unresolved: prepared.unresolved.filter(({ entry }) => (prepared.byId.get(entry)?.moment ?? 0) <= t),
    warnings: [...new Set(picture.warnings)],
  };
}

/** Every entry on which a printed value depends, once for each provision and axis, in the order of the table. */
function becauseOf(rows: readonly Row[]): readonly Because[] {
  const seen = new Set<string>();
  const because: Because[] = [];
  for (const { provision, axes } of rows) {
    for (const axis of axisNames) {
      for (const entry of axes.deps[axis]) {
        const key = `${entry.id} ${axis} ${provision.id}`;
        if (seen.has(key)) continue;
        seen.add(key);
        because.push(cite(entry, axis, provision.id));
      }
    }
  }
  return because;
}

/** What is law for those asked comes first, then what might be or was, then what does not concern them. */
function weight({ provision, addressed, axes }: Row): number {
  if (!addressed) return 3;
  if (provision.effect.principal === false) return 2;
  return axes.isLaw && !axes.ended ? 0 : 1;
}

function cite(entry: Entry, axis: Because['axis'], provision: string): Because {
  const url = (
    entry.sources.find((source) => source.url && source.evidence === 'official') ??
    entry.sources.find((source) => source.url)
  )?.url;
  const citation = entry.instrument?.citation;
  return {
    entry: entry.id,
    axis,
    provision,
    title: entry.title,
    ...(citation === undefined ? {} : { citation }),
    ...(url === undefined ? {} : { url }),
  };
}
