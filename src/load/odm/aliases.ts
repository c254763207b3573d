import type { BatchSink, TableLayout } from '../../lib/batch.ts';
import { setInt64, Table } from '../../odm/columns.ts';
import type { SubjectAlias } from '../../odm/reader.ts';

const LAYOUT: TableLayout = {
  name: 'subject_alias',
  columns: [
    { name: 'key', type: 'int64' },
    { name: 'subject_identity', type: 'int64' },
    { name: 'alias_kind', type: 'utf8' },
    { name: 'alias', type: 'utf8' },
    { name: 'valid_from', type: 'utf8', nullable: true },
  ],
};

/** Rows of raw.subject_alias, passed on in batches: an audit stream says names again and again. */
export class Aliases {
  readonly #table: Table;
  readonly #keys: Int32Array;
  readonly #identities: BigInt64Array;

  constructor(sink: BatchSink) {
    this.#table = new Table(LAYOUT, sink);
    this.#keys = this.#table.words('key');
    const identities = this.#table.words('subject_identity');
    this.#identities = new BigInt64Array(identities.buffer, identities.byteOffset, identities.length / 2);
  }

  add({ key, subjectIdentity, kind, alias }: SubjectAlias): void {
    const row = this.#table.length;
    setInt64(this.#keys, row, key);
    this.#identities[row] = subjectIdentity;
    this.#table.text('alias_kind').putText(kind);
    this.#table.text('alias').putText(alias);
    this.#table.next();
  }

  flush(): void {
    this.#table.flush();
  }
}
