import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import {
  canonicalText,
  compareBytes,
  fromBase64,
  HeadsTree,
  parseTilePath,
  sha256,
  tilePath,
  toBase64,
  utf8,
  verifyConsistency,
  verifyHead,
  verifyInclusion,
} from '#libs/evidence';
import { aTree, must } from '../support/evidence.ts';

const digest = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** MTH of RFC 9162 §2.1.1, as it is written there. */
function textbookRoot(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (!first) return digest();
  if (leaves.length === 1) return digest(Buffer.of(0), first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return digest(Buffer.of(1), textbookRoot(leaves.slice(0, split)), textbookRoot(leaves.slice(split)));
}

const manyLeaves = Array.from({ length: 10_000 }, (_, number) => utf8(`leaf ${number}`));
const manyTree = aTree(manyLeaves);
const size = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }),
  fc.integer({ min: 1, max: 70 }),
  fc.constantFrom(256, 4096, 8192),
);

const agrees = (leaves: number): void =>
  expect(manyTree.root(leaves)).toEqual(textbookRoot(manyLeaves.slice(0, leaves)));

/** Throws when @sigstore/verify does not accept the proof. */
const asked = (leaves: number, index: number, body: Uint8Array): void => {
  const { proof, root } = manyTree.inclusion(index, leaves);
  const hashes = proof.map((hash) => Buffer.from(hash));
  const entry = { inclusionProof: { logIndex: String(index), hashes }, canonicalizedBody: Buffer.from(body) };
  verifyMerkleInclusion(
    // Only what is looked at there.
    Object(entry),
    Object({ logSize: BigInt(leaves), logHash: Buffer.from(root) }),
  );
};

it('agrees with the textbook about every root up to 300 leaves, and about others up to 10,000', () => {
  for (let leaves = 0; leaves <= 300; leaves += 1) agrees(leaves);
  fc.assert(fc.property(size, agrees), { numRuns: 20 });
});

it('gives inclusion proofs that an independent implementation accepts, and only for their own leaf', () => {
  const place = size.chain((leaves) => fc.record({ leaves: fc.constant(leaves), index: fc.nat(leaves - 1) }));
  fc.assert(
    fc.property(place, ({ leaves, index }) => {
      asked(leaves, index, must(manyLeaves[index]));
      expect(() => asked(leaves, index, utf8('another'))).toThrow('does not match');
      expect(verifyInclusion(sha256, manyTree.inclusion(index, leaves))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('proves that any smaller tree begins a larger one, and refuses any other root for it', () => {
  const two = fc.tuple(size, size).map((sizes) => sizes.toSorted((one, other) => one - other));
  fc.assert(
    fc.property(two, fc.nat(31), fc.nat(255), ([from = 0, to = 0], byte, by) => {
      const claim = manyTree.consistency(from, to);
      expect(verifyConsistency(sha256, claim)).toBe(true);
      const bent = (hash: Uint8Array): Uint8Array => hash.map((value, at) => (at === byte ? value ^ (by || 1) : value));
      expect(verifyConsistency(sha256, { ...claim, fromRoot: bent(claim.fromRoot) })).toBe(false);
      expect(verifyConsistency(sha256, { ...claim, toRoot: bent(claim.toRoot) })).toBe(false);
      for (const [at, hash] of claim.proof.entries())
        expect(verifyConsistency(sha256, { ...claim, proof: claim.proof.with(at, bent(hash)) })).toBe(false);
    }),
    { numRuns: 500 },
  );
});

it('refuses an inclusion proof with any byte changed', () => {
  fc.assert(
    fc.property(size, fc.nat(9999), fc.nat(31), fc.integer({ min: 1, max: 255 }), (leaves, at, byte, by) => {
      const claim = manyTree.inclusion(at % leaves, leaves);
      const bent = (hash: Uint8Array): Uint8Array => hash.map((value, place) => (place === byte ? value ^ by : value));
      expect(verifyInclusion(sha256, { ...claim, leafHash: bent(claim.leafHash) })).toBe(false);
      for (const [place, hash] of claim.proof.entries())
        expect(verifyInclusion(sha256, { ...claim, proof: claim.proof.with(place, bent(hash)) })).toBe(false);
    }),
    { numRuns: 300 },
  );
});

it('writes any plain JSON as the package does, whatever the order of its names, and always the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalText(value);
      expect(text).toBe(canonicalize(value));
      expect(canonicalText(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('reads back the base64 that it writes, and no other text for the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(), fc.integer({ min: 1, max: 127 }), (bytes, at, by) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
      const place = at % (text.length || 1);
      const bent = text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ by) + text.slice(place + 1);
      const read = fromBase64(bent);
      if (text !== '' && read) expect(Buffer.from(read).equals(bytes)).toBe(false);
    }),
  );
});

it('names each tile in one way', () => {
  const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
  const tile = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
  fc.assert(fc.property(tile, (name) => expect(parseTilePath(tilePath(name))).toEqual(name)));
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  const wrong = [
    'tile/0/067.p/256',
    'tile/0/067.p/0',
    'tile/00/067',
    'tile/64/067',
    'tile/0/67',
    'tile/0/x000/067',
    'tile/0/067.p/01',
  ];
  expect(wrong.filter((path) => parseTilePath(path))).toEqual([]);
});

it('hashes the heads that have moved, and comes to the same tree as if it were new', () => {
  const head = fc.record({
    stream: fc.integer({ min: 0, max: 40 }).map((number) => `matter-${number}`),
    revision: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(fc.array(head, { minLength: 1 }), { minLength: 1 }), (rounds) => {
      const tree = new HeadsTree(sha256);
      const known = new Map<string, number>();
      for (const round of rounds) {
        for (const { stream, revision } of round) {
          tree.set({ stream, revision });
          known.set(stream, revision);
        }
        const fresh = new HeadsTree(
          sha256,
          [...known].map(([stream, revision]) => ({ stream, revision })),
        );
        expect(tree.heads).toEqual(fresh.heads);
      }
    }),
  );
});

it('proves the head of every stream, and no other', () => {
  const heads = fc.uniqueArray(
    fc.record({ stream: fc.string({ unit: 'grapheme', minLength: 1 }), revision: fc.nat() }),
    {
      selector: ({ stream }) => stream,
      minLength: 1,
    },
  );
  fc.assert(
    fc.property(heads, (all) => {
      const tree = new HeadsTree(sha256, all);
      const sorted = all.toSorted((one, other) => compareBytes(utf8(one.stream), utf8(other.stream)));
      const lines = sorted.map(({ stream, revision }) => utf8(`${stream} ${revision}`));
      expect(tree.heads).toEqual({ streams: all.length, root: new Uint8Array(textbookRoot(lines)) });
      for (const { stream, revision } of all) {
        const proof = must(tree.proof(stream));
        expect(proof.revision).toBe(revision);
        expect(verifyHead(sha256, tree.heads, proof)).toBe(true);
        expect(verifyHead(sha256, tree.heads, { ...proof, revision: revision + 1 })).toBe(false);
      }
    }),
  );
});
