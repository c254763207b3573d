import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataset, type Fixture, fixture } from './fixture.ts';

const AE = `CREATE TABLE sdtm.ae AS SELECT * FROM (VALUES
  ('S-2', 1::INTEGER, 'Headache, mild', 1.50::DECIMAL(6,2), 0.1::DOUBLE, [7::BIGINT]),
  ('S-1', 2::INTEGER, NULL, NULL, -118.625, [1::BIGINT, 2]),
  ('S-1', 1::INTEGER, 'a text that is longer than twelve bytes', -0.25, NULL, [9::BIGINT])
) AS t(USUBJID, AESEQ, AETERM, AEDOSE, AERES, _rows)`;

/** Every file under the export directory, with forward slashes. */
function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

function csvOf({ directory }: Fixture, name: string): string {
  return readFileSync(join(directory, `csv/${name}.csv`), 'utf8');
}

describe('exportDatasets', () => {
  it('writes every dataset in every format and says what it wrote [EXPORT-020]', async () => {
    const study = await fixture([AE]);
    const files = await study.exportAll([dataset('AE', { keys: ['USUBJID', 'AESEQ'] })]);
    expect(files.map((file) => [file.path, file.format])).toEqual([
      ['xpt/ae.xpt', 'xpt'],
      ['parquet/ae.parquet', 'parquet'],
      ['csv/ae.csv', 'csv'],
    ]);
    expect(filesIn(study.directory)).toEqual(files.map((file) => file.path).sort());
    for (const file of files) {
      const bytes = readFileSync(join(study.directory, file.path));
      expect(file).toMatchObject({ dataset: 'AE', rows: 3, bytes: bytes.length });
      expect(file.columns).toEqual(['USUBJID', 'AESEQ', 'AETERM', 'AEDOSE', 'AERES']);
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('orders rows by the keys, then by every exported column, bytewise, nulls first [EXPORT-021]', async () => {
    const study = await fixture([
      `CREATE TABLE sdtm.xx (A VARCHAR, K VARCHAR COLLATE NOCASE, _rows BIGINT)`,
      `INSERT INTO sdtm.xx VALUES ('2', 'b', 1), ('1', 'b', 2), (NULL, 'b', 3), ('9', 'B', 4), ('8', 'a', 5), ('7', 'é', 6), ('6', NULL, 7)`,
    ]);
    await study.exportAll([dataset('XX', { keys: ['K'] })], { formats: ['csv'] });
    expect(csvOf(study, 'xx')).toBe('A,K\n6,\n9,B\n8,a\n,b\n1,b\n2,b\n7,é\n');
  });

  it('never exports a column whose name begins with _ nor orders by one [EXPORT-021] [EXPORT-022]', async () => {
    const texts: string[] = [];
    for (const rows of ['1 AS _rows UNION ALL SELECT 1, 2', '2 AS _rows UNION ALL SELECT 1, 1']) {
      const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT 1 AS A, ${rows}`]);
      await study.exportAll([dataset('XX')], { formats: ['csv'] });
      texts.push(csvOf(study, 'xx'));
    }
    expect(texts).toEqual(['A\n1\n1\n', 'A\n1\n1\n']);
  });

  it('gives the same bytes for any order of load and 1, 2 or 4 threads [EXPORT-023]', async () => {
    const hashes = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const study = await fixture(
        [
          `CREATE TABLE sdtm.xx AS SELECT 'S-' || (i % 977) AS USUBJID, (i // 977)::INTEGER AS XXSEQ, i % 7 AS XXVISIT,
             CASE WHEN i % 5 <> 0 THEN 'Result text ' || (i % 1000) END AS XXORRES, (i % 1000) / 10 AS XXSTRESN,
             CASE WHEN i % 2 = 0 THEN -0.0::DOUBLE * -(i % 3) ELSE 0 END AS XXZERO, ${threads} * i AS _rows
           FROM range(200000) AS r(i) ORDER BY hash(i * ${threads})`,
        ],
        threads,
      );
      const keys = ['USUBJID'];
      for (const file of await study.exportAll([dataset('XX', { keys })])) hashes.add(`${file.path} ${file.sha256}`);
    }
    expect(hashes.size).toBe(3);
  });

  it('writes negative zero as zero, in every format [EXPORT-023]', async () => {
    const study = await fixture(['CREATE TABLE sdtm.xx (A DOUBLE, B FLOAT)']);
    await study.connection.run(`INSERT INTO sdtm.xx VALUES ('-0.0'::VARCHAR::DOUBLE, '-0.0'::VARCHAR::FLOAT)`);
    await study.exportAll([dataset('XX')]);
    expect(csvOf(study, 'xx')).toBe('A,B\n0.0,0.0\n');
  });

  it('writes nothing at all where one of several datasets is refused [EXPORT-024]', async () => {
    const study = await fixture([AE, `CREATE TABLE sdtm.xx AS SELECT chr(233) AS A`]);
    await expect(study.exportAll([dataset('AE'), dataset('XX')])).rejects.toMatchObject({ code: 'XPT_NOT_ASCII' });
    expect(existsSync(study.directory)).toBe(false);
    expect(await study.connection.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves nothing half-written, and the files of before, where writing fails [EXPORT-024]', async () => {
    const study = await fixture([AE, `CREATE TABLE sdtm.xx AS SELECT 'x' AS A`]);
    await study.exportAll([dataset('AE')], { formats: ['xpt', 'csv'] });
    const before = readFileSync(join(study.directory, 'xpt/ae.xpt'));
    await study.connection.run(`UPDATE sdtm.ae SET AETERM = 'changed'`);
    writeFileSync(join(study.directory, 'parquet'), 'a file where a folder is needed');
    await expect(
      study.exportAll([dataset('AE'), dataset('XX')], { formats: ['xpt', 'csv', 'parquet'] }),
    ).rejects.toThrow();
    expect(filesIn(study.directory)).toEqual(['csv/ae.csv', 'parquet', 'xpt/ae.xpt']);
    expect(readFileSync(join(study.directory, 'xpt/ae.xpt'))).toEqual(before);
  });

  it('leaves nothing where a query fails in the middle, and the connection usable [EXPORT-024]', async () => {
    const study = await fixture([
      `CREATE TABLE sdtm.base AS SELECT range AS i FROM range(100000)`,
      `CREATE VIEW sdtm.xx AS SELECT i AS A, CASE WHEN i = 99999 THEN error('broken') ELSE 'x' END AS B FROM sdtm.base`,
    ]);
    for (const format of ['xpt', 'parquet', 'csv'] as const) {
      await expect(study.exportAll([dataset('XX')], { formats: [format] })).rejects.toMatchObject({
        code: 'EXPORT_SQL',
      });
      expect(filesIn(study.directory)).toEqual([]);
    }
    expect(await study.connection.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('replaces what a killed export left behind [EXPORT-024]', async () => {
    const study = await fixture([AE]);
    mkdirSync(join(study.directory, 'xpt'), { recursive: true });
    writeFileSync(join(study.directory, 'xpt/.ae.xpt.partial'), 'rest');
    await study.exportAll([dataset('AE')], { formats: ['xpt'] });
    expect(filesIn(study.directory)).toEqual(['xpt/ae.xpt']);
  });

  it('exports views, and what a directory with *, ? and [ in its name holds [EXPORT-020]', async () => {
    const study = await fixture([AE, 'CREATE VIEW sdtm.xx AS SELECT USUBJID FROM sdtm.ae']);
    const directory = join(study.folder, 'a[1] *?');
    const files = await study.exportAll([dataset('XX')], { directory });
    expect(filesIn(directory)).toEqual(files.map((file) => file.path).sort());
  });

  it.each(['../evil', 'a/b', '..', '', '.ae', 'a\\b', 'AE\u0000', 'a'.repeat(65)])(
    'refuses the dataset name %j, so that no path leaves the directory [EXPORT-025]',
    async (name) => {
      const study = await fixture([AE]);
      await expect(study.exportAll([dataset(name, { table: 'sdtm.ae' })], { formats: ['csv'] })).rejects.toMatchObject({
        kind: 'usage',
        code: 'EXPORT_NAME',
        message: `'${name}' cannot name a dataset: use letters, digits and _.`,
        next: 'Give the model a name of at most 64 of them that begins with a letter.',
      });
      expect(existsSync(study.directory)).toBe(false);
    },
  );

  it('refuses two datasets that would be one file [EXPORT-025]', async () => {
    const study = await fixture([AE]);
    const datasets = [dataset('AE'), dataset('ae', { table: 'sdtm.ae' })];
    await expect(study.exportAll(datasets, { formats: ['csv'] })).rejects.toMatchObject({
      code: 'EXPORT_TWICE',
      message: 'ae: csv/ae.csv would be written twice.',
    });
  });

  it.each([
    [
      { table: 'sdtm.nothing' },
      'EXPORT_TABLE',
      'AE: sdtm.nothing cannot be read.',
      'Build the model, or take the dataset out of the exports.',
    ],
    [
      { keys: ['AEKEY'] },
      'EXPORT_KEY',
      'AE: the key AEKEY is not a column that sdtm.ae exports.',
      'Add it to the SELECT, or take it out of keys: in its properties.',
    ],
    [
      { keys: ['_rows'], properties: 'models/sdtm/ae.yml' },
      'EXPORT_KEY',
      'AE: the key _rows is not a column that sdtm.ae exports.',
      'Take it out of keys: in models/sdtm/ae.yml: columns that begin with _ are not exported.',
    ],
    [
      { columns: { aeterm: {} }, properties: 'models/sdtm/ae.yml' },
      'EXPORT_COLUMN',
      'AE.aeterm is declared, but sdtm.ae exports no column of that name.',
      'Add it to the SELECT, or take it out of models/sdtm/ae.yml.',
    ],
  ])('refuses %j, which does not fit the table [EXPORT-026]', async (properties, code, message, next) => {
    const study = await fixture([AE]);
    await expect(study.exportAll([dataset('AE', properties)], { formats: ['csv'] })).rejects.toMatchObject({
      kind: 'usage',
      code,
      message,
      next,
    });
  });

  it.each([
    ['1::HUGEINT', 'HUGEINT'],
    [`TIMESTAMPTZ '2026-01-01 00:00:00Z'`, 'TIMESTAMP WITH TIME ZONE'],
    ['[1]', 'INTEGER[]'],
    [`{'a': 1}`, 'STRUCT(a INTEGER)'],
  ])('refuses %s, a type that no export holds [EXPORT-026]', async (value, type) => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT ${value} AS A`]);
    await expect(study.exportAll([dataset('XX')], { formats: ['parquet'] })).rejects.toMatchObject({
      kind: 'data',
      code: 'EXPORT_TYPE',
      message: `XX.A: no export holds the type ${type}.`,
    });
  });

  it('refuses a table of which no column may be exported [EXPORT-026]', async () => {
    const study = await fixture(['CREATE TABLE sdtm.xx AS SELECT 1 AS _rows']);
    await expect(study.exportAll([dataset('XX')])).rejects.toMatchObject({
      code: 'EXPORT_COLUMN',
      message: 'XX: sdtm.xx has no column to export.',
      next: 'Give it a column whose name does not begin with _, or take the dataset out of the exports.',
    });
  });

  it('takes column names and labels with quotes as they are [EXPORT-026]', async () => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT 1 AS "a""b'c,d", 'x' AS "constructor"`]);
    const columns = { 'a"b\'c,d': { label: `it's "so"` } };
    await study.exportAll([dataset('XX', { columns, label: `it's` })], { formats: ['parquet', 'csv'] });
    expect(csvOf(study, 'xx')).toBe(`"a""b'c,d",constructor\n1,x\n`);
  });

  it('tells the start and the end of each file [EXPORT-020]', async () => {
    const study = await fixture([AE]);
    await study.exportAll([dataset('AE')], { formats: ['xpt', 'csv'] });
    expect(study.events).toEqual([
      { event: 'step', step: 'export xpt/ae.xpt', state: 'start', label: 'xpt/ae.xpt' },
      { event: 'step', step: 'export xpt/ae.xpt', state: 'end', label: 'xpt/ae.xpt' },
      { event: 'step', step: 'export csv/ae.csv', state: 'start', label: 'csv/ae.csv' },
      { event: 'step', step: 'export csv/ae.csv', state: 'end', label: 'csv/ae.csv' },
    ]);
  });
});
