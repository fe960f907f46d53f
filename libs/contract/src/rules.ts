import { isCivilDate, isHolidayCalendar, isInstant, isRulePack, parsePeriod, versions } from '#libs/calendar';
import { type Check, checkedBy, type Required, rule, type Schema } from './shape.ts';
import {
  dateWords,
  isJurisdiction,
  isMoment,
  isSlug,
  isWebUrl,
  isWhole,
  isZone,
  JURISDICTION,
  jurisdictionWords,
  listOf,
  LONGEST_JURISDICTION,
  LONGEST_URL,
  LONGEST_ZONE,
  momentWords,
  SLUG,
  slugWords,
  textFault,
} from './values.ts';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const MAIL = /^[^\s@<>,"]{1,64}@[^\s@<>,"]{1,255}$/;
const LONGEST_MAIL = 320;

export const slugSchema: Schema = { type: 'string', pattern: SLUG.source };
const dateSchema: Schema = { type: 'string', format: 'date' };
const instantSchema: Schema = { type: 'string', format: 'date-time' };
export const momentSchema: Schema = { anyOf: [dateSchema, instantSchema] };

/** A field whose value `holds`; `words` say what it must be. */
function must(name: string, schema: Schema, holds: (value: unknown) => boolean, words: string): Required {
  return checkedBy(rule(name, schema, (value) => (holds(value) ? undefined : words)));
}

export const slug = (): Required => must('slug', slugSchema, isSlug, slugWords);
export const date = (): Required => must('civilDate', dateSchema, isCivilDate, dateWords);
export const moment = (): Required => must('moment', momentSchema, isMoment, `must be ${momentWords}`);
export const instant = (): Required =>
  must('instant', instantSchema, isInstant, 'must be an instant with an offset, such as 2026-08-02T09:30:00+02:00');
export const flag = (): Required =>
  must('flag', { type: 'boolean' }, (value) => typeof value === 'boolean', 'must be true or false');

export const textSchema = (most: number): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength: most,
  pattern: String.raw`\S`,
});

export function text(most: number): Required {
  return checkedBy(rule('text', textSchema(most), (value) => textFault(value, most)));
}

export function integer(least: number, most: number): Required {
  const schema = { type: 'integer', minimum: least, maximum: most };
  const words = `must be a whole number from ${least} to ${most}`;
  return must('integer', schema, (value) => isWhole(value, least, most), words);
}

export function choice(values: readonly string[]): Required {
  const schema = { type: 'string', ...(values.length === 1 ? { const: values[0] } : { enum: [...values] }) };
  const known = new Set<unknown>(values);
  return must('choice', schema, (value) => known.has(value), `must be ${listOf(values)}`);
}

export function dateNotBefore(other: string): Required {
  const check: Check = (value, owner) => {
    if (!isCivilDate(value)) return dateWords;
    const earlier: unknown = Reflect.get(owner, other);
    return isCivilDate(earlier) && value < earlier ? `must not be before ${other}` : undefined;
  };
  return checkedBy(rule('dateNotBefore', dateSchema, check));
}

export function period(): Required {
  const schema = { type: 'string', pattern: '^P[0-9YMWDTH]+$', maxLength: 50, examples: ['P270D', 'P3M', 'PT72H'] };
  const words = 'must be an ISO 8601 period such as P270D, P3M or PT72H';
  return must('period', schema, (value) => parsePeriod(value) !== undefined, words);
}

export function rulePack(): Required {
  const known = Object.keys(versions.rules);
  return must('rulePack', { type: 'string', enum: known }, isRulePack, `must be ${listOf(known)}`);
}

export function holidayCalendar(): Required {
  const known = Object.keys(versions.calendars);
  return must('holidayCalendar', { type: 'string', enum: known }, isHolidayCalendar, `must be ${listOf(known)}`);
}

export function timeZone(): Required {
  const schema = { type: 'string', maxLength: LONGEST_ZONE, examples: ['America/New_York', 'Europe/Brussels'] };
  return must('timeZone', schema, isZone, 'must be an IANA time zone such as America/New_York');
}

export const jurisdictionSchema: Schema = {
  type: 'string',
  maxLength: LONGEST_JURISDICTION,
  pattern: JURISDICTION.source,
  examples: ['US', 'US-MT', 'EU', 'GB-WLS'],
};
export const jurisdiction = (): Required => must('jurisdiction', jurisdictionSchema, isJurisdiction, jurisdictionWords);

/** `HH:MM`. */
export function clock(): Required {
  const schema = { type: 'string', pattern: CLOCK.source, examples: ['09:00'] };
  const holds = (value: unknown): boolean => typeof value === 'string' && CLOCK.test(value);
  return must('clock', schema, holds, 'must be an hour of the day such as 09:00');
}

export function mailAddress(): Required {
  const schema = { type: 'string', format: 'email', maxLength: LONGEST_MAIL };
  const holds = (value: unknown): boolean =>
    typeof value === 'string' && value.length <= LONGEST_MAIL && MAIL.test(value);
  return must('mailAddress', schema, holds, 'must be a mail address such as anna@example.org');
}

export function webUrl(): Required {
  const schema = { type: 'string', pattern: '^[hH][tT][tT][pP][sS]?://[^\\s<>"]+$', maxLength: LONGEST_URL };
  return must('webUrl', schema, isWebUrl, `must be an http or https URL of at most ${LONGEST_URL} characters`);
}
