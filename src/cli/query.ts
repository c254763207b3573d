import { cellOf } from '../report/cell.ts';
import { csv } from '../report/csv.ts';
import { counted } from '../report/figures.ts';
import { type Cell, table } from '../report/table.ts';
import type { Terminal } from '../report/terminal.ts';
import { multiline } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';
import { invalid } from './yargs-error.ts';

type Rows = readonly (readonly Cell[])[];

export const command: Command = {
  about:
    'Runs one statement that reads (SELECT, FROM, SHOW, DESCRIBE, SUMMARIZE, EXPLAIN) against the working file and prints its rows. SHOW ALL TABLES lists what there is; SHOW TABLES only the schema main, where nothing is. The file is opened read-only and no other file can be reached, so nothing can be changed. On a terminal, rows are cut to its width; elsewhere nothing is.',
  positionals: { sql: { type: 'string', required: true, describe: 'The SELECT, in quotes' } },
  flags: { ...PROJECT_FLAGS, csv: { type: 'boolean', describe: 'Write the rows as CSV (RFC 4180)' } },
  examples: [
    ['warehouse query "FROM sdtm.dm LIMIT 5"', 'Five subjects'],
    ['warehouse query --csv "FROM sdtm.dm" > dm.csv', 'All of them, to a file'],
  ],
  async run(session, args) {
    if (args.csv && args.json) throw invalid('query', command, '--csv and --json are two different forms.');
    const options = { ...session.options, sql: args.sql as string };
    const result = await session.actions.query(await session.project(), options, session.context);
    const columns = result.columns;
    const rows = result.rows.map((row) => row.map(cellOf));
    session.show({ columns, rows }, (terminal) => {
      if (args.csv) return csvFor(terminal, columns, rows);
      return columns[0] === EXPLAINED ? drawingsOf(rows) : tableFor(terminal, columns, rows);
    });
    return 0;
  },
};

/** What DuckDB calls the first column of EXPLAIN; the second is a drawing of several lines. */
const EXPLAINED = 'explain_key';

const drawingsOf = (rows: Rows) => rows.map(([, drawing]) => multiline(String(drawing))).join('\n');

/** Data as it is, but for what would steer a terminal that shows it. */
function csvFor({ isInteractive }: Terminal, columns: readonly string[], rows: Rows): string {
  const text = csv(columns, rows);
  return isInteractive ? multiline(text) : text;
}

function tableFor({ columns: width }: Terminal, columns: readonly string[], rows: Rows): string {
  const missing = 'NULL';
  const shown = table(columns, rows, { width, missing });
  const isCut = shown !== table(columns, rows, { width: Number.POSITIVE_INFINITY, missing });
  const hint = isCut ? '; cut to the width of the terminal: --csv or --json shows all' : '';
  return `${shown}(${counted(rows.length, 'row')}${hint})\n`;
}
