import type { Connection } from '../../store/connection.ts';
import { recordTests, type TestRecord } from '../plan/record.ts';
import { failureName, failureTable } from '../test/failure-table.ts';
import type { TestOutcome } from '../test/failures.ts';
import { commentOnRows, KEPT_ROWS, keepRows } from '../test/kept-rows.ts';
import { shownModel, testFingerprint } from '../test/test-plan.ts';
import type { TestContext } from './test-context.ts';

/** Writes what tests came to, and the rows that failed. Inside a transaction of the caller, in its turn. */
export async function writeTests(context: TestContext, outcomes: readonly TestOutcome[]): Promise<void> {
  const { connection, committed, runId, clock, content } = context;
  const there = await context.failureNames();
  const records: TestRecord[] = [];
  for (const outcome of outcomes) {
    const { test, state, failures, file, isKept } = outcome;
    const at = clock();
    const wasThere = there.has(failureName(test));
    const isThere = wasThere || file !== undefined;
    if (isKept && isThere) {
      await keepFailures(connection, outcome, { isThere: wasThere, at, runId });
      there.add(failureName(test));
    }
    records.push({
      runId,
      model: shownModel(test),
      test,
      state,
      failures,
      table: isThere ? failureTable(test) : undefined,
      fingerprint: testFingerprint(test, content),
      at,
    });
  }
  await recordTests({ connection, committed }, records);
}

async function keepFailures(
  connection: Connection,
  { test, file, failures }: TestOutcome,
  { isThere, at, runId }: { readonly isThere: boolean; readonly at: Date; readonly runId: string },
): Promise<void> {
  await keepRows(connection, test, { file, isThere, at });
  const kept = failures > KEPT_ROWS ? `${KEPT_ROWS} of ` : '';
  const found = `${kept}${failures}, in run ${runId}`;
  const said = `Rows that fail the test ${test.name} of ${shownModel(test)}, where _resolved is NULL: ${found}. The others failed before. It asserts: ${test.asserts}`;
  await commentOnRows(connection, test, said);
}
