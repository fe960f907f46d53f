import type { Code } from './headline.ts';

/** The headline in plain words, for people. */
export function words(headline: Code): string {
  const until = headline.until ? ` until ${headline.until}` : waits(headline, ' until ');
  const on = headline.on ? ` ${headline.on}` : (headline.contingent ?? 'a day not known yet').replace(/^/, ' ');
  switch (headline.code) {
    case 'no-record':
      return 'Nothing is recorded yet';
    case 'not-law-yet':
      return 'Proposed; not law';
    case 'abandoned':
      return 'Never became law';
    case 'repealed':
    case 'expired':
    case 'superseded':
    case 'vacated':
    case 'revoked':
    case 'withdrawn':
    case 'lapsed':
      return `No longer in force: ${headline.code}`;
    case 'invalid':
      return 'No longer in force: held invalid';
    case 'does-not-apply':
      return 'Does not apply';
    case 'disputed':
      return 'Whether it applies is disputed';
    case 'unknown':
      return 'Whether it applies is unknown';
    case 'enacted-not-in-force':
      return `Enacted; not in force before${on}`;
    case 'delayed':
      return `Delayed to${on}`;
    case 'applies-from':
      return `In force; applies from${on}`;
    case 'stayed':
      return `Stayed${until}`;
    case 'blocked-by-court':
      return `Enforcement blocked by a court${until}`;
    case 'enforcement-paused':
      return `In force; enforcement paused by policy${until}`;
    case 'not-yet-enforceable':
      return `In force; nobody may enforce it before${on}`;
    case 'in-force':
      return 'In force';
    case 'in-force-and-enforceable':
      return 'In force and enforceable';
    case 'partly':
      return 'Differs by party, enforcer or provision';
  }
}

function waits(headline: Code, joined: string): string {
  if (headline.until !== null) return '';
  return headline.contingent === undefined ? ' without an end date' : `${joined}${headline.contingent}`;
}
