import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { cellOf } from '../../src/report/cell.ts';
import { jsonLine } from '../../src/report/json.ts';

it.each([
  ['1.50::DECIMAL(38,2)', '"1.50"'],
  ['12345678901234567890.123456789::DECIMAL(29,9)', '"12345678901234567890.123456789"'],
  ["DATE '2026-03-27'", '"2026-03-27"'],
  ["TIMESTAMP '2026-03-27 13:45:06.5'", '"2026-03-27 13:45:06.5"'],
  ["TIME '13:45:06'", '"13:45:06"'],
  ['[1, 2]', '"[1, 2]"'],
  ["{'a': 1}", `"{'a': 1}"`],
  ['9007199254740993::BIGINT', '"9007199254740993"'],
  ['42::BIGINT', '42'],
  ['0.1::DOUBLE', '0.1'],
  ["'NaN'::DOUBLE", '"NaN"'],
  ['true', 'true'],
  ['NULL', 'null'],
])('%s of a query is %s in JSON [REPORT-005]', async (sql, json) => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const [[value]] = (await connection.runAndReadAll(`SELECT ${sql}`)).getRows();
  expect(jsonLine(cellOf(value))).toBe(`${json}\n`);
});
