import type { Connection } from '../../store/connection.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { timestampText } from '../../store/timestamp-text.ts';
import type { RunCommand } from '../plan/last-run.ts';
import type { RunResult } from './result.ts';

/** A run that has come to its end. */
export interface Invocation {
  readonly runId: string;
  readonly command: RunCommand;
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  readonly fullRefresh?: boolean;
  readonly storeFailures?: boolean;
  readonly started: Date;
  readonly ended: Date;
}

/** Writes what a run came to, for `retry` and for selectors that ask for results: run.invocation and run.result. */
export async function recordRun(
  connection: Connection,
  { runId, command, select = [], exclude = [], fullRefresh = false, storeFailures = true, started, ended }: Invocation,
  { models, tests }: Pick<RunResult, 'models' | 'tests'>,
): Promise<void> {
  const results = [
    ...models
      .filter(({ state }) => state !== 'skipped')
      .map(({ name, state, reason, error }) => ({ model: name, state, reason, code: error?.code })),
    ...tests.map(({ name, model, state, reason, error }) => ({ model, test: name, state, reason, code: error?.code })),
  ];
  await connection.transaction(async () => {
    await insertRows(
      connection,
      'run.result',
      results.map((result, at) => ({ run_id: runId, ordinal: at + 1, ...result })),
    );
    await connection.run(
      `INSERT INTO run.invocation
       SELECT coalesce(max(ordinal), 0) + 1, $1, $2, from_json($3::JSON, '["VARCHAR"]'), from_json($4::JSON, '["VARCHAR"]'),
         CAST($5 AS TIMESTAMP), CAST($6 AS TIMESTAMP), $7, $8 FROM run.invocation`,
      [
        runId,
        command,
        JSON.stringify(select),
        JSON.stringify(exclude),
        timestampText(started),
        timestampText(ended),
        fullRefresh,
        storeFailures,
      ],
    );
  });
}
