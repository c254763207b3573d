import type { FragmentList } from '../build/quarantine-list.ts';
import { csv } from '../report/csv.ts';
import { count, counted } from '../report/figures.ts';
import { type Cell, table } from '../report/table.ts';
import type { Terminal } from '../report/terminal.ts';
import { multiline } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';
import { invalid } from './yargs-error.ts';

export const command: Command = {
  about:
    'Lists what of files could not be used and was put aside: fragments of files that stand, about which nobody has decided. None of their bytes are shown. On a terminal, rows are cut to its width; elsewhere nothing is. FROM recon.quarantine has more of each.',
  flags: {
    ...PROJECT_FLAGS,
    all: { type: 'boolean', describe: 'Those too that were used, replaced or discarded' },
    source: { type: 'string', requiresArg: true, describe: 'Only those of this source' },
    csv: { type: 'boolean', describe: 'Write the rows as CSV (RFC 4180)' },
  },
  examples: [
    ['warehouse quarantine list', 'What is open'],
    ['warehouse quarantine list --all --csv > quarantine.csv', 'Everything, to a file'],
  ],
  async run(session, args) {
    if (args.csv && args.json) throw invalid('quarantine list', command, '--csv and --json are two different forms.');
    const { all, source } = args as { all?: boolean; source?: string };
    const options = { ...session.options, all: all === true, source };
    const result = await session.actions.quarantineList(await session.project(), options, session.context);
    session.show(result, (terminal) => (args.csv ? csvFor(terminal, result) : tableFor(terminal, result)));
    return 0;
  },
};

const COLUMNS = ['number', 'source', 'file', 'line', 'byte', 'length', 'code', 'reason', 'attempts', 'status'] as const;

const rowsOf = ({ fragments }: FragmentList): Cell[][] =>
  fragments.map((fragment) => COLUMNS.map((column) => fragment[column]));

function csvFor({ isInteractive }: Terminal, list: FragmentList): string {
  const text = csv(COLUMNS, rowsOf(list));
  return isInteractive ? multiline(text) : text;
}

function tableFor({ columns: width }: Terminal, list: FragmentList): string {
  const { fragments, others } = list;
  const hint = others === 0 ? '' : ` ${count(others)} more ${others === 1 ? 'is' : 'are'} decided or replaced: --all.`;
  if (fragments.length === 0) return `Nothing is open in quarantine.${hint}\n`;
  return `${table(COLUMNS, rowsOf(list), { width, missing: '' })}(${counted(fragments.length, 'fragment')})${hint}\n`;
}
