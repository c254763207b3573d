import { DEFAULT_TARGET } from './choice.ts';

/** What a run leaves for other tools: two files in the shapes of dbt, and what these have no place for. */
export const [MANIFEST, RUN_RESULTS, RESULTS] = ['manifest.json', 'run_results.json', 'warehouse_results.json'];

/** Where the artifacts of a target go: where tools made for dbt look for them, if it is the ordinary one. */
export function artifactsFolder(target: string): string {
  return target === DEFAULT_TARGET ? 'target' : `target/artifacts-${target}`;
}

/** The files themselves, relative to the project. */
export function artifactFiles(target: string): string[] {
  return [MANIFEST, RUN_RESULTS, RESULTS].map((name) => `${artifactsFolder(target)}/${name}`);
}
