import { qualified } from '../../store/connection.ts';
import type { RecordedModel } from '../plan/plan.ts';
import { recordDrop } from '../plan/record.ts';
import type { RelationKind } from '../table/catalog.ts';
import { retireTestsOf } from './retire-tests.ts';
import type { TestContext } from './test-context.ts';

/**
 * Takes away what the runner built of a model that is none any more: its table or view and the failing rows of its
 * tests, in one transaction with the record and the ledger's.
 *
 * @param kind what has its name now; undefined where somebody has dropped it already.
 */
export async function dropModel(
  { connection, ledger, runId, clock, turn }: TestContext,
  { name, reason }: { readonly name: string; readonly reason: string },
  kind: RelationKind | undefined,
  { contentHash, rows }: RecordedModel,
): Promise<void> {
  await turn();
  await connection.transaction(async () => {
    if (kind !== undefined) await connection.run(`DROP ${kind.toUpperCase()} ${qualified(name)}`);
    const at = clock();
    await retireTestsOf(connection, name, { runId, at });
    await recordDrop(connection, { runId, model: name, reason, at });
    const meta = { rows: Number(rows) };
    const entry = { action: 'model.drop', object: name, reason, correlationId: runId, before: contentHash, meta };
    await ledger?.append([entry], connection);
  });
}
