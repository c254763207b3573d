import { expect, it } from 'vitest';
import { BATCH_ROWS, type TableLayout } from '../../src/lib/batch.ts';
import { BatchWriter } from '../../src/store/batch-writer.ts';
import { batchOf } from '../helpers/batch.ts';
import { withStore } from '../helpers/store.ts';

const TABLE: TableLayout = {
  name: 't',
  columns: [
    { name: 'key', type: 'int64' },
    { name: 'code', type: 'int32' },
    { name: 'flag', type: 'uint8' },
    { name: 'text', type: 'utf8' },
    { name: 'note', type: 'utf8', nullable: true },
    { name: 'moment', type: 'timestamp', nullable: true },
  ],
};
const DDL = 'CREATE TABLE t (key BIGINT, code INTEGER, flag UTINYINT, text VARCHAR, note VARCHAR, moment TIMESTAMP)';

type Row = [bigint, number, number, string, string | null, bigint | null];

/** Strings on both sides of the 12 bytes that fit inline, of 1 to 4 bytes a character, NULLs, extreme integers. */
function rowsOf(count: number): Row[] {
  const alphabet = ['a', 'é', '€', '𝒳', ' ', '"', '\n', '<'];
  return Array.from({ length: count }, (_, row): Row => {
    const text = Array.from({ length: row % 37 }, (_, place) => alphabet[(row * 7 + place * 3) % 8]).join('');
    return [
      row === 0 ? -(2n ** 63n) : row === 1 ? 2n ** 63n - 1n : BigInt(row) * 4_294_967_297n - 5n,
      row % 2 === 0 ? row : -row,
      row % 256,
      text,
      row % 5 === 0 ? null : text.toUpperCase(),
      row % 3 === 0 ? null : BigInt(row) * 1_000_003n,
    ];
  });
}

it('lands every value of every type exactly, in batches full or not [STORE-001]', async () => {
  await withStore(async (connection) => {
    const rows = rowsOf(5000);
    await connection.run(DDL);
    const writer = new BatchWriter(connection, 'main', TABLE);
    const borders = [0, BATCH_ROWS, BATCH_ROWS + 1, BATCH_ROWS + 10, 2 * BATCH_ROWS + 10, 5000];
    for (const [index, from] of borders.slice(0, -1).entries()) {
      writer.write(batchOf(TABLE, rows.slice(from, borders[index + 1])));
    }
    writer.close();
    const read = await connection.rows(
      'SELECT key, code, flag, text, note, epoch_us(moment) AS moment FROM t ORDER BY rowid',
    );
    expect(read.map(Object.values)).toEqual(rows);
  });
});

it('keeps bytes that belong to a batch after the batch buffers are filled again [STORE-001]', async () => {
  await withStore(async (connection) => {
    await connection.run(DDL);
    const writer = new BatchWriter(connection, 'main', TABLE);
    const batch = batchOf(TABLE, [[1n, 1, 1, 'a long text beyond twelve bytes', 'another one beyond twelve', 1n]]);
    writer.write(batch);
    for (const column of batch.columns) if (column.kind === 'utf8') column.bytes.fill(0x58);
    writer.write(batchOf(TABLE, [[2n, 1, 1, 'a second text beyond twelve bytes', null, null]]));
    writer.close();
    expect(await connection.rows('SELECT text, note FROM t ORDER BY key')).toEqual([
      { text: 'a long text beyond twelve bytes', note: 'another one beyond twelve' },
      { text: 'a second text beyond twelve bytes', note: null },
    ]);
  });
});

it('refuses a batch of more rows than a vector has [STORE-001]', async () => {
  await withStore(async (connection) => {
    await connection.run(DDL);
    const writer = new BatchWriter(connection, 'main', TABLE);
    expect(() => writer.write(batchOf(TABLE, rowsOf(BATCH_ROWS + 1)))).toThrow('A batch has 2049 rows');
    writer.close();
  });
});

it('is part of the transaction it is used in [STORE-002]', async () => {
  await withStore(async (connection) => {
    await connection.run(DDL);
    await connection.run('BEGIN');
    const writer = new BatchWriter(connection, 'main', TABLE);
    writer.write(batchOf(TABLE, rowsOf(10)));
    writer.close();
    await connection.run('ROLLBACK');
    expect(await connection.rows('SELECT * FROM t')).toEqual([]);
  });
});
