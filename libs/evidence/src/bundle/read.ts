import { isCivilDate } from '#libs/calendar';
import { fromUtf8, hashFromBase64 } from '../core/bytes.ts';
import { canonicalText, NotCanonical } from '../core/canonical.ts';
import { type Bundle, BUNDLE_FORMAT, BundleFault } from './bundle.ts';

type Check = (value: unknown, place: string) => void;

/** @throws BundleFault for bytes that are not a bundle, written in the one way there is. */
export function readBundle(bytes: Uint8Array): Bundle {
  const value = canonicalJson(bytes);
  isBundle(value, '');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member was looked at
  return value as Bundle;
}

/** A second text of one bundle could say something else to another reader: of duplicate members, for one, each takes its own. */
function canonicalJson(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse('', 'is not JSON');
  }
  const canonical = textOf(value);
  if (canonical === text) return value;
  let at = 0;
  while (text[at] === canonical[at]) at += 1;
  refuse('', `is not written as its own RFC 8785 bytes, from character ${at} on`);
}

function decoded(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    refuse('', 'is not UTF-8');
  }
}

function textOf(value: unknown): string {
  try {
    return canonicalText(value);
  } catch (error) {
    if (error instanceof NotCanonical) refuse('', `has no canonical form: ${error.message.replace(/\.$/, '')}`);
    throw error;
  }
}

const text: Check = (value, place) => {
  if (typeof value !== 'string') refuse(place, 'is not text');
};
const whole: Check = (value, place) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) refuse(place, 'is not a whole number');
};
const anything: Check = () => {};
const hash: Check = (value, place) => {
  if (typeof value !== 'string' || !hashFromBase64(value)) refuse(place, 'is not a SHA-256 hash in canonical base64');
};
/** 32 bytes, as salts are: of one whose length is free, a verifier cannot tell where it ends and the value begins. */
const salt: Check = (value, place) => {
  if (typeof value !== 'string' || !hashFromBase64(value))
    refuse(place, 'is not a salt of 32 bytes in canonical base64');
};
const pointer: Check = (value, place) => {
  if (typeof value !== 'string' || !/^(?:\/(?:[^~/]|~[01])*)+$/.test(value)) refuse(place, 'is not a JSON pointer');
};
const dayOrNull: Check = (value, place) => {
  if (value !== null && !isCivilDate(value)) refuse(place, 'is not a calendar date');
};

function textOrNull(value: unknown, place: string): void {
  if (value !== null) text(value, place);
}

function listOf(item: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) refuse(place, 'is not a list');
    value.forEach((each: unknown, index) => item(each, `${place}/${index}`));
  };
}

const texts: Check = (value, place) => {
  for (const [name, item] of Object.entries(fieldsOf(value, place))) text(item, `${place}/${name}`);
};

/** Exactly these members: what nobody checks must not be in there. */
function object(members: Readonly<Record<string, Check>>, optional: readonly string[] = []): Check {
  return (value, place) => {
    const fields = fieldsOf(value, place);
    for (const name of Object.keys(fields))
      if (!Object.hasOwn(members, name)) refuse(`${place}/${name}`, 'has no place in a bundle');
    for (const [name, check] of Object.entries(members)) {
      if (Object.hasOwn(fields, name)) check(fields[name], `${place}/${name}`);
      else if (!optional.includes(name)) refuse(`${place}/${name}`, 'is missing');
    }
  };
}

const clocks = object({ at: text, knownAt: text, publishedBy: dayOrNull });

const event = object({
  id: text,
  stream: text,
  revision: whole,
  position: text,
  type: text,
  schema: whole,
  recordedAt: text,
  data: anything,
  meta: anything,
});

const isBundle = object(
  {
    format: (value, place) => {
      if (value !== BUNDLE_FORMAT) refuse(place, `is not ${BUNDLE_FORMAT}`);
    },
    matter: text,
    clocks,
    events: listOf(
      object(
        {
          event,
          index: whole,
          proof: listOf(hash),
          reveal: listOf(object({ pointer, salt, value: anything })),
        },
        ['reveal'],
      ),
    ),
    head: object({ stream: text, revision: whole, index: whole, streams: whole, proof: listOf(hash) }),
    checkpoint: text,
    key: text,
    handovers: listOf(text),
    versions: object({ rules: texts, calendars: texts, tzdb: text }),
    // What else is in it is compared with the answer that the events give.
    answer: (value, place) => {
      const fields = fieldsOf(value, place);
      clocks(fields['clocks'], `${place}/clocks`);
      for (const name of ['party', 'enforcer']) textOrNull(fields[name], `${place}/${name}`);
    },
    digest: hash,
  },
  ['handovers'],
);

function fieldsOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, 'is not an object');
  return { ...value };
}

function refuse(place: string, what: string): never {
  const subject = place === '' ? 'The bundle' : place;
  throw new BundleFault('malformed', place, `${subject} ${what}.`);
}
