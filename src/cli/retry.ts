import { buildSummary, exitCodeOf } from '../report/summary.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, READING_FLAGS } from './flags.ts';

const TAKES_FAILED = 'it takes what failed in the last run';

export const command: Command = {
  about:
    'Does the last build, run or test again, of the models that failed in it or were blocked, and of those whose tests failed. What succeeded is not done again. A run that was cut short does not count: then it is the one before that.',
  flags: { ...PROJECT_FLAGS, ...READING_FLAGS },
  without: { select: TAKES_FAILED, exclude: TAKES_FAILED },
  examples: [
    ['warehouse retry', 'What failed, once it is corrected'],
    ['warehouse list --select "result:error result:fail result:skipped"', 'What that would be'],
  ],
  async run(session) {
    const options = { ...session.options, ...session.reading };
    const result = await session.actions.retry(await session.project(), options, session.context);
    session.summarise(result, (terminal) => buildSummary(result, terminal));
    return exitCodeOf(result);
  },
};
