import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, GrowingTree, type Hash, leafHash } from '../../src/audit/merkle.ts';
import { consistencyProof, inclusionProof, rootOf, verifyConsistency, verifyInclusion } from './merkle-proofs.ts';

// The test tree of the Certificate Transparency reference implementation.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => leafHash(Buffer.from(hex, 'hex')),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const CONSISTENCY: [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const INCLUSION: [number, number, string[]][] = [
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
  [
    3,
    8,
    [
      '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    7,
    8,
    [
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];
const hex = (hashes: readonly Hash[]): string[] => hashes.map((hash) => hash.toString('hex'));
const sizes = Array.from({ length: 40 }, (_, index) => index + 1);
const many = sizes.map((size) => leafHash(Buffer.from(String(size))));

describe('the Merkle tree of RFC 9162', () => {
  it('has the roots of the reference tree [AUDIT-010]', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(rootOf([])).toEqual(EMPTY_ROOT);
    expect(ROOTS.map((_, index) => rootOf(LEAVES.slice(0, index + 1)).toString('hex'))).toEqual(ROOTS);
  });

  it('knows its root at every size as it grows [AUDIT-010]', () => {
    const tree = new GrowingTree();
    const roots = LEAVES.map((leaf) => {
      tree.push(leaf);
      return tree.root().toString('hex');
    });
    expect(roots).toEqual(ROOTS);
    expect(tree.size).toBe(8);
  });

  it.each(CONSISTENCY)('proves consistency of %i with %i as the reference does [AUDIT-011]', (older, newer, proof) => {
    expect(hex(consistencyProof(LEAVES.slice(0, newer), older))).toEqual(proof);
  });

  it.each(INCLUSION)('proves inclusion of leaf %i in %i as the reference does [AUDIT-011]', (index, size, proof) => {
    expect(hex(inclusionProof(LEAVES.slice(0, size), index))).toEqual(proof);
  });

  it('verifies every proof up to 40 leaves, and none for another leaf, place or root [AUDIT-011]', () => {
    for (const size of sizes) {
      const leaves = many.slice(0, size);
      const root = rootOf(leaves);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(leaves, index);
        expect(verifyInclusion(leaves[index], index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leafHash(Buffer.from('x')), index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaves[index], index, size, proof, EMPTY_ROOT)).toBe(false);
        expect(verifyInclusion(leaves[index], index, size, [...proof, root], root)).toBe(false);
        if (size > 1) expect(verifyInclusion(leaves[index], (index + 1) % size, size, proof, root)).toBe(false);
      }
    }
  });

  it('verifies every consistency up to 40 leaves, and none with a rewritten past [AUDIT-011]', () => {
    for (const newer of sizes) {
      for (let older = 1; older <= newer; older++) {
        const leaves = many.slice(0, newer);
        const proof = consistencyProof(leaves, older);
        const oldRoot = rootOf(leaves.slice(0, older));
        expect(verifyConsistency(older, newer, proof, oldRoot, rootOf(leaves))).toBe(true);
        const rewritten = leaves.with(0, leafHash(Buffer.from('x')));
        const forged = consistencyProof(rewritten, older);
        expect(verifyConsistency(older, newer, forged, oldRoot, rootOf(rewritten))).toBe(false);
      }
    }
  });

  it('refuses places and sizes that do not exist [AUDIT-011]', () => {
    expect(() => inclusionProof(LEAVES, 8)).toThrow(RangeError);
    expect(() => consistencyProof(LEAVES, 0)).toThrow(RangeError);
    expect(() => consistencyProof(LEAVES, 9)).toThrow(RangeError);
    expect(verifyInclusion(LEAVES[0], 0, 0, [], EMPTY_ROOT)).toBe(false);
    expect(verifyConsistency(0, 8, [], EMPTY_ROOT, rootOf(LEAVES))).toBe(false);
  });
});
