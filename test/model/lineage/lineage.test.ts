import { beforeAll, describe, expect, it } from 'vitest';
import { MULTIPLYING, UNNEST } from '../../../src/model/lineage/calls.ts';
import type { SelectLineage } from '../../../src/model/lineage/select-lineage.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { describe as describeSelect } from '../../../src/store/describe.ts';
import { CASES, type LineageCase, TABLES } from './cases.ts';
import { NAME_CASES } from './name-cases.ts';
import { databaseWith, readerOf, walkedNames } from './read.ts';
import { said } from './said.ts';
import { STAR_CASES, STAR_FILTERS, STAR_MACROS } from './star-cases.ts';

let connection: Connection;
let read: (sql: string) => Promise<SelectLineage>;
beforeAll(async () => {
  connection = await databaseWith(TABLES + STAR_MACROS);
  read = await readerOf(connection);
});

function check({ name, sql, columns, rows = '' }: LineageCase): void {
  it(`${name} [LINEAGE-001]`, async () => {
    const found = await read(sql);
    expect(found.columns.map((column) => `${column.name}: ${said(column.lineage)}`.trimEnd())).toEqual(columns);
    expect(said(found.rows)).toBe(rows);
  });
}

describe('where the columns of a SELECT come from', () => CASES.forEach(check));

describe('which columns a star stands for', () => STAR_CASES.forEach(check));

describe('the columns that a star chooses by their names, as DuckDB tells them', () => {
  for (const list of STAR_FILTERS) {
    it(`${list} [LINEAGE-001]`, async () => {
      const sql = `SELECT ${list} FROM (SELECT id AS subj, b AS v, x AS arm, y AS a_v FROM u)`;
      const described = (await describeSelect(connection, sql)).map(({ name }) => name);
      expect(await walkedNames(connection, sql)).toEqual(described);
    });
  }
});

describe('what a name means that several columns have', () => NAME_CASES.forEach(check));

it('counts every macro of DuckDB itself that makes several rows of one [LINEAGE-002]', async () => {
  const connection = await databaseWith('');
  const macros = await connection.rows<{ name: string; definition: string }>(`
    SELECT DISTINCT lower(function_name) AS name, lower(macro_definition) AS definition
    FROM duckdb_functions() WHERE internal AND function_type = 'macro'`);
  connection.close();
  const calling = macros.filter(({ definition }) => [...MULTIPLYING].some((name) => definition.includes(`${name}(`)));
  expect(new Set([...UNNEST, ...calling.map(({ name }) => name)])).toEqual(MULTIPLYING);
});
