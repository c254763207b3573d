import { WarehouseError } from '../../lib/errors.ts';
import { placeOf } from '../sql/sql-error.ts';
import type { BrokenTest, PlannedTest } from './test-plan.ts';
import { EMPTY_TEXT, textOf } from './tests.ts';

/**
 * Refuses tests that are shown under one model with the name of another of its tests, whatever its case: they would
 * share their record and the table of the rows that fail. Of a declared test and a file of tests/ it is the file, and
 * no test of a dataset has the name of the one that every dataset has.
 */
export function refuseSharedNames(
  planned: readonly (PlannedTest | BrokenTest)[],
  datasets: ReadonlySet<string>,
): (PlannedTest | BrokenTest)[] {
  const key = (model: string, name: string) => `${model}/${name.toLowerCase()}`;
  const declared = new Set(
    planned.map((one) => ('error' in one ? one.test : one)).map(({ model, name }) => key(model ?? '', name)),
  );
  return planned.map((test) => {
    if ('error' in test || test.gate === undefined) return test;
    const model = test.model ?? test.gate;
    const isOwn = datasets.has(model) && test.name.toLowerCase() === EMPTY_TEXT;
    const isTaken = test.model === undefined && declared.has(key(model, test.name));
    return isOwn || isTaken ? { test, error: shared(test, model) } : test;
  });
}

function shared(test: PlannedTest, model: string): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'TEST_NAME_TAKEN',
    message: `${model} has another test of the name ${test.name}: the rows that fail would be kept in one table.`,
    place: { model, ...placeOf(textOf(test)) },
    next: 'Give one of them another name.',
  });
}
