import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivered } from '../../load/deliver.ts';
import type { RunResult } from '../../model/apply/result.ts';
import { DEFAULT_TARGET } from '../../project/choice.ts';
import { checkFolder, PARTIAL } from '../../project/output-places.ts';
import type { Project } from '../../project/project.ts';
import { dbtManifest, type Invocation } from './manifest.ts';
import { type Command, dbtRunResults } from './run-results.ts';
import { warehouseResults } from './warehouse-results.ts';

/** Where the artifacts of a target go: where tools made for dbt look for them, if it is the ordinary one. */
function artifactsFolder({ target }: Pick<Project, 'target'>): string {
  return target.name === DEFAULT_TARGET ? 'target' : `target/artifacts-${target.name}`;
}

const [MANIFEST, RUN_RESULTS, RESULTS] = ['manifest.json', 'run_results.json', 'warehouse_results.json'];

/** The files that `writeRunArtifacts` writes, relative to the project. */
export function artifactFiles(project: Pick<Project, 'target'>): string[] {
  return [MANIFEST, RUN_RESULTS, RESULTS].map((name) => `${artifactsFolder(project)}/${name}`);
}

/**
 * Writes what a run was and came to: `manifest.json` and `run_results.json` in dbt's shapes, and `warehouse_results.json`
 * with what these have no place for. No value of the data is in them.
 */
export function writeRunArtifacts(
  project: Project,
  result: RunResult,
  deliveries: readonly Delivered[],
  command: Command & Pick<Invocation, 'classes'>,
): void {
  const { runId, at, select, classes } = command;
  const details = warehouseResults(project, result, deliveries);
  writeArtifacts(project, {
    [MANIFEST]: dbtManifest(project, result.preparation, { runId, at, classes }),
    [RUN_RESULTS]: dbtRunResults(project, result, command),
    [RESULTS]: { run_id: runId, command: command.command, at: at.toISOString(), select, ...details },
  });
}

/** Writes each as JSON under its name; a reader finds the former one or the new one, never a part. */
function writeArtifacts(project: Project, artifacts: Readonly<Record<string, unknown>>): void {
  const folder = artifactsFolder(project);
  checkFolder(project.root, folder);
  mkdirSync(join(project.root, folder), { recursive: true });
  for (const [name, content] of Object.entries(artifacts)) {
    const path = join(project.root, folder, name);
    writeFileSync(`${path}${PARTIAL}`, `${JSON.stringify(content)}\n`);
    renameSync(`${path}${PARTIAL}`, path);
  }
}
