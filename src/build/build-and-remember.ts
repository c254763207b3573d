import { join } from 'node:path';
import type { WarehouseEvent } from '../lib/events.ts';
import { fileState } from '../lib/file-state.ts';
import { artifactFiles } from '../project/artifact-files.ts';
import type { ProjectChoice } from '../project/choice.ts';
import { loadProject } from '../project/load-project.ts';
import type { Project } from '../project/project.ts';
import { sourcePatterns } from '../project/seeds.ts';
import { fixturesOf } from '../project/unit-test.ts';
import { type BuildOptions, type BuildResult, build } from './build.ts';
import { type Look, lookAtRead, orNone, rememberBuild, type Surroundings } from './standing-build.ts';
import type { Context } from './warehouse.ts';

/**
 * Reads the project and builds it, and keeps what the next build comes to if nothing changes.
 * @param written what makes the project, looked at before; undefined where nothing is to be kept
 */
export async function buildAndRemember(
  choice: ProjectChoice,
  written: Look | undefined,
  options: BuildOptions,
  context: Context,
): Promise<BuildResult> {
  const project = await loadProject(choice.root, choice);
  const before = written && (await orNone(lookAround(choice, project, written)));
  const { said, placed, ...listening } = overhear(project, context);
  const result = await build(project, options, listening);
  const next = before && !said() ? ifNothingChanges(result) : undefined;
  if (before && next)
    await orNone(rememberBuild(choice, before, { result: next, placed, others: artifactFiles(choice.target) }));
  return result;
}

/**
 * What a build reads, looked at before it does; undefined where what changes would not show: a file has changed just now,
 * a fixture lies where nobody looked, or a test is run each time because it asks what time it is.
 */
export async function lookAround(
  choice: ProjectChoice,
  { models, rules, qc, configuration }: Project,
  written: Look,
): Promise<Surroundings | undefined> {
  const sources = [...models, ...[...rules, ...qc].map(({ source }) => source)];
  const properties = sources.map((source) => source.properties);
  if (properties.some(({ tests }) => tests.some(({ kind }) => kind === 'freshness'))) return undefined;
  const seen = new Set(written.paths);
  const fixtures = properties.flatMap(({ unit_tests }) => fixturesOf(unit_tests).map(({ fixture }) => fixture));
  if (fixtures.some((path) => !seen.has(path))) return undefined;
  const patterns = sourcePatterns(configuration);
  const read = await lookAtRead(choice, patterns);
  return written.isSettled && read.isSettled ? { written, read, patterns } : undefined;
}

interface Overheard extends Context {
  /** Whether anything was told that the next build would tell again. */
  readonly said: () => boolean;
  /** The state of each file that was handed over, as it was when it was in its place. */
  readonly placed: ReadonlyMap<string, string | undefined>;
}

function overhear({ root }: Project, context: Context): Overheard {
  let isSaid = false;
  const placed = new Map<string, string | undefined>();
  const events = (event: WarehouseEvent) => {
    if (event.event === 'notice' || event.event === 'error') isSaid = true;
    context.events(event);
  };
  const onPlaced = (path: string) => placed.set(path, fileState(join(root, path)));
  return { ...context, events, onPlaced, said: () => isSaid, placed };
}

/** What the build after this one comes to, if nothing changes; undefined where it would have something to do. */
export function ifNothingChanges(result: BuildResult): BuildResult | undefined {
  const { models, tests, validations, unread, checks, exports, publications, withheld } = result;
  const isDone = models.every(({ state }) => state === 'built' || state === 'skipped' || state === 'dropped');
  if (!isDone || tests.failed > 0 || withheld !== undefined) return undefined;
  const { newlyUnconverted: _, ...unreadStill } = unread;
  return {
    deliveries: [],
    models: models
      .filter(({ state }) => state !== 'dropped')
      .map(({ name, rows }) => ({ name, ms: 0, state: 'skipped', rows, reason: 'unchanged' })),
    tests: {
      passed: 0,
      warned: 0,
      failed: 0,
      found: [],
      notRun: [],
      unchanged: tests.passed + tests.warned + tests.unchanged,
      standing: [...tests.standing, ...tests.found],
    },
    validations,
    unread: unreadStill,
    checks,
    exports: exports.map((file) => ({ ...file, unchanged: true })),
    publications,
    ms: 0,
  };
}
