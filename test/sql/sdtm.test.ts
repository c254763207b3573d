import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { Connection } from '../../src/store/connection.ts';
import { memory } from '../model/database.ts';
import { macrosOf } from './macro-file.ts';

const MACROS = readFileSync(join(import.meta.dirname, '../../sql/macros/sdtm.sql'), 'utf8');

let value: (expression: string) => Promise<unknown>;
beforeAll(async () => {
  value = await macrosOf('sdtm.sql');
});

describe('iso8601 [SDTM-001]', () => {
  it.each([
    ["'2003-12-15', '13:14:17'", '2003-12-15T13:14:17'],
    ["'2003-12-15', '13:14'", '2003-12-15T13:14'],
    ["'2003-12-15', '13'", '2003-12-15T13'],
    ["'2003-12-15', NULL", '2003-12-15'],
    ["'2003-12', NULL", '2003-12'],
    ["'2003', ''", '2003'],
    ["'2003-12', '13:15'", '2003-12--T13:15'],
    ["'2003', '13:15'", '2003----T13:15'],
    ["NULL, '07:15'", '-----T07:15'],
    ["' 2003-12-15 ', ' 13:14 '", '2003-12-15T13:14'],
    ["'', NULL", null],
    ['NULL, NULL', null],
  ])('(%s) is %s', async (args, expected) => {
    expect(await value(`iso8601(${args})`)).toBe(expected);
  });
});

describe('iso8601_parts [SDTM-001]', () => {
  // The examples of SDTMIG 3.4, 4.4.2, and what follows from them.
  it.each([
    ["'2003', '12', '15', '13', '14', '17'", '2003-12-15T13:14:17'],
    ["'2003', '12', '15', '13', '14', NULL", '2003-12-15T13:14'],
    ["'2003', '12', '15', '13', NULL, NULL", '2003-12-15T13'],
    ["'2003', '12', '15', NULL, NULL, NULL", '2003-12-15'],
    ["'2003', '12', 'UN', NULL, NULL, NULL", '2003-12'],
    ["'2003', 'UNK', '', NULL, NULL, NULL", '2003'],
    ["'2003', '12', '15', NULL, '15', NULL", '2003-12-15T-:15'],
    ["'2003', '12', '15', '13', NULL, '17'", '2003-12-15T13:-:17'],
    ["'2003', NULL, '15', NULL, NULL, NULL", '2003---15'],
    ["NULL, '12', '15', NULL, NULL, NULL", '--12-15'],
    ["NULL, NULL, NULL, '07', '15', NULL", '-----T07:15'],
    ["'2003', '1', '5', '7', '5', NULL", '2003-01-05T07:05'],
    ["NULL, '12', NULL, NULL, NULL, NULL", '--12'],
    ["'UN', 'UN', 'UN', '', NULL, '--'", null],
  ])('(%s) is %s', async (args, expected) => {
    expect(await value(`iso8601_parts(${args})`)).toBe(expected);
  });
});

describe('is_iso8601 [SDTM-001]', () => {
  it.each([
    '2003',
    '2003-12',
    '2003-12-15',
    '2003-12-15T13:14:17',
    '2003-12-15T13:14:17.123',
    '2003-12-15T13:14:17+01:00',
    '2003-12-15T-:15',
    '2003-12-15T13:-:17',
    '2003---15',
    '--12-15',
    '-----T07:15',
    '2024-02-29',
    '--02-29',
    '----31',
    '2003-12-15T10:00-05:00',
    '2003-12-15T10:00+14:00',
    '2003-12-15T-:15+05:30',
    '2003-12-15T-:15Z',
  ])('takes %s', async (dtc) => {
    expect(await value(`is_iso8601('${dtc}')`)).toBe(true);
  });

  it.each([
    '',
    '-',
    '03',
    '2003-13',
    '2003-12-32',
    '2023-02-29',
    '2003-12-15T',
    '2003-12-15T24:00',
    '2003-12-15 13:14',
    '2003-12-15T13:',
    '2003-12-15T13:-',
    '2003-12-15T-',
    '2003-12-15T-Z',
    '2003-12-15T13:-+01:00',
    '2003-12-15T10:00+99:99',
    '2003-12-15T10:00+14:30',
    '2003-12-15T10:00-05:60',
    '--02-30',
    '--04-31T10:00',
    '15DEC2003',
    '2003-12-UN',
  ])('refuses %j', async (dtc) => {
    expect(await value(`is_iso8601('${dtc}')`)).toBe(false);
  });

  it('says nothing of NULL', async () => {
    expect(await value('is_iso8601(NULL)')).toBeNull();
  });
});

describe('lobxfl [SDTM-014]', () => {
  /** Results of one subject and test, as 'dtc result': which of them are flagged, with the first dose at `rfxstdtc`. */
  async function flagged(rfxstdtc: string | null, ...results: string[]): Promise<string[]> {
    const rows = results.map((row) => {
      const [dtc, result] = row.split(' ');
      return `('A', 'T', ${result === undefined ? 'NULL' : `'${result}'`}, '${dtc}')`;
    });
    const dose = rfxstdtc === null ? 'NULL::VARCHAR' : `'${rfxstdtc}'`;
    const list = await value(`(SELECT string_agg(dtc, ' ' ORDER BY dtc) FILTER (flag = 'Y') FROM (
      SELECT dtc, lobxfl(usubjid, test, result, dtc, ${dose}) AS flag FROM (VALUES ${rows}) r(usubjid, test, result, dtc)))`);
    return list === null ? [] : String(list).split(' ');
  }

  it.each([
    [
      'the last before the first dose',
      '2025-01-13T10:30',
      ['2025-01-01T08:00 1', '2025-01-13T10:29 2'],
      ['2025-01-13T10:29'],
    ],
    [
      'not one at the time of the dose',
      '2025-01-13T10:30',
      ['2025-01-01T08:00 1', '2025-01-13T10:30 2'],
      ['2025-01-01T08:00'],
    ],
    [
      'one of the day of the dose, where it has no time',
      '2025-01-13T10:30',
      ['2025-01-01T08:00 1', '2025-01-13 2'],
      ['2025-01-13'],
    ],
    [
      'one of the day of the dose, where that has no time',
      '2025-01-13',
      ['2025-01-12 1', '2025-01-13T09:00 2'],
      ['2025-01-13T09:00'],
    ],
    ['none without a result', '2025-01-13T10:30', ['2025-01-01T08:00 1', '2025-01-13T08:00'], ['2025-01-01T08:00']],
    ['none of a date that is not complete', '2025-01-13T10:30', ['2025-01 1'], []],
    ['none after', '2025-01-13', ['2025-01-14 1'], []],
    ['none where there was no dose', null, ['2025-01-01 1'], []],
  ])('flags %s', async (_, rfxstdtc, results, expected) => {
    expect(await flagged(rfxstdtc, ...results)).toEqual(expected);
  });

  it('flags one for each subject and test', async () => {
    const count = `(SELECT count(*) FROM (SELECT lobxfl(u, t, '1', '2025-01-01', '2025-01-13') AS flag
      FROM (VALUES ('A', 'X'), ('A', 'Y'), ('B', 'X')) r(u, t)) WHERE flag = 'Y')`;
    expect(await value(count)).toBe(3n);
  });
});

describe('study_day [SDTM-002]', () => {
  it.each([
    ["'2025-01-13', '2025-01-13T12:27'", 1n],
    ["'2025-01-13T08:00', '2025-01-13T12:27'", 1n],
    ["'2025-01-14', '2025-01-13'", 2n],
    ["'2025-01-12T23:59', '2025-01-13'", -1n],
    ["'2024-12-31', '2025-01-13'", -13n],
    ["'2024-03-01', '2024-02-28'", 3n],
    ["'2025-01', '2025-01-13'", null],
    ["'2025---13', '2025-01-13'", null],
    ["'2025-01-13', '2025-01'", null],
    ["'2025-02-30', '2025-01-13'", null],
    ["NULL, '2025-01-13'", null],
    ["'2025-01-13', NULL", null],
  ])('(%s) is %s', async (args, expected) => {
    expect(await value(`study_day(${args})`)).toBe(expected);
  });
});

describe('seq [SDTM-003]', () => {
  const records =
    "('A', '2025-02', 'Rash', 7), ('A', '2025-01', 'Ache', 9), ('A', '2025-02', 'Rash', -3), ('B', NULL, 'Ache', 1), ('B', '2025', 'Itch', 2)";

  it('numbers the records of each subject by their content, what is missing last', async () => {
    const connection = await memory();
    await connection.run(MACROS);
    const rows = await connection.rows<{ s: string; r: number; n: bigint }>(
      `SELECT s, r, seq(s, (dtc, term, r)) AS n FROM (VALUES ${records}) v(s, dtc, term, r) ORDER BY s, n`,
    );
    expect(rows.map(({ s, r, n }) => [s, r, Number(n)])).toEqual([
      ['A', 9, 1],
      ['A', -3, 2],
      ['A', 7, 3],
      ['B', 2, 1],
      ['B', 1, 2],
    ]);
  });

  it('gives the same numbers in any order of load and with any number of threads', async () => {
    const connection = await memory();
    await connection.run(MACROS);
    await connection.run(`CREATE TABLE forth AS SELECT i % 97 AS s, (i * 7919) % 13 AS dtc, i AS r FROM range(50000) t(i) ORDER BY i;
      CREATE TABLE back AS FROM forth ORDER BY r DESC`);
    const numbered = async (table: string, threads: number) => {
      await connection.run(`SET threads = ${threads}`);
      const row = await connection.row<{ h: bigint }>(
        `SELECT sum(hash(s, r, n)) AS h FROM (SELECT s, r, seq(s, (dtc, r)) AS n FROM ${table})`,
      );
      return row!.h;
    };
    const one = await numbered('forth', 1);
    expect([await numbered('back', 1), await numbered('forth', 2), await numbered('back', 2)]).toEqual([one, one, one]);
  });
});

describe('ct_term [SDTM-004]', () => {
  it.each([
    ["'Mild', ['SEVERE', 'MILD']", 'MILD'],
    ["' mild ', ['SEVERE', 'MILD']", 'MILD'],
    ["'beats/MIN', ['mmHg', 'beats/min']", 'beats/min'],
    ["'Mildish', ['SEVERE', 'MILD']", 'Mildish'],
    ["NULL, ['MILD']", null],
    ["'Mild', NULL", 'Mild'],
    ["'Mild', CAST([] AS VARCHAR[])", 'Mild'],
  ])('(%s) is %s', async (args, expected) => {
    expect(await value(`ct_term(${args})`)).toBe(expected);
  });
});

describe('xpt_text [SDTM-005]', () => {
  const table = readFileSync(join(import.meta.dirname, '../../data/standards/xpt_replacements.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => /^U\+([0-9A-F]+),([^,]*),"((?:[^"]|"")*)",/.exec(line)!)
    .map(([, code, name, text]) => ({ point: Number.parseInt(code, 16), name, text: text.replaceAll('""', '"') }));

  it('replaces what the reviewed table names, by what it says', async () => {
    expect(table.length).toBeGreaterThan(80);
    for (const { point, name, text } of table)
      expect(await value(`xpt_text('a' || chr(${point}) || 'b')`), name).toBe(`a${text}b`);
  });

  it('leaves every other character of the basic plane as it is', async () => {
    const named = table.map(({ point }) => point).join(', ');
    const changed = await value(`(SELECT count(*) FROM range(32, 65536) t(p)
      WHERE p NOT BETWEEN 55296 AND 57343 AND p NOT IN (${named}) AND xpt_text(chr(p::INTEGER)) <> chr(p::INTEGER))`);
    expect(changed).toBe(0n);
  });

  it('makes only printable ASCII of what it replaces', () => {
    expect(table.filter(({ text }) => !/^[\x20-\x7e]+$/.test(text))).toEqual([]);
  });

  it.each([
    ["'Started at work.' || chr(13) || chr(10) || 'Slept it off'", 'Started at work. Slept it off'],
    ["'“Brain fog” after café visit'", '"Brain fog" after cafe visit'],
    ["'400 µg folate – naïve'", '400 ug folate - naive'],
    ["'漢方 (tea)'", '漢方 (tea)'],
    ["''", ''],
    ['NULL', null],
  ])('(%s) is %s', async (text, expected) => {
    expect(await value(`xpt_text(${text})`)).toBe(expected);
  });
});

it('the macros work in a file that is attached [SDTM-006]', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sdtm-'));
  try {
    const file = await DuckDBInstance.create(join(folder, 'w.duckdb'));
    const writer = new Connection(await file.connect());
    await writer.run(MACROS);
    writer.close();
    file.closeSync();
    const connection = await memory();
    await connection.run(`ATTACH '${join(folder, 'w.duckdb')}' AS w (READ_ONLY)`);
    const row = await connection.row(`SELECT
      w.iso8601('2003-12', '13:15') AS a, w.iso8601_parts('2003', NULL, '15', NULL, NULL, NULL) AS b,
      w.is_iso8601('2003---15') AS c, w.study_day('2025-01-12', '2025-01-13') AS d, w.seq('A', (1, 2)) AS e,
      w.ct_term('Mild', ['MILD']) AS f, w.xpt_text('café') AS g,
      w.lobxfl('A', 'T', '1', '2025-01-12', '2025-01-13') AS h, w.is_iso8601_duration('PT0.5H') AS i`);
    expect(Object.values(row!)).toEqual(['2003-12--T13:15', '2003---15', true, -1n, 1n, 'MILD', 'cafe', 'Y', true]);
    connection.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('rows_of [SDTM-015]', () => {
  it.each([
    ['[3, 1, NULL, 3, 2, 1]', [3n, 1n, 2n]],
    ['[NULL]', []],
    ['[7]', [7n]],
  ])('%s', async (identities, expected) => {
    expect(((await value(`rows_of(${identities}::BIGINT[])`)) as { items: unknown }).items).toEqual(expected);
  });
});
