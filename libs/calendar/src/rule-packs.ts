import { euInstitutions } from './holidays/eu-institutions.ts';
import type { HolidayCalendar } from './holidays/holiday-calendar.ts';
import { usFederal } from './holidays/us-federal.ts';

export type RulePackId =
  'us.plain' | 'us.frcp6@2009' | 'us.frcp6@pre-2009' | 'us.ofr' | 'eu.1182-71' | 'eu.1182-71.dates';

/** A counting rule as data; `count` is the function that reads it. */
export interface RulePack {
  readonly id: RulePackId;
  /** Raised whenever a date that this pack gives would change. */
  readonly version: string;
  readonly countsFromPublication: boolean;
  /** Whose days off matter; absent: nobody's, and the pack never rolls. */
  readonly calendar?: HolidayCalendar;
  /** Whether a counting may name another calendar. */
  readonly calendarMayBeNamed?: true;
  readonly excludesTrigger: { readonly step: string; readonly authority: string };
  readonly counts: { readonly authority: string; readonly monthEnds: string };
  /** Days in which shorter periods skip days off altogether. */
  readonly skipsDaysOffUnder?: { readonly days: number; readonly authority: string };
  readonly rolls?: { readonly forward: string; readonly backward?: string; readonly note?: string };
  /** Working days that a period of two days or more must contain. */
  readonly floor?: { readonly workingDays: number; readonly authority: string };
  readonly hours: { readonly start: 'at-once' | 'next-full-hour'; readonly rolls: boolean; readonly authority: string };
  /** What to say of a counting that the text does not provide for. */
  readonly silentOn?: { readonly backward?: string; readonly hours?: string };
  readonly dayEnd: { readonly step?: string; readonly authority: string };
}

const FRCP_NOTE = 'State holidays (6(a)(6)(C)) and an inaccessible clerk’s office (6(a)(3)) are not looked up.';

const EU_COUNTS = {
  excludesTrigger: {
    step: 'the day of the event is not counted',
    authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(1)',
  },
  counts: {
    authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(2) and 3(3)',
    monthEnds: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(2)(c)',
  },
} as const;

export const rulePacks: Readonly<Record<RulePackId, RulePack>> = {
  'us.plain': {
    id: 'us.plain',
    version: '1',
    countsFromPublication: false,
    excludesTrigger: { step: 'the day of the event is not counted', authority: 'general rule of computation' },
    counts: { authority: 'the text of the statute or order', monthEnds: 'general rule of computation' },
    hours: { start: 'at-once', rolls: false, authority: 'the text of the statute or order' },
    dayEnd: { authority: 'the text of the statute or order' },
  },
  'us.frcp6@2009': {
    id: 'us.frcp6@2009',
    version: '1',
    countsFromPublication: false,
    calendar: usFederal,
    excludesTrigger: { step: 'the day of the event is not counted', authority: 'Fed. R. Civ. P. 6(a)(1)(A)' },
    counts: { authority: 'Fed. R. Civ. P. 6(a)(1)(B)', monthEnds: 'Fed. R. Civ. P. 6(a)(1)' },
    rolls: {
      forward: 'Fed. R. Civ. P. 6(a)(1)(C), 6(a)(5)',
      backward: 'Fed. R. Civ. P. 6(a)(1)(C), 6(a)(5)',
      note: FRCP_NOTE,
    },
    hours: { start: 'at-once', rolls: true, authority: 'Fed. R. Civ. P. 6(a)(2)' },
    dayEnd: { authority: 'Fed. R. Civ. P. 6(a)(4)' },
  },
  'us.frcp6@pre-2009': {
    id: 'us.frcp6@pre-2009',
    version: '1',
    countsFromPublication: false,
    calendar: usFederal,
    excludesTrigger: { step: 'the day of the event is not counted', authority: 'Fed. R. Civ. P. 6(a) (before 2009)' },
    counts: { authority: 'Fed. R. Civ. P. 6(a) (before 2009)', monthEnds: 'Fed. R. Civ. P. 6(a) (before 2009)' },
    // "When the period of time prescribed or allowed is less than 11 days, intermediate Saturdays, Sundays, and legal
    // holidays shall be excluded in the computation."
    skipsDaysOffUnder: { days: 11, authority: 'Fed. R. Civ. P. 6(a) (before 2009)' },
    rolls: {
      forward: 'Fed. R. Civ. P. 6(a) (before 2009)',
      backward: 'Fed. R. Civ. P. 6(a) (before 2009)',
      note: FRCP_NOTE,
    },
    hours: { start: 'at-once', rolls: true, authority: 'Fed. R. Civ. P. 6(a)(2), by analogy' },
    silentOn: {
      backward: 'Rule 6(a) before 2009 did not speak of periods counted backwards; they roll backwards as from 2009.',
      hours: 'Rule 6(a) before 2009 did not speak of periods in hours; they are counted as from 2009.',
    },
    dayEnd: { authority: 'Fed. R. Civ. P. 6(a) (before 2009)' },
  },
  'us.ofr': {
    id: 'us.ofr',
    version: '1',
    countsFromPublication: true,
    calendar: usFederal,
    excludesTrigger: { step: 'the day after publication is day 1', authority: '1 CFR 18.17' },
    counts: { authority: '1 CFR 18.17', monthEnds: '1 CFR 18.17, by analogy' },
    rolls: { forward: '1 CFR 18.17', backward: '1 CFR 18.17, by analogy' },
    hours: { start: 'at-once', rolls: true, authority: '1 CFR 18.17, by analogy' },
    silentOn: {
      backward: '1 CFR 18.17 does not speak of periods counted backwards; this one rolls to the business day before.',
      hours: '1 CFR 18.17 does not speak of periods in hours.',
    },
    dayEnd: { authority: '1 CFR 18.17' },
  },
  'eu.1182-71': {
    id: 'eu.1182-71',
    version: '1',
    countsFromPublication: false,
    calendar: euInstitutions,
    calendarMayBeNamed: true,
    ...EU_COUNTS,
    // The second sentence of Art. 3(4) takes periods counted backwards out; Art. 3(5) has no such exception.
    rolls: { forward: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(4)' },
    floor: { workingDays: 2, authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(5)' },
    hours: {
      start: 'next-full-hour',
      rolls: false,
      authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(1), 3(2)(a)',
    },
    dayEnd: { authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(2)' },
  },
  'eu.1182-71.dates': {
    id: 'eu.1182-71.dates',
    version: '1',
    countsFromPublication: true,
    // Art. 4(1) applies Art. 3 without its paragraphs 4 and 5: no roll, no floor.
    ...EU_COUNTS,
    hours: {
      start: 'next-full-hour',
      rolls: false,
      authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 3(1), 3(2)(a)',
    },
    dayEnd: {
      step: 'what enters into force does so at the start of the day; what expires, at its end',
      authority: 'Reg. (EEC, Euratom) No 1182/71 Art. 4(2) and 4(3)',
    },
  },
};

export function isRulePack(id: unknown): id is RulePackId {
  return typeof id === 'string' && Object.hasOwn(rulePacks, id);
}

/** Whether the pack's trigger is the publication of an act, not its making. */
export function countsFromPublication(rule: RulePackId): boolean {
  return rulePacks[rule].countsFromPublication;
}
