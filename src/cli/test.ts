import { EXIT_CODE } from '../lib/errors.ts';
import { counted } from '../report/figures.ts';
import { foundLines } from '../report/summary.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAG } from './flags.ts';

export const command: Command = {
  about:
    'Runs the tests of the models, and those of tests/, against what is built. Lists those that found something; the rows they found are kept, each in a table of the schema failures.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAG },
  examples: [
    ['warehouse test', 'Every test'],
    ['warehouse test --select ae', 'The tests of sdtm.ae'],
  ],
  async run(session) {
    const result = await session.actions.test(await session.project(), session.selection, session.context);
    const found = result.tests.filter(({ state }) => state !== 'passed');
    session.summarise(result, (terminal) => {
      const passed = `${counted(result.tests.length - found.length, 'test')} passed\n`;
      const lines = foundLines(found, terminal).map((line) => `${line}\n`);
      return lines.join('') + passed;
    });
    return found.some(({ state }) => state === 'failed') ? EXIT_CODE.data : 0;
  },
};
