import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertyError } from '../../project/property-error.ts';
import { placeOf } from '../sql/sql-error.ts';
import type { RelationKind } from '../table/catalog.ts';
import { relationOf } from '../table/compile.ts';
import { failureTable } from '../test/failure-table.ts';
import { holds, type TestOutcome } from '../test/failures.ts';
import type { PlannedTest } from '../test/test-plan.ts';
import { textOf } from '../test/tests.ts';

/** What a failure leaves a person with. */
export interface Left {
  /** What has the name of the model now, if anything does. */
  readonly inPlace: RelationKind | undefined;
  /** The command that asks the file. */
  readonly query: string;
}

/** The error of a model that tests do not let in place: its own, or others that read it. */
export function testsFailedError(source: ModelSource, outcomes: readonly TestOutcome[], left: Left): WarehouseError {
  const failed = outcomes.filter((outcome) => !holds(outcome));
  const isOwn = ({ test }: TestOutcome) => test.model === source.name;
  const lines = failed.map((outcome) => {
    const { test } = outcome;
    const whose = isOwn(outcome) ? '' : ` of ${test.model ?? test.path}, which reads it`;
    return `${test.name}${ofColumns(test)}${whose}: ${foundText(outcome)}`;
  });
  const [first] = failed;
  const own = failed.find(isOwn);
  return new WarehouseError({
    kind: 'data',
    code: 'TEST_FAILED',
    message: `${source.name} does not hold ${lines.join('; ')}.`,
    place: placeOf(textOf((own ?? first).test)),
    next: `${lookAt(first, left)}; ${stateText(source, left)}.`,
  });
}

/** The error of a model whose unit tests fail: its SELECT does not make what is expected of the given rows. */
export function unitTestsFailedError(
  source: ModelSource,
  outcomes: readonly TestOutcome[],
  left: Left,
): WarehouseError {
  const failed = outcomes.filter((outcome) => !holds(outcome));
  const lines = failed.map((outcome) => `${outcome.test.name}: ${foundText(outcome)}`);
  const [first] = failed;
  const unit = source.unitTests?.find(({ name }) => name === first.test.name);
  return propertyError(source, unit?.path ?? [], {
    code: 'UNIT_TEST_FAILED',
    message: `${source.name} does not make what its unit tests expect. ${lines.join('; ')}.`,
    next: `${lookAt(first, left)}; ${stateText(source, left)}.`,
  });
}

/** ` (STUDYID, USUBJID)` of keys, which do not say it by their name. */
function ofColumns({ kind, name, columns }: PlannedTest): string {
  const isSaid = kind !== 'unique' || columns.every((column) => name.includes(column));
  return isSaid ? '' : ` (${columns.join(', ')})`;
}

/** `2 rows, kept in failures.sdtm_ae__late` */
function foundText({ test, failures, said, file }: TestOutcome): string {
  const found = said ?? `${failures} ${failures === 1n ? 'row' : 'rows'}`;
  return file === undefined ? found : `${found}, kept in ${failureTable(test)}`;
}

function lookAt({ test, failures, isKept }: TestOutcome, { query }: Left): string {
  if (failures === 0n) return `See its thresholds: ${test.asserts}`;
  if (!isKept) return 'To see the rows, run it without --no-store-failures';
  return `Look: ${query} "SELECT * FROM ${failureTable(test)} WHERE _resolved IS NULL"`;
}

function stateText({ name, properties }: ModelSource, { inPlace }: Left): string {
  if (inPlace === undefined) return `the new ${relationOf(properties)} ${name} was not put in place`;
  return `the former ${inPlace} ${name} is still in place`;
}
