import { GrowingTree, type Hash, nodeHash } from '../../src/audit/merkle.ts';

/*
 * The proofs of RFC 9162, as any tool can compute them from ledger.jsonl: what the roots of checkpoints are made for.
 */

/** The root over these leaf hashes. */
export function rootOf(leaves: readonly Hash[]): Hash {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.push(leaf);
  return tree.root();
}

/** PATH(m, D_n) of RFC 9162, 2.1.3.1: the hashes that lead from leaf `index` (from 0) to the root over `leaves`. */
export function inclusionProof(leaves: readonly Hash[], index: number): Hash[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError(`no leaf ${index}`);
  if (leaves.length === 1) return [];
  const split = largestPowerBelow(leaves.length);
  return index < split
    ? [...inclusionProof(leaves.slice(0, split), index), rootOf(leaves.slice(split))]
    : [...inclusionProof(leaves.slice(split), index - split), rootOf(leaves.slice(0, split))];
}

/** PROOF(m, D_n) of RFC 9162, 2.1.4.1: shows that the tree over the first `size` leaves is the start of this one. */
export function consistencyProof(leaves: readonly Hash[], size: number): Hash[] {
  if (!Number.isInteger(size) || size < 1 || size > leaves.length) throw new RangeError(`no tree of size ${size}`);
  return subproof(leaves, size, true);
}

function subproof(leaves: readonly Hash[], size: number, known: boolean): Hash[] {
  if (size === leaves.length) return known ? [] : [rootOf(leaves)];
  const split = largestPowerBelow(leaves.length);
  return size <= split
    ? [...subproof(leaves.slice(0, split), size, known), rootOf(leaves.slice(split))]
    : [...subproof(leaves.slice(split), size - split, false), rootOf(leaves.slice(0, split))];
}

/** RFC 9162, 2.1.3.2: whether `proof` shows that `leaf` stands at `index` of the tree of `size` leaves under `root`. */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      for (; !isOdd(place) && place !== 0; place = half(place)) last = half(last);
    } else {
      hash = nodeHash(hash, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && hash.equals(root);
}

/** RFC 9162, 2.1.4.2: whether `proof` shows that the tree under `oldRoot` is the start of the tree under `newRoot`. */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  proof: readonly Hash[],
  oldRoot: Hash,
  newRoot: Hash,
): boolean {
  if (!Number.isInteger(oldSize) || oldSize < 1 || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && oldRoot.equals(newRoot);
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let place = oldSize - 1;
  let last = newSize - 1;
  for (; isOdd(place); place = half(place)) last = half(last);
  let older = path[0];
  let newer = path[0];
  for (const hash of path.slice(1)) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      for (; !isOdd(place) && place !== 0; place = half(place)) last = half(last);
    } else {
      newer = nodeHash(newer, hash);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && older.equals(oldRoot) && newer.equals(newRoot);
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
