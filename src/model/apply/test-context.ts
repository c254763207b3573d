import type { Ledger } from '../../audit/ledger.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Turn } from '../../lib/in-turn.ts';
import type { Connection } from '../../store/connection.ts';
import type { TestRun } from '../test/failures.ts';
import { failureNames } from '../test/kept-rows.ts';

/** Where it is written down that a model was put in place. */
export type RunLedger = Pick<Ledger, 'append'>;

/** What models and tests need to be made, run and recorded. */
export interface TestContext extends TestRun {
  readonly connection: Connection;
  /** As of `Recording`. */
  readonly committed: Connection;
  /** Comes before whatever is recorded, and whatever is told. */
  readonly turn: Turn;
  readonly ledger?: RunLedger;
  readonly runId: string;
  readonly clock: Clock;
  /** Content hash of a table as it is now. */
  readonly content: (table: string) => string | undefined;
  /** As of `rememberedFailureNames`. */
  readonly failureNames: () => Promise<Set<string>>;
}

/**
 * The names of the tables of failing rows that there are, asked for once: the list of all tables takes longer than most
 * tests. Who makes such a table adds it.
 */
export function rememberedFailureNames(connection: Connection): () => Promise<Set<string>> {
  let names: Promise<Set<string>> | undefined;
  return () => {
    names ??= failureNames(connection).then((found) => new Set(found));
    return names;
  };
}
