import canonicalize from 'canonicalize';

const MOST_LEVELS = 500;

/** What cannot be written as canonical JSON. */
export class NotCanonical extends TypeError {
  override get name(): string {
    return 'NotCanonical';
  }
}

/**
 * The RFC 8785 text of a value that is plain JSON.
 *
 * What libraries do with other values differs (a Map becomes {}, undefined disappears, a date is turned into text), so
 * the value is looked at first, and anything but plain JSON is refused.
 * @throws NotCanonical
 */
export function canonicalText(value: unknown): string {
  mustBePlain(value, 0);
  return canonicalize(value) ?? refuse('nothing at all');
}

function mustBePlain(value: unknown, level: number): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') return mustBeWellFormed(value);
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : refuse(String(value));
  if (typeof value !== 'object') refuse(`a ${typeof value}`);
  if (level >= MOST_LEVELS) refuse(`deeper than ${MOST_LEVELS} levels`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) mustBePlain(value[index], level + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) refuse('an instance of a class');
  for (const [key, item] of Object.entries(value)) {
    mustBeWellFormed(key);
    mustBePlain(item, level + 1);
  }
}

/** RFC 8785 §3.2.2.2: a lone surrogate is no Unicode text and has no canonical form. */
function mustBeWellFormed(text: string): void {
  if (!text.isWellFormed()) refuse('text with a lone surrogate');
}

function refuse(what: string): never {
  throw new NotCanonical(`Canonical JSON cannot hold ${what}.`);
}
