import { buildSummary } from '../report/summary.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, READING_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Loads the source files that are new or have changed into raw, each delivery in one transaction, and stops there. A file that cannot be used lands nothing.',
  flags: { ...PROJECT_FLAGS, ...READING_FLAGS },
  examples: [
    ['warehouse load', 'Every new file of every source'],
    ['warehouse load --parser sax', 'With the reference reader, to compare'],
  ],
  async run(session) {
    const options = { ...session.options, ...session.reading };
    const result = await session.actions.load(await session.project(), options, session.context);
    session.summarise(result, (terminal) => buildSummary(result, terminal));
    return 0;
  },
};
