import type { CivilDate } from '#libs/calendar';
import type { Entry, EntryType } from '../record/entry.ts';
import type { Act } from '../record/legal-order.ts';

/** Acts by which an instrument comes to be, the weightier first: its enactment or issue (MODEL §2). */
const issuing: readonly (readonly EntryType[])[] = [
  ['LawEnacted', 'RuleIssued', 'ExecutiveActIssued'],
  ['LawPublished'],
  ['NoticeIssued', 'RuleProposed', 'CourtRuled'],
];

export function issued(acts: readonly Act[]): Act | undefined {
  for (const types of issuing) {
    const act = acts.find(({ entry }) => types.includes(entry.type));
    if (act) return act;
  }
  return undefined;
}

/** Where publication has no entry of its own: the first official source after the act (the gazette), or of its day. */
export function officialPublication({ sources, occurredOn }: Entry): CivilDate | undefined {
  const days = sources.flatMap(({ evidence, publishedOn }) =>
    evidence === 'official' && publishedOn ? [publishedOn] : [],
  );
  const after = days.filter((day) => day > occurredOn).toSorted();
  return after[0] ?? days.find((day) => day === occurredOn);
}
