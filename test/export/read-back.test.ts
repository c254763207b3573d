import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveDataset } from '../../src/export/dataset.ts';
import { EXPORT_FORMATS, type ExportFormatName } from '../../src/export/formats.ts';
import { silent } from '../../src/lib/events.ts';
import { dataset, fixture } from './fixture.ts';

const TABLE = `CREATE TABLE sdtm.xx AS SELECT * FROM (VALUES (1, 'one', 1.5), (2, 'two', NULL), (3, NULL, -2)) AS t(SEQ, TERM, RES)`;

/** Writes a file, changes the table or the file behind its back, and reads it back. */
async function readBack(
  name: ExportFormatName,
  change: { sql?: string; bytes?: (bytes: Buffer) => Buffer },
): Promise<void> {
  const { connection, folder } = await fixture([TABLE]);
  const columns = { TERM: { label: 'Term' } };
  const resolved = await resolveDataset(connection, dataset('XX', { keys: ['SEQ'], columns }));
  const plan = await EXPORT_FORMATS[name].plan(resolved, { connection, stamp: new Date(0), events: silent });
  const path = join(folder, 'file');
  await plan.write(path);
  if (change.sql !== undefined) await connection.run(change.sql);
  if (change.bytes !== undefined) writeFileSync(path, change.bytes(readFileSync(path)));
  await plan.verify(path);
}

const replace = (from: string, to: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

const after = 'the file that was written does not hold what sdtm.xx holds.';

describe.each(['xpt', 'parquet', 'csv'] as const)('the read-back of %s', (format) => {
  it('passes an unchanged file [EXPORT-030]', async () => {
    await readBack(format, {});
  });

  it.each([
    ['a changed text', `UPDATE sdtm.xx SET TERM = 'Two' WHERE SEQ = 2`, 'XX.TERM, row 2', 'XX, row 2'],
    ['a number that became null', 'UPDATE sdtm.xx SET RES = NULL WHERE SEQ = 3', 'XX.RES, row 3', 'XX, row 3'],
    ['a null that became a number', 'UPDATE sdtm.xx SET RES = 0 WHERE SEQ = 2', 'XX.RES, row 2', 'XX, row 2'],
    ['a row too many', 'DELETE FROM sdtm.xx WHERE SEQ = 3', 'XX, the number of its rows', 'XX, row 3'],
    ['a row too few', `INSERT INTO sdtm.xx VALUES (4, NULL, NULL)`, 'XX.SEQ, row 4', 'XX, row 4'],
    ['rows in another order', 'UPDATE sdtm.xx SET SEQ = 4 - SEQ', 'XX.RES, row 1', 'XX, row 1'],
  ])('finds %s [EXPORT-030]', async (_, sql, inXpt, inOthers) => {
    await expect(readBack(format, { sql })).rejects.toMatchObject({
      kind: 'fault',
      code: 'EXPORT_READ_BACK',
      message: `${format === 'xpt' ? inXpt : inOthers}: ${after}`,
    });
  });
});

describe('the read-back', () => {
  it.each([
    ['xpt', 'Term ', 'Turm ', `XX, the description of its variables: ${after}`],
    ['xpt', 'XX      SASDATA', 'XY      SASDATA', `XX, its name or label: ${after}`],
    ['csv', 'TERM', 'TURM', `XX, row 0: ${after}`],
  ] as const)('finds a changed name or label in %s: %s [EXPORT-030]', async (format, from, to, message) => {
    await expect(readBack(format, { bytes: replace(from, to) })).rejects.toMatchObject({ message });
  });

  it('finds a column of another type in Parquet [EXPORT-030]', async () => {
    const sql = `CREATE OR REPLACE TABLE sdtm.xx AS SELECT SEQ, TERM, RES FROM sdtm.xx`;
    const { connection, folder } = await fixture([TABLE]);
    const resolved = await resolveDataset(connection, dataset('XX'));
    const plan = await EXPORT_FORMATS.parquet.plan(resolved, { connection, stamp: new Date(0), events: silent });
    const path = join(folder, 'file');
    await connection.run(sql);
    await connection.run(`COPY (SELECT SEQ::BIGINT AS SEQ, TERM, RES FROM sdtm.xx) TO '${path}' (FORMAT parquet)`);
    await expect(plan.verify(path)).rejects.toMatchObject({ message: `XX, the types of its columns: ${after}` });
  });
});
