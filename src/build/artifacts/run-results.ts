import type { ModelResult, RunResult, TestResult } from '../../model/apply/result.ts';
import type { Project } from '../../project/project.ts';
import { qualified } from '../../store/connection.ts';
import { modelId, testId } from './dbt-names.ts';
import { type Invocation, metadataOf } from './manifest.ts';

/** What was asked for, and how long it took. */
export interface Command extends Invocation {
  readonly command: string;
  readonly select: readonly string[];
  readonly ms: number;
}

/** dbt's words for what came of a model; one that is up to date had nothing to be done. */
const MODEL_STATUS: Readonly<Record<ModelResult['state'], string>> = {
  built: 'success',
  skipped: 'no-op',
  failed: 'error',
  blocked: 'skipped',
  dropped: 'success',
};

const TEST_STATUS: Readonly<Record<TestResult['state'], string>> = {
  passed: 'pass',
  warned: 'warn',
  failed: 'fail',
  blocked: 'skipped',
};

/** `run_results.json` in the shape of dbt's (v6): what came of each model and of each test that was run. */
export function dbtRunResults(
  project: Project,
  { preparation: { input }, models, tests }: RunResult,
  invocation: Command,
) {
  const isSnapshot = (name: string) => input.analyses.get(name)?.source.properties.materialized === 'snapshot';
  const common = { timing: [], thread_id: 'main', compiled: true, compiled_code: null };
  return {
    metadata: metadataOf('run-results/v6', invocation),
    results: [
      ...models
        .filter(({ state }) => state !== 'dropped')
        .map(({ name, state, reason, rows, ms, error }) => ({
          ...common,
          unique_id: modelId(project, name, isSnapshot(name)),
          status: MODEL_STATUS[state],
          execution_time: ms / 1000,
          adapter_response: rows === undefined ? {} : { rows_affected: rows },
          message: error === undefined ? reason : `${error.code}: ${error.message}`,
          failures: null,
          relation_name: qualified(name),
        })),
      ...tests.map(({ name, model, state, failures, table, reason = null, error }) => ({
        ...common,
        unique_id: testId(project, model, name),
        status: error === undefined ? TEST_STATUS[state] : 'error',
        execution_time: 0,
        adapter_response: {},
        message: error === undefined ? reason : `${error.code}: ${error.message}`,
        failures: error === undefined && state !== 'blocked' ? failures : null,
        relation_name: table === undefined ? null : qualified(table),
      })),
    ],
    elapsed_time: invocation.ms / 1000,
    args: { which: invocation.command, select: invocation.select },
  };
}
