import { cellOf } from '../report/cell.ts';
import { counted } from '../report/figures.ts';
import { table } from '../report/table.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about: 'Runs one SELECT against the working file, which it does not change, and prints its rows.',
  positionals: { sql: { type: 'string', required: true, describe: 'The SELECT, in quotes' } },
  flags: PROJECT_FLAGS,
  examples: [
    ['warehouse query "FROM sdtm.dm LIMIT 5"', 'Five subjects'],
    ['warehouse query --json "FROM sdtm.dm"', 'All of them, as JSON'],
  ],
  async run(session, { sql }) {
    const options = { ...session.options, sql: sql as string };
    const result = await session.actions.query(await session.project(), options, session.context);
    const rows = result.rows.map((row) => row.map(cellOf));
    session.show({ columns: result.columns, rows }, ({ columns: width }) => {
      return `${table(result.columns, rows, { width, missing: 'NULL' })}(${counted(rows.length, 'row')})\n`;
    });
    return 0;
  },
};
