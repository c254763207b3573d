import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';

/** A command that runs models or tests. */
export type RunCommand = 'build' | 'run' | 'test';

/** A row of run.result, without its run. */
export interface RecordedResult {
  readonly model: string;
  /** NULL for the model itself. */
  readonly test: string | null;
  readonly state: string;
  readonly code: string | null;
}

/** The last run that came to its end. */
export interface LastRun {
  readonly command: RunCommand;
  readonly fullRefresh: boolean;
  readonly results: readonly RecordedResult[];
}

/** What the last run came to; undefined where none was recorded. Of a file that was made before there was a record too. */
export async function readLastRun(connection: Connection): Promise<LastRun | undefined> {
  if (!(await hasRelation(connection, 'run.invocation'))) return undefined;
  const last = await connection.row<{ run_id: string; command: RunCommand; full_refresh?: boolean | null }>(
    'FROM run.invocation ORDER BY ordinal DESC LIMIT 1',
  );
  if (last === undefined) return undefined;
  const results = await connection.rows<RecordedResult>(
    'SELECT model, test, state, code FROM run.result WHERE run_id = $1 ORDER BY ordinal',
    [last.run_id],
  );
  return { command: last.command, fullRefresh: last.full_refresh ?? false, results };
}
