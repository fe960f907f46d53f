import { parsePeriod } from '#libs/calendar';
import { isObject } from './plain-json.ts';
import { jurisdictionSchema, slugSchema, textSchema } from './rules.ts';
import { type Check, checkedBy, type Finding, type Required, rule, type Schema } from './shape.ts';
import { isJurisdiction, isSlug, jurisdictionWords, slugWords, textFault } from './values.ts';

type Fault = (item: unknown) => string | undefined;

/** A list of distinct texts. */
function texts(name: string, item: Schema, itemFault: Fault, least: number): Required {
  const schema: Schema = { type: 'array', items: item, uniqueItems: true, ...(least > 0 && { minItems: least }) };
  return checkedBy(rule(name, schema, (value) => textsFault(value, itemFault, least)));
}

function textsFault(value: unknown, itemFault: Fault, least: number): Finding | undefined {
  if (!Array.isArray(value)) return 'must be a list';
  if (value.length < least) return `must have at least ${least} ${least === 1 ? 'item' : 'items'}`;
  const seen = new Set<unknown>();
  const faults = value.flatMap((item: unknown, index) => {
    const message = itemFault(item) ?? (seen.has(item) ? 'is in the list already' : undefined);
    seen.add(item);
    return message === undefined ? [] : [{ at: [index], message }];
  });
  return faults.length > 0 ? faults : undefined;
}

const jurisdictionFault: Fault = (value) => (isJurisdiction(value) ? undefined : jurisdictionWords);
const slugFault: Fault = (value) => (isSlug(value) ? undefined : slugWords);
// Tags are asked for in comma lists.
const tagFault: Fault = (value) =>
  textFault(value, 60) ?? (String(value).includes(',') ? 'must not contain a comma' : undefined);
const countFault = (name: string, count: unknown): string | undefined => {
  if (textFault(name, 100) !== undefined) return 'is not a name for a count';
  if (typeof count === 'number') return undefined;
  return typeof count === 'string' ? textFault(count, 200) : 'must be a number or text';
};

export const ids = (least = 0): Required => texts('ids', slugSchema, slugFault, least);

export const jurisdictions = (least = 0): Required =>
  texts('jurisdictions', jurisdictionSchema, jurisdictionFault, least);

export function choices(values: readonly string[], least = 0): Required {
  const words = `must be one of ${values.join(', ')}`;
  const fault: Fault = (value) => (values.some((known) => known === value) ? undefined : words);
  return texts('choices', { type: 'string', enum: [...values] }, fault, least);
}

const leadFault: Fault = (value) => {
  const period = value === 'P0D' ? undefined : parsePeriod(value);
  const whole = value === 'P0D' || (period !== undefined && period.hours === 0 && period.minutes === 0);
  return whole ? undefined : 'must be a period of days or longer, such as P7D; P0D is the day itself';
};

/** How long before a due day a reminder comes. */
export const leads = (): Required =>
  texts('leads', { type: 'string', pattern: '^P[0-9YMWD]+$', examples: ['P30D', 'P1M', 'P0D'] }, leadFault, 0);
export const tags = (): Required => texts('tags', { ...textSchema(60), pattern: '^[^,]*[^,\\s][^,]*$' }, tagFault, 0);

const protectsFault: Check = (value) => {
  if (value === 'all') return undefined;
  return Array.isArray(value) ? textsFault(value, slugFault, 1) : 'must be "all" or a list of parties';
};

export function protects(): Required {
  const parties = { type: 'array', items: slugSchema, minItems: 1, uniqueItems: true };
  return checkedBy(rule('protects', { anyOf: [{ const: 'all' }, parties] }, protectsFault));
}

const MOST_COUNTS = 50;

const voteFault: Check = (value) => {
  if (!isObject(value)) return 'must be an object';
  const counts = Object.entries(value);
  if (counts.length > MOST_COUNTS) return `must have at most ${MOST_COUNTS} fields`;
  const faults = counts.flatMap(([key, count]) => {
    const message = countFault(key, count);
    return message === undefined ? [] : [{ at: [key], message }];
  });
  return faults.length > 0 ? faults : undefined;
};

/** The count of a vote in the record's own words. */
export function vote(): Required {
  const schema = {
    type: 'object',
    maxProperties: MOST_COUNTS,
    additionalProperties: { anyOf: [textSchema(200), { type: 'number' }] },
    examples: [{ yes: 352, no: 65, rollCall: '86' }],
  };
  return checkedBy(rule('vote', schema, voteFault));
}

const changesFault: Check = (value) => {
  if (!isObject(value)) return 'must be an object';
  const faults = ['id', 'type'].filter((key) => Object.hasOwn(value, key));
  return faults.length > 0 ? faults.map((key) => ({ at: [key], message: 'cannot be changed' })) : undefined;
};

/** An RFC 7386 merge patch of an entry. What it makes of the entry is read again as an entry. */
export function changes(): Required {
  return checkedBy(rule('changes', { type: 'object', properties: { id: false, type: false } }, changesFault));
}
