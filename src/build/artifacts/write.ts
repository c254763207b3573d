import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivered } from '../../load/deliver.ts';
import type { RunResult } from '../../model/apply/result.ts';
import { artifactsFolder, MANIFEST, RESULTS, RUN_RESULTS } from '../../project/artifact-files.ts';
import { checkFolder, PARTIAL } from '../../project/output-places.ts';
import type { Project } from '../../project/project.ts';
import { dbtManifest } from './manifest.ts';
import { type Command, dbtRunResults } from './run-results.ts';
import { warehouseResults } from './warehouse-results.ts';

/**
 * Writes what a run was and came to: `manifest.json` and `run_results.json` in dbt's shapes, and `warehouse_results.json`
 * with what these have no place for. No value of the data is in them.
 */
export function writeRunArtifacts(
  project: Project,
  result: RunResult,
  deliveries: readonly Delivered[],
  command: Command,
): void {
  const { runId, at, select } = command;
  const details = warehouseResults(project, result, deliveries);
  writeArtifacts(project, {
    [MANIFEST]: dbtManifest(project, result.preparation, command),
    [RUN_RESULTS]: dbtRunResults(project, result, command),
    [RESULTS]: { run_id: runId, command: command.command, at: at.toISOString(), select, ...details },
  });
}

/** Writes each as JSON under its name; a reader finds the former one or the new one, never a part. */
function writeArtifacts(project: Project, artifacts: Readonly<Record<string, unknown>>): void {
  const folder = artifactsFolder(project.target.name);
  checkFolder(project.root, folder);
  mkdirSync(join(project.root, folder), { recursive: true });
  for (const [name, content] of Object.entries(artifacts)) {
    const path = join(project.root, folder, name);
    writeFileSync(`${path}${PARTIAL}`, `${JSON.stringify(content)}\n`);
    renameSync(`${path}${PARTIAL}`, path);
  }
}
