import { isAbsolute, join, relative } from 'node:path';
import { sha256OfFile } from '../lib/hash.ts';
import type { Seeds } from '../project/seeds.ts';
import type { Parts } from './fingerprint.ts';
import type { FileReference } from './references.ts';

/** What a SELECT reads in files. */
export interface FilesRead {
  /** SHA-256 of each seed that it reads, by its path from the project. */
  readonly seeds: Readonly<Record<string, string>>;
  /** Whether it reads, or may read, what is no seed and whose content is not known. */
  readonly others: boolean;
}

/** The seeds of a project by their content. Each file is read when it is first asked for, and once. */
export class SeedFiles {
  readonly #root: string;
  readonly #paths: ReadonlySet<string>;
  readonly #hashes = new Map<string, Promise<string>>();

  constructor({ root, paths }: Seeds) {
    this.#root = root;
    this.#paths = new Set(paths);
  }

  /** @param files where a path is computed, it may be any seed, so that all of them count. */
  async read(files: readonly FileReference[]): Promise<FilesRead> {
    const known = files.map(({ path }) => (path === undefined ? undefined : this.#seed(path)));
    const isComputed = files.some(({ path }) => path === undefined);
    const paths = new Set(isComputed ? this.#paths : known.filter((path) => path !== undefined));
    const hashed = [...paths].sort().map(async (path) => [path, await this.#hash(path)] as const);
    return { seeds: Object.fromEntries(await Promise.all(hashed)), others: known.includes(undefined) };
  }

  /** The seed that SQL means by a path, however it is written. */
  #seed(path: string): string | undefined {
    const absolute = isAbsolute(path) ? path : join(this.#root, path);
    const own = relative(this.#root, absolute).replaceAll('\\', '/');
    return this.#paths.has(own) ? own : undefined;
  }

  #hash(path: string): Promise<string> {
    const hash = this.#hashes.get(path) ?? sha256OfFile(join(this.#root, path));
    this.#hashes.set(path, hash);
    return hash;
  }
}

/** The seeds among what a model read: their paths begin so, and no table's name does. */
export function seedsIn({ reads }: Pick<Parts, 'reads'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(reads).filter(([name]) => name.startsWith('data/')));
}
