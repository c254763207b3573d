import { beforeAll, describe, expect, it } from 'vitest';
import type { SelectLineage } from '../../../src/model/lineage/select-lineage.ts';
import { CASES, type LineageCase, TABLES } from './cases.ts';
import { databaseWith, readerOf } from './read.ts';
import { said } from './said.ts';

let read: (sql: string) => Promise<SelectLineage>;
beforeAll(async () => {
  read = await readerOf(await databaseWith(TABLES));
});

function check({ name, sql, columns, rows = '' }: LineageCase): void {
  it(`${name} [LINEAGE-001]`, async () => {
    const found = await read(sql);
    expect(found.columns.map((column) => `${column.name}: ${said(column.lineage)}`.trimEnd())).toEqual(columns);
    expect(said(found.rows)).toBe(rows);
  });
}

describe('where the columns of a SELECT come from', () => CASES.forEach(check));
