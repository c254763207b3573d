import { type Cell, highest } from '../../model/classification/cell.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { failureTable } from '../../model/test/failure-table.ts';
import { EMPTY_TEXT } from '../../model/test/tests.ts';
import type { Classification } from '../../project/classification.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { type Classes, ofTables } from './classify.ts';

/**
 * How the tables that keep failing rows are classified: as the highest of all columns of what the test reads, those that
 * its SELECT gives and others, for that a row fails tells of all that the test asks. Rows of earlier runs may have been
 * found by another SELECT, so that a table never becomes less than it was as long as it is there.
 *
 * @param there the tables of failing rows that there are, with their schema
 */
export async function failingRows(
  connection: Connection,
  classes: Classes,
  { input, tests, unitTests }: Pick<Preparation, 'input' | 'tests' | 'unitTests'>,
  there: readonly string[],
): Promise<Map<string, Cell>> {
  const names = new Set(input.analyses.keys());
  const emptyText = [...names].map((model) => {
    return { table: failureTable({ name: EMPTY_TEXT, model, gate: model }), reads: [model] };
  });
  const read = tests.map((test) => ({ table: failureTable(test), reads: test.reads }));
  // Rows of a unit test are made of those that its YAML gives.
  const given = unitTests.map((test) => ({ table: failureTable(test), reads: [] }));
  const now = new Map(
    [...emptyText, ...read, ...given].map(({ table, reads }) => [table, ofTables(classes, reads, names)]),
  );
  const before = await recorded(connection, there);
  // Of a table whose test is not known, nothing tells what it read.
  const any = highest([classes.all, ...[...classes.models.keys()].map((name) => ofTables(classes, [name], names))]);
  return new Map(
    there.map((table): [string, Cell] => {
      const from = highest([now.get(table) ?? any, ...(before.get(table) ?? [])]);
      return [table, { classification: from.classification, name: table, from }];
    }),
  );
}

/** What they were recorded as by the last run. */
async function recorded(connection: Connection, there: readonly string[]): Promise<Map<string, Cell[]>> {
  if (there.length === 0 || !(await hasRelation(connection, 'recon.column_classification'))) return new Map();
  const rows = await connection.rows<{ model: string; effective: Classification }>(
    `SELECT model, effective FROM recon.column_classification WHERE starts_with(model, 'failures.')`,
  );
  return new Map(rows.map(({ model, effective }) => [model, [{ classification: effective, name: 'an earlier run' }]]));
}
