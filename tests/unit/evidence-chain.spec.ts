import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#libs/event-log';
import {
  audit,
  type Chain,
  formatVerifierKey,
  hasSigned,
  KEY_ROTATED,
  type KeyRotated,
  nextStep,
  rotationText,
  sha256,
  SigningKeys,
} from '#libs/evidence';
import { signedNote, verifierOf } from '../../libs/evidence/src/seal/signing-keys.ts';
import { append, OtherLog, SECRET } from '../support/evidence.ts';

const origin = 'example.com/log';
const keys = new SigningKeys(SECRET);
const [old, next] = [keys.generation(1), keys.generation(2)];
const before: Chain = { origin, key: verifierOf(origin, old), generation: 1 };
const to = verifierOf(origin, next);
const text = rotationText(before, to);
const rotation: KeyRotated = {
  from: formatVerifierKey(before.key),
  to: formatVerifierKey(to),
  generation: 2,
  note: signedNote(origin, text, [old, next]),
};
const step = (data: KeyRotated): Chain => nextStep(sha256, hasSigned, before, { type: KEY_ROTATED, data }).chain;

describe('a hand-over', () => {
  it('leads to the next key when both have signed it', () => {
    expect(step(rotation)).toEqual({ origin, key: to, generation: 2 });
  });

  it.each<[string, KeyRotated, string]>([
    [
      'the old key has not signed',
      { ...rotation, note: signedNote(origin, text, [next]) },
      'the old key has not signed it',
    ],
    ['the new key has not signed', { ...rotation, note: signedNote(origin, text, [old]) }, 'the new key has not'],
    ['is from another key', { ...rotation, from: rotation.to }, 'does not hand over the key of the log'],
    ['skips a generation', { ...rotation, generation: 3 }, 'not the next one'],
    [
      'was signed for something else',
      { ...rotation, note: signedNote(origin, `${text}x\n`, [old, next]) },
      'something else',
    ],
  ])('that %s is refused', (_, data, why) => {
    expect(() => step(data)).toThrow(why);
  });
});

it('a stream with a gap is found, though nothing was signed and nothing taken in', async () => {
  const log = new MemoryEventLog();
  await append(log, 'matter-a', 'one', 'two', 'three');
  const events = await Array.fromAsync(log.readAll());
  const { findings } = await audit({ log: new OtherLog(events.toSpliced(1, 1)) });
  expect(findings).toMatchObject([
    { kind: 'log', index: 1, event: events[2]?.id, what: expect.stringContaining('revision 1 is missing') },
  ]);
});
