import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { CsvSource } from '../project/source.ts';
import type { LoadContext } from './load-context.ts';

/** Identities of the rows of one delivery, in their order (docs/identity.md, Rows of CSV files). */
export class RowIdentity {
  readonly #prefix: string[];
  readonly #columns: { header: string; index: number }[];
  readonly #earlier = new Map<string, number>();

  constructor({ study }: LoadContext, source: CsvSource, headers: readonly string[]) {
    this.#prefix = [source.system, study.environment, study.id, source.name];
    const keys = source.keys.length > 0 ? source.keys : [...headers].sort();
    this.#columns = keys.map((header) => ({ header, index: headers.indexOf(header) }));
  }

  of(cells: readonly string[]): Buffer {
    const named = this.#columns.flatMap(({ header, index }) => [header, cells[index]]);
    const first = this.#digest([...this.#prefix, ...named, '0']);
    const key = first.toString('latin1', 0, 8);
    const earlier = this.#earlier.get(key) ?? 0;
    this.#earlier.set(key, earlier + 1);
    return earlier === 0 ? first : this.#digest([...this.#prefix, ...named, String(earlier)]);
  }

  #digest(values: readonly string[]): Buffer {
    return createHash('sha256').update(canonicalJson(values)).digest();
  }
}
