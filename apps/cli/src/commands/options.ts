import { isCivilDate, isInstant } from '#libs/calendar';
import { usage } from '../failures.ts';
import type { Input } from '../line/input.ts';
import type { OptionSpec } from '../line/spec.ts';
import type { ClockQuery } from '#libs/register';

export const at: OptionSpec = {
  name: 'at',
  value: '<date>',
  about: 'The law on this day, or at this instant. Default: today, in the matter’s time zone.',
};

export const clockOptions: readonly OptionSpec[] = [
  at,
  { name: 'known-at', value: '<date>', about: 'Only what was on record by then. Default: now.' },
  { name: 'published-by', value: '<date>', about: 'Only acts that were public by this day.' },
];

export const whoOptions: readonly OptionSpec[] = [
  { name: 'party', value: '<id>', about: 'For this party, or class of parties.', completes: 'party' },
  { name: 'enforcer', value: '<id>', about: 'Only what this enforcer may do.', completes: 'enforcer' },
];

export function clocksOf(input: Input): ClockQuery {
  return {
    ...member('at', momentOption(input, 'at')),
    ...member('knownAt', momentOption(input, 'known-at')),
    ...member('publishedBy', dayOption(input, 'published-by')),
  };
}

export function whoOf(input: Input): { readonly party?: string; readonly enforcer?: string } {
  return { ...member('party', idOption(input, 'party')), ...member('enforcer', idOption(input, 'enforcer')) };
}

function idOption(input: Input, name: string): string | undefined {
  const id = input.option(name);
  if (id !== undefined && !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    throw usage(`--${name} is an id: lower-case letters, digits and hyphens, not “${id}”.`);
  return id;
}

/** Exact optional properties: absent, never undefined. */
export function member<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  const made: { [K in Name]?: Value } = {};
  if (value !== undefined) made[name] = value;
  return made;
}

export function dayOption(input: Input, name: string): string | undefined {
  const text = input.option(name);
  if (text !== undefined && !isCivilDate(text))
    throw usage(`--${name} is a day that exists, such as 2026-08-02, not “${text}”.`);
  return text;
}

export function momentOption(input: Input, name: string): string | undefined {
  const text = input.option(name);
  if (text !== undefined && !isMoment(text)) {
    throw usage(`--${name} is a day that exists, such as 2026-08-02, or an instant with an offset, not “${text}”.`);
  }
  return text;
}

function isMoment(text: string): boolean {
  return isCivilDate(text) || isInstant(text);
}
