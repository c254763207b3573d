import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { identifier, qualified } from '../../../src/store/connection.ts';
import { databaseWith, readerOf } from './read.ts';
import { said } from './said.ts';

type Columns = readonly string[] | 'unknown';

interface HardCase {
  readonly name: string;
  /** Columns by table. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Types by `schema.table.column`, where they are not VARCHAR. */
  readonly types?: Readonly<Record<string, string>>;
  readonly setup?: readonly string[];
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly from: Columns; readonly copy: boolean }[];
  readonly rows: Columns;
}

const cases = parse(readFileSync(join(import.meta.dirname, 'hard-cases.yml'), 'utf8')) as HardCase[];

function statements({ tables, types = {}, setup = [] }: HardCase): string {
  const made = Object.entries(tables).flatMap(([table, columns]) => {
    const defined = columns.map((column) => `${identifier(column)} ${types[`${table}.${column}`] ?? 'VARCHAR'}`);
    const [schema] = table.split('.');
    return [
      `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`,
      `CREATE TABLE ${qualified(table)} (${defined.join(', ')})`,
    ];
  });
  return [...made, ...setup].join(';\n');
}

const expected = (columns: Columns, copy: boolean) =>
  columns === 'unknown' ? '?' : [...(copy ? ['='] : []), ...[...columns].sort()].join(' ');

describe('where the columns of a hard SELECT come from', () => {
  for (const one of cases) {
    it(`${one.name} [LINEAGE-001]`, async () => {
      const connection = await databaseWith(statements(one));
      const { columns, rows } = await (await readerOf(connection))(one.sql);
      connection.close();
      const found = columns.map(({ name, lineage }) => `${name}: ${said(lineage)}`);
      expect(found).toEqual(one.columns.map(({ name, from, copy }) => `${name}: ${expected(from, copy)}`));
      expect(said(rows)).toBe(expected(one.rows, false));
    });
  }
});
