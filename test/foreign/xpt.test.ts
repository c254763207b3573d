import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readXpt, type XptValue } from '../../src/export/xpt/reader.ts';
import { dataset, fixture } from '../export/fixture.ts';
import { characterXpt, numericXpt } from './minimal-xpt.ts';
import { describeWithPython, python } from './python.ts';
import { readWithXportJs } from './xport-js.ts';

interface PyreadstatFile {
  name: string;
  label: string | null;
  columns: { name: string; label: string; type: string; length: number; format: string | null }[];
  rows: XptValue[][];
}

const TABLE = `CREATE TABLE sdtm.xx AS SELECT * FROM (VALUES
  (1, 'a', 1e75::DOUBLE), (2, '  leading', 0.1), (3, NULL, -118.625), (4, 'trailing  ', 0), (5, 'quote"x,', pow(2, -260)),
  (6, 'NA', 9007199254740991), (7, '.', 7.237005577332260e75), (8, '', NULL), (9, 'nan', pi()), (10, '~', 1e-78),
  (11, 'thirteen byte', 123456789.123456789), (12, ' !"#$%&''()*+,-./', -5.4e-79)
) AS t(SEQ, TERM, RES)`;

/** The cells by the equivalence of docs/formats.md: null, '' and blanks are one text, blanks at the end are nothing. */
const CELLS: XptValue[][] = [
  [1, 'a', 1e75],
  [2, '  leading', 0.1],
  [3, '', -118.625],
  [4, 'trailing', 0],
  [5, 'quote"x,', 2 ** -260],
  [6, 'NA', 2 ** 53 - 1],
  [7, '.', 7.23700557733226e75],
  [8, '', null],
  [9, 'nan', Math.PI],
  [10, '~', 1e-78],
  [11, 'thirteen byte', 123456789.12345679],
  [12, ` !"#$%&'()*+,-./`, -5.4e-79],
];

async function exported(): Promise<string> {
  const study = await fixture([TABLE]);
  const columns = {
    SEQ: { displayFormat: 'BEST12.' },
    TERM: { length: 30, label: 'Reported Term', displayFormat: '$CHAR30.' },
    RES: { label: 'Result', displayFormat: '8.2' },
  };
  await study.exportAll([dataset('XX', { keys: ['SEQ'], label: 'A Label', columns })], { formats: ['xpt'] });
  return join(study.directory, 'xpt/xx.xpt');
}

/** A dataset of random rows with doubles of every magnitude that XPT holds. */
async function exportedMany(): Promise<{ path: string; rows: XptValue[][] }> {
  const study = await fixture([
    `CREATE TABLE sdtm.xx AS SELECT i AS SEQ, CASE WHEN i % 3 = 0 THEN NULL ELSE md5(i::VARCHAR)[: i % 32] END AS TERM,
       CASE WHEN i % 7 = 0 THEN NULL ELSE (hash(i) % 2000001 - 1000000.0)::DOUBLE / 997 * pow(2, i % 460 - 240) END AS RES
     FROM range(5000) AS r(i)`,
  ]);
  await study.exportAll([dataset('XX', { keys: ['SEQ'] })], { formats: ['xpt'] });
  const rows = await study.connection.rows<{ SEQ: bigint; TERM: string | null; RES: number | null }>(
    'SELECT * FROM sdtm.xx ORDER BY SEQ',
  );
  return {
    path: join(study.directory, 'xpt/xx.xpt'),
    rows: rows.map((row) => [Number(row.SEQ), row.TERM ?? '', row.RES]),
  };
}

describeWithPython('XPT read by pyreadstat', () => {
  it('is what the table holds, with its names, labels, lengths and formats [EXPORT-017]', async () => {
    expect(python('read_xpt.py', await exported())).toEqual({
      name: 'XX',
      label: 'A Label',
      columns: [
        { name: 'SEQ', label: '', type: 'numeric', length: 8, format: 'BEST12' },
        { name: 'TERM', label: 'Reported Term', type: 'character', length: 30, format: '$CHAR30' },
        { name: 'RES', label: 'Result', type: 'numeric', length: 8, format: '8.2' },
      ],
      rows: CELLS,
    });
  });

  it('gives back every double [EXPORT-017]', async () => {
    const { path, rows } = await exportedMany();
    expect(python<PyreadstatFile>('read_xpt.py', path).rows).toEqual(rows);
  });

  it('reads a dataset without rows [EXPORT-017]', async () => {
    const study = await fixture([`CREATE TABLE sdtm.xx AS SELECT 1 AS SEQ, 'x' AS A WHERE false`]);
    await study.exportAll([dataset('XX')], { formats: ['xpt'] });
    expect(python('read_xpt.py', join(study.directory, 'xpt/xx.xpt'))).toMatchObject({ name: 'XX', rows: [] });
  });
});

describe('XPT read by xport-js', () => {
  it('is what the table holds, but for the blanks that it trims at the start [EXPORT-018]', async () => {
    const { variables, rows } = await readWithXportJs(await exported());
    expect(variables.map(({ name, label, type, length }) => [name, label, type, length])).toEqual([
      ['SEQ', '', 'Num', 8],
      ['TERM', 'Reported Term', 'Char', 30],
      ['RES', 'Result', 'Num', 8],
    ]);
    expect(rows).toEqual(CELLS.map((row) => row.map((cell) => (typeof cell === 'string' ? cell.trim() : cell))));
  });

  it('gives back every double [EXPORT-018]', async () => {
    const { path, rows } = await exportedMany();
    expect((await readWithXportJs(path)).rows).toEqual(rows);
  });
});

/** Minimal files on which a reader is known to be wrong: docs/formats.md names them. */
describe('known defects', () => {
  let path: string;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
    path = join(folder, 'x.xpt');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const ours = async () => {
    const rows: XptValue[][] = [];
    for await (const row of (await readXpt(path)).rows()) rows.push(row);
    return rows;
  };

  it('xport-js takes padding for rows [EXPORT-018]', async () => {
    writeFileSync(path, characterXpt(30, ['a', 'b', 'c', 'd']));
    expect(await ours()).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect((await readWithXportJs(path)).rows).toEqual([['a'], ['b'], ['c'], ['d'], ['']]);
  });

  it('xport-js drops blanks at the start [EXPORT-018]', async () => {
    writeFileSync(path, characterXpt(80, ['  a']));
    expect(await ours()).toEqual([['  a']]);
    expect((await readWithXportJs(path)).rows).toEqual([['a']]);
  });

  describeWithPython('of pyreadstat', () => {
    const pyreadstat = () => python<PyreadstatFile>('read_xpt.py', path).rows;

    it('it cuts a fraction of 56 bits instead of rounding it [EXPORT-017]', async () => {
      writeFileSync(path, numericXpt(Array(10).fill('41FFFFFFFFFFFFFF')));
      expect((await ours())[0]).toEqual([16]);
      expect(pyreadstat()[0]).toEqual([16 - 2 ** -49]);
    });

    it('it misreads a fraction whose first digit is zero [EXPORT-017]', async () => {
      writeFileSync(path, numericXpt(Array(10).fill('4108000000000000')));
      expect((await ours())[0]).toEqual([0.5]);
      expect(pyreadstat()[0]).not.toEqual([0.5]);
    });

    it('it takes negative zero for missing [EXPORT-017]', async () => {
      writeFileSync(path, numericXpt(Array(10).fill('8000000000000000')));
      expect((await ours())[0]).toEqual([0]);
      expect(pyreadstat()[0]).toEqual([null]);
    });
  });
});

const SAMPLES = fileURLToPath(new URL('../../../shared/data/sdtm-msg/', import.meta.url));
const describeWithSamples = existsSync(SAMPLES) || process.env.CI ? describeWithPython : describe.skip;

describeWithSamples('a dataset that SAS wrote (needs ../shared/data/sdtm-msg)', () => {
  it.each(['ae', 'dm', 'ex', 'suppdm', 'vs'])(
    '%s has the same cells for pyreadstat and for our reader [EXPORT-016]',
    async (name) => {
      const path = join(SAMPLES, `${name}.xpt`);
      const rows: XptValue[][] = [];
      for await (const row of (await readXpt(path)).rows()) rows.push(row);
      expect(python<PyreadstatFile>('read_xpt.py', path).rows).toEqual(rows);
    },
  );
});
