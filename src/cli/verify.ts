import { EXIT_CODE } from '../lib/errors.ts';
import { recordTable } from '../report/table.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Checks the ledger: each record against the one before, the file against the table, and what they say against what is there. Ends with 3 if anything does not agree.',
  flags: PROJECT_FLAGS,
  examples: [
    ['warehouse verify', 'The record of the main target'],
    ['warehouse verify --json', 'The same for a program'],
  ],
  async run(session) {
    const result = await session.actions.verify(await session.project(), session.options, session.context);
    session.show(result, ({ columns: width }) => {
      const rows = result.checks.map(({ name, ok, detail }) => ({ check: name, result: ok ? 'ok' : 'NOT OK', detail }));
      return recordTable(rows, { width });
    });
    return result.checks.every(({ ok }) => ok) ? 0 : EXIT_CODE.data;
  },
};
