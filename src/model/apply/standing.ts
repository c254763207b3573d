import type { Connection } from '../../store/connection.ts';
import { contentNow, type Recorded } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';
import { IS_KEPT, testKey } from '../plan/record.ts';
import { readShapes } from '../test/shapes.ts';
import { isSelected, shownModel, testFingerprint } from '../test/test-plan.ts';
import { EMPTY_TEXT } from '../test/tests.ts';
import type { TestResult } from './result.ts';

interface Row {
  readonly model: string;
  readonly test: string;
  readonly state: TestResult['state'];
  readonly failure_count: bigint;
  readonly failures: string | null;
  readonly fingerprint: string;
}

/**
 * The tests that a run of the selected models had no need to run, with what they came to when they last were: on what is there
 * now. Those that failed are not among them, and neither are tests that are none any more.
 *
 * @param recorded what is in place now
 * @param ran those that this run did run
 */
export async function readStanding(
  connection: Connection,
  { tests, unitTests, input }: Preparation,
  recorded: Recorded,
  ran: readonly TestResult[],
): Promise<TestResult[]> {
  const content = contentNow(input, recorded);
  const rows = await connection.rows<Row>(
    `SELECT model, test, state, failure_count, fingerprint,
       CASE WHEN ${IS_KEPT} AND failures IN (SELECT schema_name || '.' || table_name FROM duckdb_tables()
         WHERE database_name = current_database()) THEN failures END AS failures
     FROM run.current_test WHERE state <> 'failed' ORDER BY ordinal`,
  );
  const run = new Set(ran.map(({ model, name }) => testKey(model, name)));
  const shapes = await readShapes(connection, unitTests);
  const known = [
    ...tests.map((test) => ({ test, of: content })),
    ...unitTests.map((test) => ({ test, of: (table: string) => shapes.get(table) })),
  ];
  const planned = new Map(known.map((one) => [testKey(shownModel(one.test), one.test.name), one]));
  const stands = ({ model, test: name, fingerprint }: Row) => {
    const key = testKey(model, name);
    if (run.has(key)) return false;
    const found = planned.get(key);
    // That of empty text comes with the columns of a dataset, and is run whenever it is built.
    if (found === undefined) return name === EMPTY_TEXT && input.selected.has(model);
    return isSelected(found.test, input) && fingerprint === testFingerprint(found.test, found.of);
  };
  return rows.filter(stands).map(({ model, test: name, state, failure_count, failures }) => {
    return { name, model, state, failures: Number(failure_count), ...(failures !== null && { table: failures }) };
  });
}
