import { describe, expect, it } from '@jest/globals';
import {
  consistencyProof,
  hashLeaf,
  hashNode,
  inclusionProof,
  sha256,
  treeRoot,
  utf8,
  verifyConsistency,
  verifyInclusion,
} from '#libs/evidence';
import { aTree, hexOf, reversedBits } from '../support/evidence.ts';

/** The eight leaves that Certificate Transparency's implementations are all tested with (RFC 6962's authors' own). */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
/** Their roots, for trees of none to eight of them. */
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const left = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const secondPair = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const rightHalf = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const fifth = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const fourth = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7';
const fourthPair = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const seventh = 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f';
const thirdPair = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';

const tree = aTree(leaves.map((leaf) => Buffer.from(leaf, 'hex')));

describe('the tree of RFC 6962', () => {
  it('prefixes leaves and nodes, so that neither passes for the other', () => {
    expect(hexOf(hashLeaf(sha256, utf8('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
    expect(hexOf(hashNode(sha256, utf8('N123'), utf8('N456')))).toBe(
      'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
    );
  });

  it('has the published roots', () => {
    expect(roots.map((_, size) => hexOf(treeRoot(sha256, size, tree.node)))).toEqual(roots);
  });

  it.each([
    [0, 1, []],
    [0, 8, [left, secondPair, rightHalf]],
    [5, 8, [fifth, fourthPair, fourth]],
    [2, 3, [roots[2]]],
    [1, 5, [roots[1], secondPair, fifth]],
  ])('proves that leaf %d is in a tree of %d as published', (index, size, published) => {
    const proof = inclusionProof(sha256, index, size, tree.node);
    expect(proof.map(hexOf)).toEqual(published);
    expect(verifyInclusion(sha256, tree.inclusion(index, size))).toBe(true);
  });

  it.each([
    [1, 1, []],
    [1, 8, [left, secondPair, rightHalf]],
    [6, 8, [thirdPair, fourthPair, fourth]],
    [2, 5, [secondPair, fifth]],
    [6, 7, [thirdPair, seventh, fourth]],
  ])('proves that a tree of %d is the beginning of one of %d as published', (from, to, published) => {
    const proof = consistencyProof(sha256, from, to, tree.node);
    expect(proof.map(hexOf)).toEqual(published);
    expect(verifyConsistency(sha256, tree.consistency(from, to))).toBe(true);
  });

  it('refuses a proof that is one hash short, one hash long, of another leaf, size or root', () => {
    for (const [index, size] of [
      [0, 8],
      [5, 8],
      [2, 3],
      [1, 5],
      [6, 7],
    ] as const) {
      const claim = tree.inclusion(index, size);
      const [first] = claim.proof;
      if (!first) throw new Error('a tree of two or more leaves has a proof');
      const wrong = [
        { ...claim, proof: claim.proof.slice(1) },
        { ...claim, proof: claim.proof.slice(0, -1) },
        { ...claim, proof: [...claim.proof, first] },
        { ...claim, proof: [first, ...claim.proof] },
        { ...claim, proof: [new Uint8Array(), ...claim.proof] },
        { ...claim, proof: claim.proof.with(0, reversedBits(first)) },
        { ...claim, proof: claim.proof.with(0, first.subarray(1)) },
        { ...claim, index: (index + 1) % size },
        { ...claim, index: -1 },
        { ...claim, index: index + 0.5 },
        { ...claim, index: size },
        { ...claim, size: size * 2 },
        { ...claim, size: 0 },
        { ...claim, root: claim.leafHash },
        { ...claim, leafHash: claim.root },
      ];
      expect(wrong.filter((each) => verifyInclusion(sha256, each))).toEqual([]);
    }
  });

  it('refuses a proof of consistency between trees that are not each other’s beginning', () => {
    for (const [from, to] of [
      [1, 8],
      [6, 8],
      [2, 5],
      [6, 7],
      [4, 8],
      [3, 7],
    ] as const) {
      const claim = tree.consistency(from, to);
      const [first] = claim.proof;
      if (!first) throw new Error('there is a proof between different sizes');
      const wrong = [
        { ...claim, proof: [] },
        { ...claim, proof: claim.proof.slice(1) },
        { ...claim, proof: claim.proof.slice(0, -1) },
        { ...claim, proof: [...claim.proof, first] },
        { ...claim, proof: [first, ...claim.proof] },
        { ...claim, proof: claim.proof.with(0, reversedBits(first)) },
        { ...claim, fromRoot: claim.toRoot },
        { ...claim, toRoot: claim.fromRoot },
        { ...claim, from: to, to: from },
        { ...claim, from: from + 1 },
        { ...claim, from: from - 1 },
        { ...claim, to: to * 2 },
        { ...claim, from: 0 },
      ];
      expect(wrong.filter((each) => verifyConsistency(sha256, each))).toEqual([]);
    }
  });

  it('says that the empty tree begins every other, and only with the hash of nothing', () => {
    const claim = { from: 0, to: 5, fromRoot: tree.root(0), toRoot: tree.root(5), proof: [] };
    expect(verifyConsistency(sha256, claim)).toBe(true);
    expect(verifyConsistency(sha256, { ...claim, fromRoot: tree.root(1) })).toBe(false);
    expect(verifyConsistency(sha256, { ...claim, to: 0, toRoot: tree.root(0) })).toBe(true);
  });

  it('has no proof of what is not in it', () => {
    expect(() => inclusionProof(sha256, 8, 8, tree.node)).toThrow(RangeError);
    expect(() => consistencyProof(sha256, 9, 8, tree.node)).toThrow(RangeError);
  });
});
