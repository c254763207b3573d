import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveDataset } from '../../src/export/dataset.ts';
import { withValuesHidden } from '../../src/export/duckdb-error.ts';
import { EXPORT_FORMATS } from '../../src/export/formats.ts';
import { silent } from '../../src/lib/events.ts';
import type { ExportFormatName } from '../../src/project/configuration.ts';
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

describe('an error of DuckDB', () => {
  const SECRET = 'Anna Secret 1970';

  it.each(['xpt', 'parquet', 'csv'] as const)(
    'about the data of a view shows nothing of it, in %s [EXPORT-013]',
    async (format) => {
      const study = await fixture([
        `CREATE VIEW sdtm.xx AS SELECT '${SECRET}'::INTEGER::VARCHAR AS TERM FROM range(1)`,
      ]);
      const error = await study.exportAll([dataset('XX')], { formats: [format] }).catch((thrown) => thrown);
      expect(error).toMatchObject({
        kind: 'data',
        code: 'EXPORT_SQL',
        message: 'XX: sdtm.xx cannot be read to its end (Conversion Error).',
        next: 'Nothing was exported. Run FROM sdtm.xx in a client to see the value that it stumbles over.',
      });
      expect(error.cause).toBeUndefined();
    },
  );

  it('about a file that it cannot read back shows nothing of it [EXPORT-013, EXPORT-030]', async () => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT '${SECRET}' AS TERM`]);
    const resolved = await resolveDataset(study.connection, dataset('XX'));
    const work = () => study.connection.run(`FROM (SELECT '${SECRET}'::INTEGER)`);
    expect(await withValuesHidden(resolved, 'read back', work).catch((thrown) => thrown)).toMatchObject({
      kind: 'fault',
      code: 'EXPORT_READ_BACK',
      message: `XX, which DuckDB cannot read (Conversion Error): ${after}`,
      cause: undefined,
    });
  });

  it('about the machine is told as it is, and a full disk by its code [EXPORT-013]', async () => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT 1 AS TERM`]);
    const resolved = await resolveDataset(study.connection, dataset('XX'));
    const thrown = (message: string) =>
      withValuesHidden(resolved, 'read', () => Promise.reject(new Error(message))).catch((error) => error);
    expect(await thrown('IO Error: Cannot open file "/w/ae.csv"')).toMatchObject({
      message: 'IO Error: Cannot open file "/w/ae.csv"',
    });
    expect(await thrown('IO Error: Could not write file "/w/ae.csv": No space left on device')).toMatchObject({
      code: 'STORE_NO_ROOM',
    });
  });
});
