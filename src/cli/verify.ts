import type { Check } from '../build/check.ts';
import { EXIT_CODE } from '../lib/errors.ts';
import { styled, type Terminal } from '../report/terminal.ts';
import { padEnd, printable } from '../report/text.ts';
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
    session.show(result, (terminal) => rendered(result.checks, terminal));
    return result.checks.every(({ ok }) => ok) ? 0 : EXIT_CODE.data;
  },
};

/** A line for each check, never cut: what is wrong and what to do is all that matters here. */
function rendered(checks: readonly Check[], terminal: Terminal): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, ok, detail, next }) => {
      const result = ok ? (next === undefined ? 'ok    ' : 'note  ') : styled(terminal, 'red', 'NOT OK');
      const line = `${result}  ${padEnd(name, width)}  ${printable(detail)}\n`;
      return next === undefined ? line : `${line}${' '.repeat(8)}${padEnd('next', width)}  ${printable(next)}\n`;
    })
    .join('');
}
