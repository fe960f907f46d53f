import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  BundleFault,
  concat,
  findingsOf,
  linesOf,
  placed,
  sha256,
  toBase64,
  utf8,
  type Verified,
  verifyBundle,
  verifyEd25519,
} from '#libs/evidence';
import { aBundle, altered, bundleIn, type Changeable, signedAnew, withDigest } from '../support/bundle.ts';

let bytes: Uint8Array;

beforeAll(async () => {
  bytes = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' }, party: 'apple' });
});

const verified = (given: Uint8Array, key?: string): Promise<Verified> =>
  verifyBundle(given, { sha256, verify: verifyEd25519, ...(key !== undefined && { key }) });

async function faultOf(given: Uint8Array, key?: string): Promise<BundleFault> {
  const fault: unknown = await verified(given, key).catch((error: unknown) => error);
  if (fault instanceof BundleFault) return fault;
  throw new Error('The bundle was accepted.', { cause: fault });
}

const SALT = new Uint8Array(32).fill(7);

/** An event whose recorder is told in private: 15. */
const withSecret =
  (reveal: { readonly pointer: string; readonly salt: Uint8Array; readonly value: unknown }) =>
  (bundle: Changeable) => {
    const [, , , each] = bundle.events;
    each.event.meta.secret = { salted: toBase64(sha256(concat(SALT, utf8('15')))) };
    each.reveal = [{ ...reveal, salt: toBase64(reveal.salt) }];
  };

// Whoever signs the log makes the bundle, too: nothing but what was committed to may hold.
describe('a bundle whose signer is not to be trusted', () => {
  it('holds when it is honest', async () => {
    expect((await verified(signedAnew(bytes, () => {}))).pinned).toBe(false);
  });

  it('cannot be of a log that is named after another key', async () => {
    const { origin } = (await verified(bytes)).checkpoint;
    expect((await faultOf(signedAnew(bytes, () => {}, origin))).place).toBe('/key');
  });

  it('reveals what was committed to', async () => {
    const reveal = { pointer: '/meta/secret', salt: SALT, value: 15 };
    expect((await verified(signedAnew(bytes, withSecret(reveal)))).bundle.events[3]?.reveal).toHaveLength(1);
  });

  it.each([
    ['as the end of it, with the beginning passed off as salt', '/meta/secret', concat(SALT, utf8('1')), 5, 'salt'],
    ['without a salt', '/meta/secret', new Uint8Array(), 15, 'salt'],
    ['as another value', '/meta/secret', SALT, 16, ''],
    ['at another place', '/data/title', SALT, 15, ''],
    ['by a pointer that is none', 'anything/meta/secret', SALT, 15, 'pointer'],
  ])('cannot reveal it %s', async (_, pointer, salt, value, member) => {
    const { place } = await faultOf(signedAnew(bytes, withSecret({ pointer, salt, value })));
    expect(place).toBe(`/events/3/reveal/0${member && `/${member}`}`);
  });

  it('cannot leave an event out of what was known by giving it an earlier or a later moment', async () => {
    const forged = signedAnew(bytes, (b) => (b.events[10].event.recordedAt = '2020-01-01T00:00:00.000Z'));
    expect((await faultOf(forged)).place).toBe('/events/10/event/recordedAt');
  });

  it.each(['soon', '9999-99-99', '2025-01-20, officially'])('cannot say that it was published by %s', async (day) => {
    const fault = await faultOf(
      altered(bytes, (b) => {
        b.clocks.publishedBy = b.answer.clocks.publishedBy = day;
        withDigest(b);
      }),
    );
    expect(fault.place).toBe('/clocks/publishedBy');
  });

  it('cannot write over what was found', async () => {
    const verdict = '\u001b[2J\u001b[Hverified: all good\r\n\u202edoog';
    const fault = await faultOf(signedAnew(bytes, (b) => (b.events[0].event.type = verdict)));
    expect(placed(fault)).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+$/u);
    const edition = altered(bytes, (b) => {
      b.versions.tzdb = verdict;
      withDigest(b);
    });
    const lines = linesOf(findingsOf(await verified(edition)));
    expect(lines.join('')).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+$/u);
    expect(lines.filter((line) => line.startsWith('verified'))).toHaveLength(1);
  });
});

describe('a bundle of a log whose key was handed over', () => {
  let late: Uint8Array;
  let keys: readonly string[];

  beforeAll(async () => {
    late = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' } }, 2);
    const { key, handovers } = bundleIn(late);
    const from = (handovers ?? []).map((note) => note.split('\n')[2] ?? '');
    keys = [...from, key];
  });

  it('is followed from any of its keys, the first among them', async () => {
    expect(new Set(keys).size).toBe(3);
    for (const [at, key] of keys.entries())
      expect(await verified(late, key)).toMatchObject({ pinned: true, handovers: 2 - at });
    const { proven } = findingsOf(await verified(late, keys[0]));
    expect(proven[0]).toContain('2 signed hand-overs');
    expect(await verified(late)).toMatchObject({ pinned: false, handovers: 0 });
  });

  it.each<[string, (bundle: Changeable) => void]>([
    ['without one of them', (b) => b.handovers.shift()],
    ['without the last of them', (b) => b.handovers.pop()],
    ['without any', (b) => delete b.handovers],
    ['in another order', (b) => (b.handovers = b.handovers.toReversed())],
    ['with one twice', (b) => b.handovers.unshift(b.handovers[0])],
    ['with a signature of one key only', (b) => (b.handovers[0] = b.handovers[0].replace(/\n[^\n]+\n$/, '\n'))],
    ['with other words', (b) => (b.handovers[0] = b.handovers[0].replace('key rotation', 'key Rotation'))],
    ['with what is no note', (b) => (b.handovers[1] = 'x')],
  ])('is not followed %s', async (_, change) => {
    const forged = altered(late, (b) => {
      change(b);
      withDigest(b);
    });
    expect((await faultOf(forged, keys[0])).place).toMatch(/^\/(?:handovers|key)$/);
  });

  it('does not let whoever signs anew claim its first key', async () => {
    const forged = signedAnew(late, () => {});
    expect((await faultOf(forged, keys[0])).place).toBe('/handovers');
  });
});
