import { isAbsolute, join, relative } from 'node:path';
import { sha256OfFile } from '../../lib/hash.ts';
import type { Seeds } from '../../project/seeds.ts';
import { isElsewhere } from '../../store/elsewhere.ts';
import type { FileReference } from './references.ts';

/** The seeds of a project by their content. Each file is read when it is first asked for, and once. */
export class SeedFiles {
  readonly #root: string;
  readonly #paths: ReadonlySet<string>;
  readonly #hashes = new Map<string, Promise<string>>();

  constructor({ root, paths }: Seeds) {
    this.#root = root;
    this.#paths = new Set(paths);
  }

  /** The seed that SQL means by a path, however it is written, by its path from the project. */
  named({ path }: FileReference): string | undefined {
    if (path === undefined) return undefined;
    const absolute = isAbsolute(path) ? path : join(this.#root, path);
    const own = relative(this.#root, absolute).replaceAll('\\', '/');
    return this.#paths.has(own) ? own : undefined;
  }

  /** Whether DuckDB would read another file than the seed that is named. */
  isHidden({ path }: FileReference): boolean {
    return path !== undefined && !isAbsolute(path) && isElsewhere(this.#root, path);
  }

  /** SHA-256 of each of these seeds, by its path from the project. */
  async hashes(paths: Iterable<string>): Promise<Record<string, string>> {
    const hashed = [...new Set(paths)].sort().map(async (path) => [path, await this.#hash(path)] as const);
    return Object.fromEntries(await Promise.all(hashed));
  }

  #hash(path: string): Promise<string> {
    const hash = this.#hashes.get(path) ?? sha256OfFile(join(this.#root, path));
    this.#hashes.set(path, hash);
    return hash;
  }
}
