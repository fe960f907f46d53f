import { isCivilDate, isInstant, isTimeZone } from '#libs/calendar';

export const SLUG = /^[a-z0-9][a-z0-9-]{0,63}$/;
export const JURISDICTION = /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$/;
const WEB = /^https?:\/\/[^\s<>"]+$/i;
/** Escape sequences in a title would reach terminals. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

export const LONGEST_URL = 2000;
export const LONGEST_ZONE = 64;
export const LONGEST_JURISDICTION = 20;

export const isSlug = (value: unknown): value is string => typeof value === 'string' && SLUG.test(value);

/** A day or an instant. */
export const isMoment = (value: unknown): value is string => isCivilDate(value) || isInstant(value);

export const isZone = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= LONGEST_ZONE && isTimeZone(value);

/** Lenient on purpose: any upper-case code and its parts. */
export const isJurisdiction = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_JURISDICTION && JURISDICTION.test(value);

/** A link that anyone may follow: http or https, and no credentials in it. */
export function isWebUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > LONGEST_URL || !WEB.test(value) || CONTROL.test(value)) return false;
  if (!URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

export const isWhole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** What is wrong with a text of at most `most` code points (as JSON Schema counts), if anything. */
export function textFault(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string') return 'must be text';
  if (value.length > most && (value.length > 2 * most || Array.from(value).length > most))
    return `must have at most ${most} characters`;
  if (value.trim() === '') return 'must not be empty';
  return CONTROL.test(value) ? 'must not contain control characters' : undefined;
}

export const slugWords = 'must be an id: lower-case letters, digits and hyphens, at most 64 characters';
export const jurisdictionWords = 'must be a jurisdiction such as US, US-MT, EU or GB-WLS';
export const dateWords = 'must be a day that exists, such as 2026-08-02';
export const momentWords = 'a day that exists, such as 2026-08-02, or an instant with an offset';
export const listOf = (values: readonly string[]): string => (values.length === 1 ? '' : 'one of ') + values.join(', ');
