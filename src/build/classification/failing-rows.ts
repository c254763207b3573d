import { type Cell, highest, UNCLASSIFIED } from '../../model/classification/cell.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { failureTable } from '../../model/test/failure-table.ts';
import { EMPTY_TEXT } from '../../model/test/tests.ts';
import { type Classes, ofTables } from './classify.ts';

type Tested = Pick<Preparation, 'input' | 'tests' | 'unitTests'>;

/**
 * How the tables that keep failing rows are classified: as the highest of all columns of what the test reads, those that
 * its SELECT gives and others, for that a row fails tells of all that the test asks. Rows of earlier runs may have been
 * found by another SELECT, so that a table never becomes less than it was as long as it is there.
 *
 * @param there the tables of failing rows that there are, with their schema
 */
export function failingRows(classes: Classes, preparation: Tested, there: readonly string[]): Map<string, Cell> {
  const names = new Set(preparation.input.analyses.keys());
  const now = new Map(testedTables(preparation).map(({ table, reads }) => [table, ofTables(classes, reads, names)]));
  // Of a table whose test is not known, nothing tells what it read.
  const any = highest([classes.all, ...[...classes.models.keys()].map((name) => ofTables(classes, [name], names))]);
  return new Map(
    there.map((table): [string, Cell] => {
      const from = highest([now.get(table) ?? any, classes.remembered.of(table) ?? UNCLASSIFIED]);
      return [table, { classification: from.classification, name: table, from }];
    }),
  );
}

/** The tables in which the tests of a project keep failing rows, there or not, with what each test reads. */
export function testedTables({ input, tests, unitTests }: Tested): { table: string; reads: readonly string[] }[] {
  const emptyText = [...input.analyses.keys()].map((model) => {
    return { table: failureTable({ name: EMPTY_TEXT, model, gate: model }), reads: [model] };
  });
  const read = tests.map((test) => ({ table: failureTable(test), reads: test.reads }));
  // What a model makes of given rows may hold what is not given: of a file that it reads.
  const given = unitTests.map((test) => ({ table: failureTable(test), reads: [test.source.name] }));
  return [...emptyText, ...read, ...given];
}
