import { buildSummary, exitCodeOf } from '../report/summary.ts';
import type { Command } from './command.ts';
import { FULL_REFRESH_FLAG, PROJECT_FLAGS, SELECT_FLAGS, STORE_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Runs the models whose SQL, properties or inputs have changed, each with its tests, on what has already been loaded. Nothing is loaded, exported or published.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAGS, ...FULL_REFRESH_FLAG, ...STORE_FLAGS },
  examples: [
    ['warehouse run', 'Every model that changed'],
    ['warehouse run --select +dm', 'sdtm.dm and all that it reads'],
  ],
  async run(session) {
    const result = await session.actions.run(await session.project(), session.runChoice, session.context);
    session.summarise(result, (terminal) => buildSummary(result, terminal));
    return exitCodeOf(result);
  },
};
