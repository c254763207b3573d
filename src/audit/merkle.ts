import { createHash } from 'node:crypto';

/** A SHA-256 hash, 32 bytes. */
export type Hash = Buffer;

/** The root of the empty tree: SHA-256 of nothing (RFC 9162, 2.1.1). */
export const EMPTY_ROOT: Hash = createHash('sha256').digest();

/** SHA-256 of 0x00 and the entry (RFC 9162, 2.1.1). */
export function leafHash(entry: Uint8Array): Hash {
  return createHash('sha256').update(Uint8Array.of(0)).update(entry).digest();
}

/** SHA-256 of 0x01 and the two hashes below (RFC 9162, 2.1.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
}

/**
 * A Merkle tree that grows to the right, of which only the roots of its complete subtrees are kept: the memory of a
 * tree of n leaves is log2(n) hashes.
 */
export class GrowingTree {
  readonly #subtrees: Hash[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(leaf: Hash): void {
    let root = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) root = nodeHash(this.#subtrees.pop()!, root);
    this.#subtrees.push(root);
    this.#size += 1;
  }

  /** MTH(D_n) of RFC 9162, 2.1.1. */
  root(): Hash {
    return (
      this.#subtrees.reduceRight<Hash | undefined>(
        (right, left) => (right === undefined ? left : nodeHash(left, right)),
        undefined,
      ) ?? EMPTY_ROOT
    );
  }
}
