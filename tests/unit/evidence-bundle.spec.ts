import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#libs/event-log';
import {
  BundleFault,
  findingsOf,
  sha256,
  toBase64,
  utf8,
  type Verified,
  verifyBundle,
  verifyEd25519,
} from '#libs/evidence';
import { sha256 as ownSha256 } from '../../libs/evidence/src/bundle/sha256.ts';
import { aBundle, altered, bundleIn, type Changeable, withDigest } from '../support/bundle.ts';
import { append, aSealing } from '../support/evidence.ts';

const verifier = { sha256, verify: verifyEd25519 };

let bytes: Uint8Array;
let other: Uint8Array;

beforeAll(async () => {
  bytes = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' }, party: 'apple' });
  other = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' }, party: 'apple' });
});

const verified = (given = bytes, key?: string): Promise<Verified> =>
  verifyBundle(given, { ...verifier, ...(key !== undefined && { key }) });

async function faultOf(given: Uint8Array, key?: string): Promise<BundleFault> {
  try {
    await verified(given, key);
  } catch (error) {
    if (error instanceof BundleFault) return error;
    throw error;
  }
  throw new Error('The bundle was accepted.');
}

describe('the bundle of the TikTok saga', () => {
  it('verifies, and says what it has shown and what not', async () => {
    const result = await verified();
    const { answer, proven, notProven } = findingsOf(result);
    expect(answer).toBe('us-tiktok, apple, on 2025-02-01: In force; enforcement paused by policy until 2025-04-05');
    expect(proven.join('\n')).toMatch(/All 52 events .*\nNone is left out: .* revision 51 /);
    expect(notProven.join('\n')).toMatch(/the key came with the bundle/);
    expect(findingsOf(await verified(bytes, bundleIn(bytes).key)).notProven.join('\n')).not.toMatch(/came with/);
  });

  it.each([
    [{ clocks: {} }, null],
    [{ clocks: { at: '2025-12-20', publishedBy: '2025-09-24' }, party: 'google', enforcer: 'doj' }, '2025-09-24'],
    [{ clocks: { at: '2020-10-01T12:00:00-04:00', knownAt: '2099-01-01' } }, null],
  ])('verifies for the clocks %j', async (asked, publishedBy) => {
    const made = await aBundle('us-tiktok', asked);
    expect((await verified(made)).bundle.clocks.publishedBy).toBe(publishedBy);
  });

  it('of another matter in the same log verifies as well', async () => {
    expect((await verified(await aBundle('us-chip-controls', { clocks: {} }))).bundle.matter).toBe('us-chip-controls');
  });
});

function renumber(bundle: Changeable): void {
  bundle.events.forEach((each: Changeable, revision: number) => (each.event.revision = revision));
  bundle.head.revision = bundle.events.length - 1;
}

describe('a bundle is refused', () => {
  it.each<[string, (bundle: Changeable) => void, string]>([
    ['without its last event', (b) => b.events.pop(), '/head/revision'],
    [
      'without its last event, and with a head to match',
      (b) => {
        b.events.pop();
        b.head.revision -= 1;
      },
      '/head',
    ],
    ['without an event in the middle', (b) => b.events.splice(20, 1), '/events/20/event/revision'],
    [
      'without an event in the middle, renumbered',
      (b) => {
        b.events.splice(20, 1);
        renumber(b);
      },
      '/events/20',
    ],
    ['without its opening', (b) => b.events.shift(), '/events/0/event/revision'],
    ['without events', (b) => (b.events = []), '/head/revision'],
    [
      'with two events swapped',
      (b) => ([b.events[5], b.events[6]] = [b.events[6], b.events[5]]),
      '/events/5/event/revision',
    ],
    [
      'with the contents of two events swapped',
      (b) => {
        [b.events[5].event, b.events[6].event] = [b.events[6].event, b.events[5].event];
        renumber(b);
      },
      '/events/5',
    ],
    ['with an event twice', (b) => b.events.splice(7, 0, b.events[6]), '/events/7/event/revision'],
    ['with an event rewritten', (b) => (b.events[9].event.data.title = 'Something else'), '/events/9'],
    ['with another recorder', (b) => (b.events[9].event.meta.actor = 'key:somebody'), '/events/9'],
    ['with an earlier recording', (b) => (b.events[9].event.recordedAt = '2020-01-01T00:00:00.000Z'), '/events/9'],
    ['with another place in the log', (b) => (b.events[9].index -= 1), '/events/9/index'],
    ['with a proof that is cut short', (b) => b.events[9].proof.pop(), '/events/9'],
    ['with another answer', (b) => (b.answer.headline.code = 'in-force'), '/answer/headline/code'],
    ['with a fact left out of the answer', (b) => delete b.answer.because, '/answer/because'],
    ['with a fact added to the answer', (b) => (b.answer.note = 'x'), '/answer/note'],
    ['with the answer for somebody else', (b) => (b.answer.party = 'google'), '/answer/provisions/0/parties/0'],
    ['with the answer for nobody known', (b) => (b.answer.party = 'nobody'), '/answer/party'],
    ['with other clocks', (b) => (b.clocks.at = '2025-02-02'), '/clocks'],
    [
      'with other clocks in the answer, too',
      (b) => (b.clocks.at = b.answer.clocks.at = '2026-02-02'),
      '/answer/headline/code',
    ],
    ['with clocks that are none', (b) => (b.clocks.at = b.answer.clocks.at = 'soon'), '/answer'],
    ['with another matter', (b) => (b.matter = 'us-tiktak'), '/events/0/event/stream'],
    ['with the head of another stream', (b) => (b.head.stream = 'matter-us-chip-controls'), '/head/stream'],
    ['with another number of streams', (b) => (b.head.streams += 1), '/head'],
    ['with a key that is none', (b) => (b.key = 'inforce'), '/key'],
    ['with a checkpoint that is none', (b) => (b.checkpoint = 'x'), '/checkpoint'],
    ['with a larger checkpoint', (b) => (b.checkpoint = b.checkpoint.replace('\n72\n', '\n73\n')), '/checkpoint'],
    ['with another version of the rules', (b) => (b.versions.rules['us.plain'] = '0'), ''],
    ['with another position', (b) => (b.events[3].event.position = '4000'), ''],
    ['with a position twice', (b) => (b.events[3].event.position = b.events[4].event.position), '/events'],
    ['with a signature beside the first', (b) => (b.checkpoint += '— x AAAAAAAA\n'), ''],
    ['with another format', (b) => (b.format = 'inforce-bundle/2'), '/format'],
    ['with something nobody checks', (b) => (b.note = 'x'), '/note'],
    [
      'with a member called __proto__',
      (b) => Object.defineProperty(b, '__proto__', { value: {}, enumerable: true }),
      '/__proto__',
    ],
    ['with something nobody checks in an event', (b) => (b.events[0].event.note = 'x'), '/events/0/event/note'],
    ['without a head', (b) => delete b.head, '/head'],
    ['with an index that is none', (b) => (b.events[0].index = -1), '/events/0/index'],
    ['with a hash that is too short', (b) => (b.events[1].proof[0] = 'AAAA'), '/events/1/proof/0'],
    [
      'with a hash in base64 that is not canonical',
      (b) =>
        (b.events[1].proof[0] = b.events[1].proof[0].replace(/.=$/, (end: string) => `${end === 'B=' ? 'C' : 'B'}=`)),
      '/events/1/proof/0',
    ],
  ])('%s', async (_, change, place) => {
    const fault = await faultOf(altered(bytes, change));
    expect({ place: fault.place, message: fault.message }).toEqual({ place, message: expect.any(String) });
  });

  it('with a fact revealed that was never recorded', async () => {
    const reveal = [{ pointer: '/data/title', salt: toBase64(new Uint8Array(32)), value: 'x' }];
    const fault = await faultOf(altered(bytes, (b) => (b.events[3].reveal = reveal)));
    expect(fault.place).toBe('/events/3/reveal/0');
  });

  it('with the key and checkpoint of another log', async () => {
    const { key, checkpoint } = bundleIn(other);
    expect((await faultOf(altered(bytes, (b) => Object.assign(b, { key, checkpoint })))).place).toBe('/events/0');
    expect((await faultOf(altered(bytes, (b) => (b.checkpoint = checkpoint)))).place).toBe('/events/0');
  });

  it('with another key than the one that is trusted', async () => {
    const key = 'inforce/0bd66c29fce9bd4b+00000000+AWRX';
    expect((await faultOf(bytes, key)).place).toBe('/key');
  });

  it('when whoever altered it knows how the digest is made', async () => {
    const forged = altered(bytes, (b) => {
      b.events[9].event.data.title = 'Something else';
      withDigest(b);
    });
    expect((await faultOf(forged)).place).toBe('/events/9');
  });

  it.each([
    ['with white space', (text: string) => `${text}\n`],
    ['with its members in another order', (text: string) => JSON.stringify({ versions: 0, ...JSON.parse(text) })],
    ['with a member twice', (text: string) => text.replace('{', '{"answer":1,')],
    ['with an escape that is not needed', (text: string) => text.replace('TikTok', String.raw`\u0054ikTok`)],
    ['with a byte order mark', (text: string) => `\ufeff${text}`],
    ['cut short', (text: string) => text.slice(0, -1)],
    ['empty', () => ''],
    ['of something else', () => '[]'],
    ['that is null', () => 'null'],
    ['with lone surrogates', (text: string) => text.replace('TikTok', String.raw`\ud800`)],
  ])('%s', async (_, change) => {
    const fault = await faultOf(utf8(change(Buffer.from(bytes).toString())));
    expect([fault.kind, fault.place]).toEqual(['malformed', '']);
    expect(fault.message).toMatch(/[^.]\.$/);
  });

  it('that is not UTF-8', async () => {
    expect((await faultOf(Uint8Array.of(0x22, 0xff, 0x22))).message).toContain('UTF-8');
  });
});

it('hashes in plain TypeScript as Node does, at every length around a block', () => {
  for (const length of [...Array(200).keys(), 1000, 65_536, 100_001]) {
    const message = randomBytes(length);
    expect(Buffer.from(ownSha256(message)).toString('hex')).toBe(createHash('sha256').update(message).digest('hex'));
  }
});

it('proves many leaves at once as it proves each by itself', async () => {
  const log = new MemoryEventLog();
  await append(log, 'a', ...Array.from({ length: 700 }, (_, at) => `${at}`));
  const { evidence, sealer, close } = aSealing(log);
  await sealer.seal();
  for (const size of [1, 2, 255, 256, 257, 700]) {
    const inclusion = evidence.store.inclusions(size);
    for (let index = 0; index < size; index += 1)
      expect(inclusion(index)).toEqual(evidence.store.inclusion(index, size));
  }
  await close();
});
