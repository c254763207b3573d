import { Missing, type Value } from './value.ts';

const OF_DATA = 'the SQL of a model must not depend on data.';
const OF_RUNS = 'it differs from run to run, and so would the result.';
const LIST = 'List the values, or leave the question to the SQL.';
const VARS = 'Use var() and vars: of warehouse.yml.';

/** What dbt has and is not to be had here: why, and what to write instead. */
const REFUSED: Readonly<Record<string, readonly [why: string, instead: string]>> = {
  env_var: ['it is not the same on every machine, and may be a secret.', VARS],
  run_query: [OF_DATA, LIST],
  statement: [OF_DATA, LIST],
  load_result: [OF_DATA, LIST],
  adapter: [OF_DATA, 'Name the columns, or use * EXCLUDE, * REPLACE and COLUMNS() of DuckDB.'],
  graph: ['a model knows of others only what ref() gives.', 'Name the model: ref().'],
  modules: [OF_RUNS, VARS],
  run_started_at: [OF_RUNS, VARS],
  invocation_id: [OF_RUNS, 'Leave it out: the record of each run is in the schema run.'],
  flags: [OF_RUNS, VARS],
  dbt_utils: ['packages of dbt are not loaded.', 'Copy the macro into a file of macros/, and call it by its own name.'],
  dbt: ['the macros of dbt itself are not loaded.', 'Write the SQL of DuckDB.'],
};

/** Each of them, to be refused where it is used. */
export function refusals(): [string, Value][] {
  return Object.entries(REFUSED).map(([name, [why, instead]]) => [
    name,
    new Missing(`${name} is not to be had here: ${why}`, instead, 'TEMPLATE_REFUSED'),
  ]);
}
