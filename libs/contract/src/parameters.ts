import { epochMs, isCivilDate, isInstant } from '#libs/calendar';
import { type DeadlineState, headlineCodes } from '#libs/matter';
import { choice, date, dateNotBefore, moment, momentSchema, slug, slugSchema, text } from './rules.ts';
import { about, type Check, checkedBy, type Field, optional, type Required, rule, type Schema } from './shape.ts';
import { isJurisdiction, isMoment, isSlug, listOf, momentWords, textFault } from './values.ts';

/** A query parameter: its text is checked like a field, then read. */
export interface Parameter extends Field {
  readonly as: (given: string) => unknown;
}

const asText = (given: string): string => given;
const asNumber = (given: string): number => Number(given);
const asList = (given: string): string[] => [...new Set(given.split(','))];

const parameter = (field: Field, as: Parameter['as'] = asText): Parameter => ({ ...field, as });

export const required = (field: Required): Parameter => parameter(field);
export const given = (field: Required): Parameter => parameter(optional(field));

/** An opaque position. */
const TOKEN = /^[\x21-\x7e]{1,100}$/;
const tokenCheck: Check = (value) =>
  typeof value === 'string' && TOKEN.test(value) ? undefined : 'must be a position from an earlier answer';

function positionToken(): Required {
  return checkedBy(rule('token', { type: 'string', minLength: 1, maxLength: 100 }, tokenCheck));
}

export function wholeText(least: number, most: number, standard: number): Parameter {
  const schema = { type: 'integer', minimum: least, maximum: most, default: standard };
  const check: Check = (value) => {
    const good =
      typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most;
    return good ? undefined : `must be a whole number from ${least} to ${most}`;
  };
  return parameter(optional(checkedBy(rule('wholeText', schema, check))), asNumber);
}

function commaList(item: Schema, holds: (item: string) => boolean, words: string): Parameter {
  const check: Check = (value) => {
    const items = typeof value === 'string' ? value.split(',') : [''];
    return items.length <= 100 && items.every(holds) ? undefined : `must be a comma list of ${words}`;
  };
  return parameter(optional(checkedBy(rule('commaList', { type: 'array', items: item }, check))), asList);
}

/** MODEL §6. The domain states them as a type only. */
const deadlineStates = Object.keys({
  met: true,
  withdrawn: true,
  vacated: true,
  moot: true,
  superseded: true,
  waiting: true,
  estimated: true,
  lapsed: true,
  reached: true,
  extended: true,
  scheduled: true,
} satisfies Record<DeadlineState, true>);

function commaChoice(values: readonly string[]): Parameter {
  return commaList(
    { type: 'string', enum: [...values] },
    (item) => values.includes(item),
    `values, each ${listOf(values)}`,
  );
}

const knownToCheck: Check = (value, owner) => {
  const from: unknown = Reflect.get(owner, 'knownFrom');
  if (!isMoment(value)) return `must be ${momentWords}`;
  // A day and an instant cannot be compared before the matter's time zone is known.
  const days = isCivilDate(value) && isCivilDate(from) && value < from;
  const instants = isInstant(value) && isInstant(from) && epochMs(value) < epochMs(from);
  return days || instants ? 'must not be before knownFrom' : undefined;
};

export const clocks = {
  at: about('The day or instant asked about; a day is answered as at its end. Default: today.', given(moment())),
  knownAt: about('What the record held then; a day means its end. Default: now.', given(moment())),
  publishedBy: about('Only acts that were public by this day.', given(date())),
  minPosition: about('Wait until the views have reached this position.', given(positionToken())),
};

export const paging = (most: number) => ({
  limit: wholeText(1, most, 50),
  cursor: about('The `next` of the last page; it keeps the clocks and the filter.', given(cursorText())),
});

function cursorText(): Required {
  return checkedBy(rule('cursorText', { type: 'string' }, (value) => (value === '' ? 'must not be empty' : undefined)));
}

export const who = {
  party: about('A party or class of the matter.', given(slug())),
  enforcer: about('Only this enforcer.', given(slug())),
};

export const whose = {
  key: about('The id of a key, or admin.', given(slug())),
  matter: about('Only what is about this matter.', given(slug())),
};

export const span = {
  from: about('First day, included.', given(date())),
  to: about('Last day, included.', given(dateNotBefore('from'))),
};

const seqCheck: Check = (value) =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? undefined : 'must be the number of an alert, or 0';

export const afterSeq = about(
  'Only the alerts after this number; 0 is the beginning.',
  parameter(optional(checkedBy(rule('seq', { type: 'integer', minimum: 0 }, seqCheck))), asNumber),
);

export const after = about('Only what follows this position; 0 is the beginning.', given(positionToken()));
export const words = text(200);
export const token = about('A feed’s token, for clients that send no headers. See createFeed.', given(text(100)));

export const filters = {
  status: about('Headline codes.', commaChoice(headlineCodes)),
  state: about('States of deadlines.', commaChoice(deadlineStates)),
  tag: commaList({ type: 'string' }, (item) => textFault(item, 60) === undefined, 'tags'),
  jurisdiction: commaList({ type: 'string' }, isJurisdiction, 'jurisdictions such as US,US-MT'),
  party: about('Obligated parties.', commaList(slugSchema, isSlug, 'ids')),
};

export const known = {
  knownFrom: about('The earlier state of belief.', required(moment())),
  knownTo: about(
    'The later one. Default: knownAt, else now.',
    given(checkedBy(rule('knownTo', momentSchema, knownToCheck))),
  ),
};

const sizeSchema: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const isSize = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:0|[1-9]\d{0,15})$/.test(value) && Number(value) <= Number.MAX_SAFE_INTEGER;
const toCheck: Check = (value, owner) => {
  const from: unknown = Reflect.get(owner, 'from');
  if (!isSize(value)) return 'must be the size of a tree';
  return isSize(from) && Number(value) < Number(from) ? 'must not be less than from' : undefined;
};
const fromCheck: Check = (value) => (isSize(value) ? undefined : 'must be the size of a tree');

export const sizes = {
  from: about('The smaller size.', parameter(checkedBy(rule('fromSize', sizeSchema, fromCheck)), asNumber)),
  to: about(
    'The larger size, at most the newest checkpoint’s.',
    parameter(checkedBy(rule('toSize', sizeSchema, toCheck)), asNumber),
  ),
};

const speedCheck: Check = (value) =>
  typeof value === 'string' && /^\d{1,6}(\.\d{1,3})?$/.test(value) && Number(value) > 0
    ? undefined
    : 'must be a number above 0';

export const replaying = {
  by: about('In the order of recording (default) or of publication.', given(choice(['recorded', 'published']))),
  speed: about(
    'Steps per second.',
    parameter(optional(checkedBy(rule('speed', { type: 'number', exclusiveMinimum: 0 }, speedCheck))), asNumber),
  ),
};
