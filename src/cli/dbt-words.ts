/** Commands of dbt that there are not, with what to do instead. */
export const DBT_COMMANDS: Readonly<Record<string, string>> = {
  seed: 'Seeds are made as models are: warehouse build, or warehouse run for these alone.',
  snapshot: 'A snapshot is a model with materialized: snapshot: warehouse build makes it.',
  docs: 'What docs shows is in the comments of the published file; see warehouse lineage too.',
  deps: 'Packages are not loaded: copy the macro into macros/.',
  show: 'Ask with warehouse query "FROM sdtm.ae LIMIT 5".',
  source: 'How old the data are is asked by the test freshness: warehouse test.',
  parse: 'warehouse list reads everything that was written, and says what is wrong with it.',
  'run-operation': 'There are no operations: the SQL of a build is its models.',
};

/** Flags of dbt that no command has. */
export const DBT_FLAGS: Readonly<Record<string, string>> = {
  models: 'Write --select.',
  m: 'Write --select.',
  vars: 'Variables stand under vars: in warehouse.yml.',
  state: 'state:modified compares with what was built: --select state:modified.',
  defer: 'A target has a file of its own, and there is nothing to defer to.',
  'profiles-dir': 'There are no profiles: the working file is .warehouse/<target>.duckdb.',
  'project-dir': 'Write --project.',
};
