import type { CivilDate } from '../civil.ts';

/**
 * Whole days on which the President closed the executive departments and agencies, each order bringing its day within
 * 5 U.S.C. 6103(b). Fed. R. Civ. P. 6(a)(6)(B) counts days declared a holiday by the President, and the Office of the
 * Federal Register counts them too. Half-day closings (1998, 2002, 2009, 2015) are not days off.
 */
export const CLOSINGS: readonly { readonly date: CivilDate; readonly order: string }[] = [
  { date: '1986-12-26', order: 'E.O. 12577' },
  { date: '1994-04-27', order: 'E.O. 12910' },
  { date: '1997-12-26', order: 'E.O. 13068' },
  { date: '2001-12-24', order: 'E.O. 13238' },
  { date: '2003-12-26', order: 'E.O. 13320' },
  { date: '2004-06-11', order: 'E.O. 13343' },
  { date: '2007-01-02', order: 'E.O. 13421' },
  { date: '2007-12-24', order: 'E.O. 13453' },
  { date: '2008-12-26', order: 'E.O. 13482' },
  { date: '2012-12-24', order: 'E.O. 13633' },
  { date: '2014-12-26', order: 'E.O. 13682' },
  { date: '2018-12-05', order: 'E.O. 13852' },
  { date: '2018-12-24', order: 'E.O. 13854' },
  { date: '2019-12-24', order: 'E.O. 13900' },
  { date: '2020-12-24', order: 'E.O. 13965' },
  { date: '2024-12-24', order: 'E.O. 14129' },
  { date: '2025-01-09', order: 'E.O. 14133' },
  { date: '2025-12-24', order: 'E.O. 14371' },
  { date: '2025-12-26', order: 'E.O. 14371' },
];

/** The days among which the list above misses nothing. */
export const CLOSINGS_KNOWN: { readonly from: CivilDate; readonly through: CivilDate } = {
  from: '2001-01-01',
  through: '2025-12-31',
};
