import { beforeAll, describe, expect, it } from 'vitest';
import type { Lineage } from '../../../src/model/lineage/lineage.ts';
import { openReader, type Reader } from '../../../src/model/lineage/reader.ts';
import { readLineage, type SelectLineage } from '../../../src/model/lineage/select-lineage.ts';
import { prepareRecord } from '../../../src/model/plan/record.ts';
import { parseSelect } from '../../../src/model/sql/syntax.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { describe as describeSelect } from '../../../src/store/describe.ts';
import { memory } from '../database.ts';
import { CASES, type LineageCase, TABLES } from './cases.ts';

let connection: Connection;
let reader: Reader;
beforeAll(async () => {
  connection = await memory();
  await prepareRecord(connection);
  await connection.run(TABLES);
  reader = await openReader(connection);
});

async function read(sql: string): Promise<SelectLineage> {
  const { tree } = await parseSelect(connection, { path: 'models/sdtm/ae.sql', sql });
  const names = (await describeSelect(connection, sql)).map(({ name }) => name);
  return readLineage(reader, tree, names);
}

function said({ from, isCopy, unknown }: Lineage): string {
  if (unknown !== undefined) return '?';
  const names = [...from].map(({ table, column }) => `${table}.${column}`.replace(/^main\./, '')).sort();
  return [...(isCopy ? ['='] : []), ...names].join(' ');
}

function check({ name, sql, columns, rows = '' }: LineageCase): void {
  it(`${name} [LINEAGE-001]`, async () => {
    const found = await read(sql);
    expect(found.columns.map((column) => `${column.name}: ${said(column.lineage)}`.trimEnd())).toEqual(columns);
    expect(said(found.rows)).toBe(rows);
  });
}

describe('where the columns of a SELECT come from', () => CASES.forEach(check));
