import { createHash } from 'node:crypto';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { CsvSource } from '../../project/source.ts';
import type { LoadContext } from '../load-context.ts';

/** How many rows of a delivery had each array so far, by its digest. */
export type EarlierRows = Map<string, number>;

export interface RowIdentities {
  /** 32 bytes, of which the first eight are the identity. */
  readonly own: Buffer;
  /** The same of the first row of the delivery that has the same keys; undefined where it is that row, or has no keys. */
  readonly repeated?: Buffer;
}

/** Identities of the rows of one part, in their order (docs/identity.md, Rows of CSV files). */
export class RowIdentity {
  readonly #prefix: string[];
  readonly #columns: { header: string; index: number }[];
  readonly #earlier: EarlierRows;
  readonly #hasKeys: boolean;

  /** @param earlier of the parts of the delivery before this one; goes on growing */
  constructor({ study }: LoadContext, source: CsvSource, headers: readonly string[], earlier: EarlierRows) {
    this.#earlier = earlier;
    this.#hasKeys = source.keys.length > 0;
    this.#prefix = [source.system, study.environment, study.id, source.name];
    const keys = source.keys.length > 0 ? source.keys : [...headers].sort();
    this.#columns = keys.map((header) => ({ header, index: headers.indexOf(header) }));
  }

  of(cells: readonly string[]): RowIdentities {
    const named = this.#columns.flatMap(({ header, index }) => [header, cells[index]]);
    const first = this.#digest([...this.#prefix, ...named, '0']);
    // The whole digest: two arrays that share no more than its first eight bytes must not pass for one.
    const key = first.toString('latin1');
    const earlier = this.#earlier.get(key) ?? 0;
    this.#earlier.set(key, earlier + 1);
    if (earlier === 0) return { own: first };
    const own = this.#digest([...this.#prefix, ...named, String(earlier)]);
    return this.#hasKeys ? { own, repeated: first } : { own };
  }

  #digest(values: readonly string[]): Buffer {
    return createHash('sha256').update(canonicalJson(values)).digest();
  }
}
