import { buildSummary, exitCodeOf } from '../report/summary.ts';
import type { Command } from './command.ts';
import { FULL_REFRESH_FLAG, PROJECT_FLAGS, READING_FLAGS, RELEASE_FLAG, SELECT_FLAGS, STORE_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Loads source files that are new or have changed, runs the models that this touches with their tests, writes the exports and publishes. What did not change is not done again: models that are up to date and exported files that would be the same stay as they are, and where nothing has changed at all since a build that left all up to date, nothing is opened or written. Between builds a source file is known by its size, its times and its inode; --release takes its full hash. What fails keeps its last good state, and then nothing is published.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAGS, ...FULL_REFRESH_FLAG, ...RELEASE_FLAG, ...STORE_FLAGS, ...READING_FLAGS },
  examples: [
    ['warehouse build', 'Everything that has changed'],
    ['warehouse build --select ae+', 'sdtm.ae and all that reads it'],
  ],
  async run(session, args) {
    const release = args.release === true;
    const options = { ...session.runChoice, ...session.reading, release };
    const result = await session.actions.build(session.chosen, options, session.context);
    session.summarise(result, (terminal) => buildSummary(result, terminal));
    return exitCodeOf(result);
  },
};
