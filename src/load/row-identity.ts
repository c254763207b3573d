import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { CsvSource } from '../project/source.ts';
import type { LoadContext } from './load-context.ts';

/** How many rows of a delivery had each array so far, by its digest. */
export type EarlierRows = Map<string, number>;

/** Identities of the rows of one part, in their order (docs/identity.md, Rows of CSV files). */
export class RowIdentity {
  readonly #prefix: string[];
  readonly #columns: { header: string; index: number }[];
  readonly #earlier: EarlierRows;

  /** @param earlier of the parts of the delivery before this one; goes on growing */
  constructor({ study }: LoadContext, source: CsvSource, headers: readonly string[], earlier: EarlierRows) {
    this.#earlier = earlier;
    this.#prefix = [source.system, study.environment, study.id, source.name];
    const keys = source.keys.length > 0 ? source.keys : [...headers].sort();
    this.#columns = keys.map((header) => ({ header, index: headers.indexOf(header) }));
  }

  of(cells: readonly string[]): Buffer {
    const named = this.#columns.flatMap(({ header, index }) => [header, cells[index]]);
    const first = this.#digest([...this.#prefix, ...named, '0']);
    // The whole digest: two arrays that share no more than its first eight bytes must not pass for one.
    const key = first.toString('latin1');
    const earlier = this.#earlier.get(key) ?? 0;
    this.#earlier.set(key, earlier + 1);
    return earlier === 0 ? first : this.#digest([...this.#prefix, ...named, String(earlier)]);
  }

  #digest(values: readonly string[]): Buffer {
    return createHash('sha256').update(canonicalJson(values)).digest();
  }
}
