import { buildSummary, exitCodeOf } from '../report/summary.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAGS, STORE_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Runs every test that a build has, unit tests, those of the models, of tests/ and that of empty text, against what is built, changed or not. Lists those that found something; the rows they found are kept, each in a table of the schema failures.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAGS, ...STORE_FLAGS },
  examples: [
    ['warehouse test', 'Every test'],
    ['warehouse test --select ae', 'The tests of sdtm.ae'],
  ],
  async run(session) {
    const result = await session.actions.test(
      await session.project(),
      { ...session.selection, ...session.keeping },
      session.context,
    );
    session.summarise(result, (terminal) => buildSummary(result, terminal));
    return exitCodeOf({ ...result, models: [] });
  },
};
