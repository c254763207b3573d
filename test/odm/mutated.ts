import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '../helpers/shared-data.ts';
import { mutate } from './differential/mutate.ts';
import { Random } from './differential/random.ts';

const LONGEST = 120_000;

/** The real ODM files, and how to spoil them: the mutation of a seed is always the same. */
export class RealFiles {
  readonly #files: readonly Buffer[];

  constructor() {
    const found = readdirSync(sharedData('odm'), { recursive: true, encoding: 'utf8' }).sort();
    const files = found
      .filter((file) => /\.xml(\.gz)?$/.test(file))
      .map((file) => {
        const bytes = readFileSync(join(sharedData('odm'), file));
        return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      });
    this.#files = files.filter(({ length }) => length <= LONGEST);
  }

  get count(): number {
    return this.#files.length;
  }

  file(index: number): Buffer {
    return this.#files[index];
  }

  /** Every StudyOID that they name. */
  studyOids(): string[] {
    const named = this.#files.flatMap((file) => [
      ...file.toString('latin1').matchAll(/StudyOID\s*=\s*"([^"]+)"|<Study\s[^>]*?\bOID="([^"]+)"/g),
    ]);
    return [...new Set(['S', ...named.map(([, data, study]) => data ?? study)])];
  }

  /** A file with one to four things done to it; now and then the rest of another file follows. */
  mutation(seed: number): Buffer {
    const random = new Random(seed);
    let document = random.of(this.#files);
    if (random.chance(0.1)) {
      const other = random.of(this.#files);
      document = Buffer.concat([
        document.subarray(0, random.integer(document.length)),
        other.subarray(random.integer(other.length)),
      ]);
    }
    for (let times = 1 + random.integer(4); times > 0; times--) document = mutate(document, random);
    return document;
  }
}
