import { WarehouseError } from '../lib/errors.ts';
import { completeState } from '../load/load.ts';
import type { Project } from '../project/project.ts';
import { assertOpen, type Fragment, fragmentOf, particularsOf } from './fragment.ts';
import { defineReconciliation } from './reconcile.ts';
import { type Context, isBuilt, notBuilt, type OpenOptions, withWarehouse } from './warehouse.ts';

interface DiscardOptions extends OpenOptions {
  readonly number: number;
  /** Why: it stays in the ledger for ever. */
  readonly reason: string;
}

/**
 * Records the decision that a fragment holds nothing that is to be landed. What is live does not change by it: a
 * delivery that was not read whole stays an increment.
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, QUARANTINE_UNKNOWN, QUARANTINE_DECIDED, QUARANTINE_REASON; fault
 * STORE_LOCKED, LEDGER_*
 */
export async function quarantineDiscard(
  project: Project,
  options: DiscardOptions,
  context: Context,
): Promise<Fragment> {
  const reason = options.reason.trim();
  if (reason === '') {
    const message = 'A fragment is discarded for a reason, and none is given.';
    throw new WarehouseError({ kind: 'usage', code: 'QUARANTINE_REASON', message, next: 'Say why: --reason TEXT.' });
  }
  if (!isBuilt(project)) throw notBuilt(project);
  return withWarehouse(project, options, context, async ({ connection, ledger, correlationId }) => {
    await completeState(connection);
    await defineReconciliation(connection, project);
    const fragment = await fragmentOf(connection, project, options.number);
    assertOpen(fragment, project);
    const object = `quarantine/${fragment.number}`;
    const meta = particularsOf(fragment);
    await connection.transaction(() =>
      ledger.append([{ action: 'quarantine.discard', object, reason, correlationId, meta }]),
    );
    return fragmentOf(connection, project, options.number);
  });
}
