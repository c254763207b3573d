import type { WarehouseEvent } from '../lib/events.ts';
import type { Project } from '../project/project.ts';
import type { BuildOptions, BuildResult, build } from './build.ts';
import { lookAround, rememberBuild, standingBuild } from './standing-build.ts';
import type { Context } from './warehouse.ts';

/**
 * `build`, which is not begun where the last one left all up to date and nothing has changed since. Then nothing is
 * opened or written, and the result is what it would have been. A release is always begun.
 */
export const buildIfChanged: typeof build = async (project, options, context) => {
  const started = context.clock().getTime();
  const ms = () => context.clock().getTime() - started;
  const isOrdinary = isWhole(options) && !readsClock(project);
  const before = isOrdinary ? await orNone(lookAround(project)) : undefined;
  const standing = before && !options.release ? await orNone(standingBuild(project, before)) : undefined;
  if (standing !== undefined) return { ...standing, ms: ms() };
  const { said, ...listening } = overhear(context);
  const { build } = await import('./build.ts');
  const result = await build(project, options, listening);
  const next = before?.isSettled && !said() ? ifNothingChanges(result) : undefined;
  if (before && next) await orNone(rememberBuild(project, before, next));
  return { ...result, ms: ms() };
};

/** What lies in the way of looking around is told by the build, if it is in its way too. */
const orNone = <Result>(work: Promise<Result>): Promise<Result | undefined> => work.catch(() => undefined);

const isWhole = ({ select, exclude = [], fullRefresh }: BuildOptions) =>
  select.length + exclude.length === 0 && !fullRefresh;

/** A test of freshness is run each time. */
function readsClock({ models, rules, qc }: Project): boolean {
  const sources = [...models, ...[...rules, ...qc].map(({ source }) => source)];
  return sources.some(({ properties }) => properties.tests.some(({ kind }) => kind === 'freshness'));
}

/** The same context, and whether anything was told through it that the next build would tell again. */
function overhear(context: Context): Context & { said: () => boolean } {
  let isSaid = false;
  const events = (event: WarehouseEvent) => {
    if (event.event === 'notice' || event.event === 'error') isSaid = true;
    context.events(event);
  };
  return { ...context, events, said: () => isSaid };
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
