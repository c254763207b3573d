import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
