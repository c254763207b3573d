import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IBM_BOUND, IBM_LEAST } from '../../../src/export/xpt/ibm-double.ts';
import { readXpt, type XptFile, type XptValue } from '../../../src/export/xpt/reader.ts';
import { dataset, type Fixture, fixture } from '../fixture.ts';

async function rowsOf(file: XptFile): Promise<XptValue[][]> {
  const rows: XptValue[][] = [];
  for await (const row of file.rows()) rows.push(row);
  return rows;
}

async function exported({ exportAll, directory }: Fixture): Promise<XptFile> {
  await exportAll([dataset('XX', { keys: ['SEQ'] })], { formats: ['xpt'] });
  return await readXpt(join(directory, 'xpt/xx.xpt'));
}

describe('writeXpt', () => {
  it('gives a character column the length of its longest value, at least 1 [EXPORT-014]', async () => {
    const file = await exported(
      await fixture([`CREATE TABLE sdtm.xx AS SELECT 1 AS SEQ, 'abc' AS A, NULL::VARCHAR AS B, repeat('z', 200) AS C`]),
    );
    expect(file.variables.map((variable) => variable.length)).toEqual([8, 3, 1, 200]);
  });

  it.each([11, 12, 13, 23, 24, 25, 199, 200])('keeps a text of %i bytes whole [EXPORT-014]', async (length) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + (i % 94))).join('');
    const study = await fixture(['CREATE TABLE sdtm.xx (SEQ INTEGER, A VARCHAR, B VARCHAR)']);
    await study.connection.run('INSERT INTO sdtm.xx VALUES (1, ?, ?), (2, NULL, ?)', [text, 'end', text.slice(1)]);
    expect(await rowsOf(await exported(study))).toEqual([
      [1, text, 'end'],
      [2, '', text.slice(1)],
    ]);
  });

  it('keeps leading blanks, and makes trailing blanks, empty and null one [EXPORT-011]', async () => {
    const file = await exported(
      await fixture([
        `CREATE TABLE sdtm.xx AS SELECT * FROM (VALUES (1, '  a'), (2, 'a  '), (3, ''), (4, NULL), (5, '  ')) AS t(SEQ, A)`,
      ]),
    );
    expect(await rowsOf(file)).toEqual([
      [1, '  a'],
      [2, 'a'],
      [3, ''],
      [4, ''],
      [5, ''],
    ]);
  });

  it('writes every number type, null as missing, a DECIMAL as the double nearest to it [EXPORT-010] [EXPORT-011]', async () => {
    const file = await exported(
      await fixture([
        `CREATE TABLE sdtm.xx AS SELECT 1::TINYINT AS SEQ, -2::SMALLINT AS A, 3::UINTEGER AS B, 9007199254740992::BIGINT AS C,
           1.1::DECIMAL(4, 1) AS D, 0.000123456789012345::DECIMAL(38, 30) AS E, 0.5::FLOAT AS F, 1e75::DOUBLE AS G,
           NULL::DOUBLE AS H, NULL::DECIMAL(38, 2) AS I`,
      ]),
    );
    expect(await rowsOf(file)).toEqual([[1, -2, 3, 2 ** 53, 1.1, 0.000123456789012345, 0.5, 1e75, null, null]]);
  });

  it('warns where rows of blanks end the file and could be padding [EXPORT-015]', async () => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT NULL::VARCHAR AS A FROM range(3)`]);
    await study.exportAll([dataset('XX')], { formats: ['xpt'] });
    expect(study.events.filter((event) => event.event === 'notice')).toEqual([
      {
        event: 'notice',
        code: 'XPT_TRAILING_BLANK',
        message: 'XX: the last 2 rows have no value, and readers of XPT v5 take that for padding.',
        next: 'Leave rows without any value out of the dataset.',
      },
    ]);
  });

  it('does not warn where a row of blanks is too long to be padding, or not the last [EXPORT-015]', async () => {
    const study = await fixture([
      `CREATE TABLE sdtm.xx AS SELECT NULL::VARCHAR AS A FROM range(2)`,
      `CREATE TABLE sdtm.yy AS SELECT unnest([NULL, 'x']) AS A`,
    ]);
    const columns = { A: { length: 80 } };
    await study.exportAll([dataset('XX', { columns }), dataset('YY')], { formats: ['xpt'] });
    expect(study.events.filter((event) => event.event === 'notice')).toEqual([]);
    expect((await readXpt(join(study.directory, 'xpt/xx.xpt'))).rowCount).toBe(2);
  });

  it('writes a dataset without rows [EXPORT-014]', async () => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT 1 AS SEQ, 'x' AS A WHERE false`]);
    const file = await exported(study);
    expect([file.rowCount, await rowsOf(file)]).toEqual([0, []]);
    expect(readFileSync(join(study.directory, 'xpt/xx.xpt')).length).toBe(640 + 320 + 80);
  });

  it('writes 10,000 rows in order, over many vectors [EXPORT-014]', async () => {
    const study = await fixture([
      `CREATE TABLE sdtm.xx AS SELECT (9999 - i)::INTEGER AS SEQ, CASE WHEN i % 3 <> 0 THEN 'row number ' || (9999 - i) END AS A FROM range(10000) AS r(i)`,
    ]);
    const rows = await rowsOf(await exported(study));
    expect(rows).toEqual(Array.from({ length: 10_000 }, (_, i) => [i, (9999 - i) % 3 === 0 ? '' : `row number ${i}`]));
  });

  it('writes any printable text and any number in range so that the reader finds it again [EXPORT-014]', async () => {
    const study = await fixture(['CREATE TABLE sdtm.xx (SEQ INTEGER, A VARCHAR, B DOUBLE, C VARCHAR)']);
    const text = fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }));
    const number = fc.option(
      fc
        .double({ noNaN: true, min: -IBM_BOUND, max: IBM_BOUND, minExcluded: true, maxExcluded: true })
        .filter((value) => value === 0 || Math.abs(value) >= IBM_LEAST),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, number, text), { minLength: 1, maxLength: 20 }), async (rows) => {
        await study.connection.run('DELETE FROM sdtm.xx');
        for (const [i, [a, b, c]] of rows.entries()) {
          const number = b === null ? null : String(b);
          await study.connection.run('INSERT INTO sdtm.xx VALUES (?, ?, ?::VARCHAR::DOUBLE, ?)', [i, a, number, c]);
        }
        const blank = (value: string | null) => (value ?? '').replace(/ +$/, '');
        expect(await rowsOf(await exported(study))).toEqual(
          rows.map(([a, b, c], i) => [i, blank(a), b === null ? null : b + 0, blank(c)]),
        );
      }),
      { numRuns: 40 },
    );
  });
});
