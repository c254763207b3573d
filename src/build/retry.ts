import { WarehouseError } from '../lib/errors.ts';
import { hasFailed } from '../model/apply/result.ts';
import { type LastRun, type RunCommand, readLastRun } from '../model/plan/last-run.ts';
import type { Project } from '../project/project.ts';
import { type BuildResult, build, type LoadOptions, run, test } from './build.ts';
import { type Context, commandFor, withReadOnly } from './warehouse.ts';

/** What the command did that was run again; where nothing had failed, that none was. */
export type Retried = Partial<BuildResult> & Pick<BuildResult, 'models' | 'tests' | 'ms'> & { command?: RunCommand };

/**
 * Does the last build, run or test again, of what failed in it: models, what they blocked, and the models whose tests
 * failed or were held back. Of one that was cut short nothing is known: then it is the one before that.
 * @throws usage NOT_BUILT, RETRY_NO_RUN; those of the command.
 */
export async function retry(project: Project, options: LoadOptions, context: Context): Promise<Retried> {
  const last = await withReadOnly(project, options, readLastRun);
  if (last === undefined) throw noRun(project);
  if (!hasFailed(last.results)) {
    const next = `${commandFor(project.target, 'build')} does whatever else there is to do.`;
    context.events({ event: 'notice', code: 'RETRY_NOTHING', message: nothing(last), next });
    return NOTHING_DONE;
  }
  const { command } = last;
  const select = selectionOf(last);
  // Where all are selected, for a test that reads no model, those that held would be made from nothing too.
  const again = { ...options, select, fullRefresh: last.fullRefresh && select.length > 0 };
  if (command === 'build') return { command, ...(await build(project, again, context)) };
  if (command === 'run') return { command, ...(await run(project, again, context)) };
  return { command, models: [], ...(await test(project, again, context)) };
}

/** A test that reads no model is run only with all of them; what of these is up to date stays as it is. */
function selectionOf({ results }: LastRun): string[] {
  const isFree = results.some(({ model, state }) => model === '' && state === 'failed');
  return isFree ? [] : ['result:error', 'result:fail', 'result:skipped'];
}

const nothing = ({ command }: LastRun) => `Nothing failed in the last ${command}, so there is nothing to do again.`;

const NOTHING_DONE: Retried = {
  models: [],
  tests: { passed: 0, warned: 0, failed: 0, found: [], notRun: [], unchanged: 0, standing: [] },
  ms: 0,
};

function noRun({ target }: Project): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'RETRY_NO_RUN',
    message: 'No build, run or test has come to its end yet.',
    next: `Run ${commandFor(target, 'build')}.`,
  });
}
