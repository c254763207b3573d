import type { ProjectChoice } from '../project/choice.ts';
import type { BuildOptions, BuildResult } from './build.ts';
import { lookAtWritten, orNone, standingBuild } from './standing-build.ts';
import type { Context } from './warehouse.ts';

/**
 * `build`, which is not begun where the last one left all up to date and nothing has changed since. Then nothing is
 * opened or written, the project is not read, and the result is what it would have been. A release, and a
 * build from nothing, is always begun; what is kept of it holds for the next one.
 *
 * @throws what `loadProject` and `build` throw
 */
export async function buildIfChanged(
  choice: ProjectChoice,
  options: BuildOptions,
  context: Context,
): Promise<BuildResult> {
  const started = context.clock().getTime();
  const ms = () => context.clock().getTime() - started;
  const written = isWhole(options) ? await orNone(lookAtWritten(choice)) : undefined;
  const isAsked = options.release || options.fullRefresh;
  const standing = written && !isAsked ? await orNone(standingBuild(choice, written)) : undefined;
  if (standing !== undefined) return { ...standing, ms: ms() };
  // Imported here: nothing of it is needed for a build that is not begun.
  const { buildAndRemember } = await import('./build-and-remember.ts');
  return { ...(await buildAndRemember(choice, written, options, context)), ms: ms() };
}

/** What keeps no failing rows tells of other tables than the build after it. */
const isWhole = ({ select, exclude = [], storeFailures = true }: BuildOptions) =>
  select.length + exclude.length === 0 && storeFailures;
