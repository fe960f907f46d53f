import type { CivilDate } from '../civil.ts';

/**
 * Whole days on which the President closed the executive departments and agencies and which each order brought within
 * 5 U.S.C. 6103(b). Fed. R. Civ. P. 6(a)(6)(B) counts days declared a holiday by the President, and the Office of the
 * Federal Register treats them as holidays. Half-day closings (2002, 2003, 2009, 2015, …) are not days off.
 */
export const CLOSINGS: readonly { readonly date: CivilDate; readonly order: string }[] = [
  { date: '2018-12-24', order: 'E.O. 13854' },
  { date: '2019-12-24', order: 'E.O. 13900' },
  { date: '2020-12-24', order: 'E.O. 13965' },
  { date: '2024-12-24', order: 'E.O. 14129' },
  { date: '2025-01-09', order: 'E.O. 14133' },
  { date: '2025-12-24', order: 'E.O. 14371' },
  { date: '2025-12-26', order: 'E.O. 14371' },
];

/** The range of days in which the list above misses nothing. */
export const CLOSINGS_KNOWN: { readonly from: CivilDate; readonly through: CivilDate } = {
  from: '2001-01-01',
  through: '2025-12-31',
};
