import type { Actions } from '../../src/cli/actions.ts';
import { cli } from '../../src/cli/cli.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { screen } from '../report/screen.ts';

export interface Run {
  readonly code: number;
  readonly output: string;
  readonly log: string;
}

/** Runs the command line with actions of a test's own; an action that it does not give must not be called. */
export async function runCli(argv: readonly string[], actions: Partial<Actions> = {}, folder = '/'): Promise<Run> {
  const output = screen();
  const log = screen();
  const code = await cli({
    argv,
    folder,
    output,
    log,
    clock: fixedClock('2026-03-27T08:00:00Z'),
    now: () => 0,
    repeatedly: () => () => {},
    version: () => '1.2.3',
    actions: async () => actions as Actions,
  });
  return { code, output: output.text(), log: log.text() };
}
