import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WarehouseError } from '../../../src/lib/errors.ts';
import { sqlError } from '../../../src/model/sql/sql-error.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { memory } from '../database.ts';

let connection: Connection;

beforeAll(async () => {
  connection = await memory();
});
afterAll(() => connection.close());

/** What a person is told of an expression that fails on the value of column v. */
async function told(expression: string, value: string): Promise<string> {
  await connection.run('CREATE OR REPLACE TABLE t (v VARCHAR)');
  await connection.run('INSERT INTO t VALUES ($1)', [value]);
  const sql = `SELECT ${expression} FROM t`;
  const error = await connection.run(sql).then(
    () => undefined,
    (reason) => sqlError({ path: 'models/a/b.sql', sql }, reason, 'MODEL_SQL'),
  );
  expect(error).toMatchObject({ code: 'MODEL_SQL', kind: 'data' });
  // The excerpt is the person's own text.
  return (error as Error).message.replace(`\n  ${sql}\n`, '\n').replace(/\n *\^$/, '');
}

/** Each with a SECRET that must not be seen. */
const VALUES = [
  ['plain text', 'SECRET'],
  ['an apostrophe', "O'SECRET"],
  ['two apostrophes', "it's SECRET's"],
  ['a double quote', '5" SECRET'],
  ['both', `5" of O'SECRET`],
  ['a line break', 'a\nSECRET'],
  ['a line break after an apostrophe', "a'\nSECRET"],
  ["DuckDB's own words of a place", 'a\n\nLINE 1: SECRET\n        ^'],
  ['words of a full disk', 'No space left on device SECRET'],
] as const;

describe('an error about data shows nothing of them [MODEL-022]', () => {
  it.each(VALUES)('where the value is %s', async (_, value) => {
    const numbers = 'Conversion Error: Could not convert string …';
    expect(await told('CAST(v AS INTEGER)', value)).toBe(numbers);
    expect(await told('CAST(v AS DECIMAL(4, 1))', value)).toBe(numbers);
    expect(await told('CAST(v AS DATE)', value)).toBe('Conversion Error: invalid date field format: …');
    expect(await told("strptime(v, '%Y-%m-%d')", value)).toBe('Invalid Input Error: Could not parse string …');
    expect(await told("strptime(v, ['%Y', '%d.%m.%Y'])", value)).toBe('Invalid Input Error: Could not parse string …');
    expect(await told("date_part(v, DATE '2026-01-01')", value)).toBe('Conversion Error: extract specifier …');
    expect(await told('CAST(v AS INTEGER[])', value)).toBe('Conversion Error: Type VARCHAR with value …');
    expect(await told("v::JSON->'a'", value)).toBe('Conversion Error: Malformed JSON …');
    expect(await told("TIMESTAMP '2026-01-01' AT TIME ZONE v", value)).toBe(
      'Not implemented Error: Unknown TimeZone …',
    );
  });

  it.each(VALUES)('where DuckDB puts no quotes around %s', async (_, value) => {
    const withheld = 'Invalid Input Error. What it says may hold values of the data and is left out.';
    expect(await told('error(v)', value)).toBe(withheld);
    expect(await told("error('subject ' || v)", value)).toBe(withheld);
    expect(await told("regexp_matches('a', '(' || v)", value)).toBe(withheld);
  });

  it('where the value is a number, whatever its form', async () => {
    expect(await told('CAST(v::BIGINT AS TINYINT)', '-123456')).toBe('Conversion Error: Type INT64 with value …');
    expect(await told('CAST(v::DOUBLE AS INTEGER)', '1.5e+300')).toBe('Conversion Error: Type DOUBLE with value …');
    expect(await told('v::BIGINT * 1000000000000000', '-123456')).toBe(
      'Out of Range Error: Overflow in multiplication …',
    );
    expect(await told('make_date(v::BIGINT, 1, 1)', '-99999999')).toBe('Conversion Error: Date out of range: …');
  });
});

it('a struct without names is told as DuckDB tells it, which says nothing of data [MODEL-022]', async () => {
  const sql = 'CREATE TABLE unnamed AS SELECT ROW(1, 2) AS rw';
  const error = await connection.run(sql).catch((reason) => sqlError({ path: 'a.sql', sql }, reason, 'MODEL_SQL'));
  expect(error).toMatchObject({
    kind: 'usage',
    message: 'Invalid Input Error: A table cannot be created from an unnamed struct',
    next: "Give its fields names: {'low': 1, 'high': 2}, not ROW(1, 2) or (1, 2).",
  });
});

it('an error about the text of a model is told in full [MODEL-022]', async () => {
  const sql = "SELECT 'a' AS x FROM nowhere";
  const error = await connection.run(sql).catch((reason) => sqlError({ path: 'a.sql', sql }, reason, 'MODEL_SQL'));
  expect(error).toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/^Catalog Error: Table with name nowhere does not exist!/),
    place: { line: 1, column: 22 },
  });
});

it('says of texts that are computed with that they are to be cast, and shows the list of DuckDB without tabs [MODEL-022]', async () => {
  const sql = "SELECT v / 2 FROM (SELECT '4'::VARCHAR AS v)";
  const error = await connection.run(sql).then(
    () => undefined,
    (reason) => sqlError({ path: 'models/a/b.sql', sql }, reason, 'MODEL_SQL'),
  );
  expect(error).toMatchObject({
    kind: 'usage',
    next: 'Cast texts to what they are, as in CAST(x AS INTEGER): columns of CSV sources are text, and those of seeds without type: too.',
  });
  expect(error?.message.split('\n').slice(1, 3)).toEqual(['  Candidate functions:', '  /(FLOAT, FLOAT) -> FLOAT']);
});

describe('the place of an error is that of the character, whatever width DuckDB gives to what is before it [MODEL-009]', () => {
  const DAYS = '日'.repeat(60);
  const ROW = "'日本😀' AS c, ";

  /** Line, column, and how far the caret stands from the margin. */
  it.each([
    ['after tabs', 'SELECT k,\n\tv,\tnope\nFROM base', 2, 5, 4],
    ['after one tab', 'SELECT k,\n\tnope\nFROM base', 2, 2, 1],
    ['after tabs alone', 'SELECT k,\n\t\t\tnope\nFROM base', 2, 4, 3],
    ['after blanks and a tab', 'SELECT k,\n  \tnope2\nFROM base', 2, 4, 3],
    ['of a function after a tab', '\tSELECT k, strptime(n, 1) FROM base', 1, 12, 11],
    ['after tabs and a carriage return', 'SELECT k,\r\n\tv,\tnope\r\nFROM base', 2, 5, 4],
    ['after wide characters', "SELECT k, 'é0日本' AS c0, nope AS z FROM base", 1, 25, 26],
    ['after more of them than DuckDB shows', `SELECT k, '${DAYS}' AS c, nope AS z FROM base`, 1, 80, 139],
    ['after a wide character, a tab and an emoji', "SELECT '日'\tAS c,\n'😀'\tAS d,\tnope FROM base", 2, 11, 11],
    ['after an emoji', "SELECT k, '😀' AS c0, nope AS z FROM base", 1, 22, 22],
    ['after emoji that are joined', "SELECT k, '👩\u200d👩\u200d👧' AS c0, nope FROM base", 1, 26, 22],
    ['after an emoji with the colour of skin', "SELECT k, '👍🏽' AS c0, nope FROM base", 1, 23, 22],
    ['after a flag', "SELECT k, '🇩🇪' AS c0, nope FROM base", 1, 23, 21],
    ['after a letter with a mark of its own', "SELECT k, 'e\u0301' AS c0, nope FROM base", 1, 23, 21],
    ['after letters of Devanagari and Hangul', "SELECT k, 'किं각' AS c0, nope FROM base", 1, 25, 23],
    ['after what has no width', "SELECT k, '\u200b\u0001' AS c0, nope FROM base", 1, 23, 20],
    ['after a line separator', "SELECT k, '\u2028' AS c0, nope FROM base", 1, 22, 20],
    ['within a long line', `SELECT ${ROW.repeat(20)}\tnope, ${ROW.repeat(20)}k FROM base`, 1, 249, 308],
  ])('%s', async (_, sql, line, column, indent) => {
    const error = await refused(sql);
    expect(error.place).toEqual({ file: 'a.sql', line, column });
    const shown = sql.split('\n')[line - 1].replace('\r', '').replaceAll('\t', ' ');
    expect(error.message.split('\n').slice(-2)).toEqual([`  ${shown}`, `  ${' '.repeat(indent)}^`]);
  });

  it('for each kind of wide character', async () => {
    for (const wide of '〈⺀が㊀龍ꥠ각豈︐Ａ￥𠀀🀄🈁🉠⌚') {
      expect((await refused(`SELECT '${wide}', nope FROM base`)).place, wide).toMatchObject({ column: 13 });
    }
    for (const narrow of ['ｶ', '❤', '\u00ad', '\u00a0', 'ß', 'ก็', '🇩', '①']) {
      const sql = `SELECT '${narrow}', nope FROM base`;
      const column = [...sql].indexOf('n', 10) + 1;
      expect((await refused(sql)).place, narrow).toMatchObject({ column });
    }
  });

  async function refused(sql: string): Promise<WarehouseError> {
    await connection.run("CREATE OR REPLACE TABLE base AS SELECT 1 AS k, 2 AS v, 'x' AS n");
    return connection.run(sql).then(
      () => expect.unreachable(),
      (reason) => sqlError({ path: 'a.sql', sql }, reason, 'MODEL_SQL'),
    );
  }
});
