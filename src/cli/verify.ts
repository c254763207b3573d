import { EXIT_CODE } from '../lib/errors.ts';
import { checkLines } from './check-lines.ts';
import type { Command } from './command.ts';
import { CHECKPOINT_FLAGS, PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Checks that what the warehouse keeps agrees with itself: each record of the ledger with the one before, with its row and with checkpoints that were kept; the copies of source files with their hashes; elements counted in the files with rows; live records with datasets and rules; exported and published files with what the ledger says was written. Opens the working file read-only and writes nothing. Ends with 3 if anything does not agree.',
  flags: { ...PROJECT_FLAGS, ...CHECKPOINT_FLAGS },
  examples: [
    ['warehouse verify', 'The record of the main target'],
    ['warehouse verify --checkpoint march.txt --public-key vexin.pub', 'Against a checkpoint that was kept elsewhere'],
  ],
  async run(session) {
    const options = { ...session.options, ...session.kept };
    const result = await session.actions.verify(await session.project(), options, session.context);
    session.show(result, (terminal) => checkLines(result.checks, terminal));
    return result.checks.every(({ ok }) => ok) ? 0 : EXIT_CODE.data;
  },
};
