import type { RunResult } from '../../src/model/apply/result.ts';
import { type RunOptions, runModels } from '../../src/model/run.ts';
import type { ModelSource } from '../../src/project/project.ts';
import { propertiesSchema } from '../../src/project/properties.ts';
import type { SqlFile } from '../../src/project/sql-file.ts';
import { unitTestsOf } from '../../src/project/unit-test.ts';
import type { TemporaryFile } from './database.ts';

/** A model with its properties as they would be written in YAML. */
export function model(name: string, sql: string, properties: Record<string, unknown> = {}): ModelSource {
  const path = `models/${name.replace('.', '/')}`;
  const read = propertiesSchema.parse(properties);
  const unitTests = unitTestsOf(read.unit_tests);
  return {
    ...(unitTests.length > 0 && { unitTests }),
    name,
    schema: name.slice(0, name.indexOf('.')),
    path: `${path}.sql`,
    sql,
    properties: read,
    propertiesPath: `${path}.yml`,
    generated: false,
  };
}

export function sqlFile(path: string, sql: string): SqlFile {
  return { name: path.slice(path.lastIndexOf('/') + 1, -'.sql'.length), path, sql };
}

export type Given = Partial<Omit<RunOptions, 'connection'>>;

let runs = 0;

export function run(
  { connection, failures }: TemporaryFile,
  models: ModelSource[],
  given: Given = {},
): Promise<RunResult> {
  runs++;
  return runModels({
    connection,
    models,
    macros: [],
    tests: [],
    failuresDirectory: failures,
    clock: () => new Date('2026-03-27T08:00:00Z'),
    runId: `run-${runs}`,
    ...given,
  });
}

/** `sdtm.ae built: new`, one line a model. */
export function states({ models }: RunResult): string[] {
  return models.map(({ name, state, reason }) => `${name} ${state}: ${reason}`);
}
