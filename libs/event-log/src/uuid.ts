import { getRandomValues } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether this is a UUID as RFC 9562 §4 writes it: lower case, so that what is stored as bytes reads back the same. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

let lastMillisecond = 0;
let counter = 0;

/**
 * A UUID version 7, greater than every one this process made before, even when the clock stands still or steps back.
 * RFC 9562 §6.2, method 1: the 12 bits of rand_a are a counter, seeded below its half in every new millisecond.
 */
export function uuidv7(
  now: number = Date.now(),
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = getRandomValues,
): string {
  const bytes = new Uint8Array(16);
  random(bytes);
  if (now > lastMillisecond) {
    lastMillisecond = Math.trunc(now);
    counter = (((bytes[6] ?? 0) & 0x07) << 8) | (bytes[7] ?? 0);
  } else if (counter < 0xfff) {
    counter += 1;
  } else {
    // RFC 9562 §6.2, "counter rollover": borrow from the next millisecond rather than wait for it.
    lastMillisecond += 1;
    counter = 0;
  }
  const time = lastMillisecond.toString(16).padStart(12, '0');
  const tail = Buffer.from(bytes.buffer, 8, 8);
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const low = tail.toString('hex');
  const high = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${low.slice(0, 4)}-${low.slice(4)}`;
}
