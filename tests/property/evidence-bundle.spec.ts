import * as fc from 'fast-check';
import { BundleFault, sha256, verifyBundle, verifyEd25519 } from '#libs/evidence';
import { aBundle } from '../support/bundle.ts';

const verifier = { sha256, verify: verifyEd25519 };

it('no byte of a bundle can be flipped unnoticed', async () => {
  const bytes = await aBundle('us-chip-controls', { clocks: { at: '2026-01-20' } });
  const places = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ bits;
      const fault = await verifyBundle(flipped, verifier).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(BundleFault);
      if (fault instanceof BundleFault) places.add(`${fault.place} ${fault.message}`);
    }),
    { numRuns: 2000 },
  );
  // Each says where: an event, a proof, the answer, the checkpoint, or from which character on the text is no bundle.
  expect(places.size).toBeGreaterThan(200);
}, 120_000);

it('no letter of a bundle can be put in the place of another unnoticed', async () => {
  const bytes = await aBundle('us-chip-controls', { clocks: { at: '2026-01-20' } });
  const text = Buffer.from(bytes).toString('latin1');
  const letters = [...text.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...letters),
      fc.constantFrom('0', '7', '9', 'a', 'f', 'X', 'Z'),
      async (at, letter) => {
        fc.pre(text[at] !== letter);
        const changed = Buffer.from(text.slice(0, at) + letter + text.slice(at + 1), 'latin1');
        await expect(verifyBundle(changed, verifier)).rejects.toBeInstanceOf(BundleFault);
      },
    ),
    { numRuns: 500 },
  );
}, 120_000);
