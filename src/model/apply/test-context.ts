import type { Ledger } from '../../audit/ledger.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Connection } from '../../store/connection.ts';
import type { TestRun } from '../test/failures.ts';

/** Where it is written down that a model was put in place. */
export type RunLedger = Pick<Ledger, 'append'>;

/** What tests need to be run and recorded. */
export interface TestContext extends TestRun {
  readonly connection: Connection;
  readonly ledger?: RunLedger;
  readonly runId: string;
  readonly clock: Clock;
  /** Content hash of a table as it is now. */
  readonly content: (table: string) => string | undefined;
}
