import type { SpecImport } from '../build/spec-import.ts';
import { recordTable } from '../report/table.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Makes the YAML files of models say what a specification workbook says, and shows each change: file, key, before and after. A changed cell changes its key and nothing else: comments, order and layout of the files stay. What the workbook has no sheet, column or dataset for stays as it is. All is checked before anything is written; an error names the cell. SQL is never changed.',
  positionals: {
    file: { type: 'string', required: true, describe: 'The workbook to read (.xlsx), as spec export writes it' },
  },
  flags: {
    ...PROJECT_FLAGS,
    'dry-run': { type: 'boolean', describe: 'Only show what would change' },
  },
  examples: [
    ['warehouse spec import spec.xlsx --dry-run', 'What would change'],
    ['warehouse spec import spec.xlsx', 'Change it'],
  ],
  async run(session, args) {
    const { file, 'dry-run': dryRun } = args as { file: string; 'dry-run'?: boolean };
    const options = { dryRun: dryRun === true };
    const result = await session.actions.specImport(await session.project(), file, options, session.context);
    session.summarise(result, ({ columns: width }) => {
      const changes = result.changes.length > 0 ? `${recordTable(result.changes, { width })}\n` : '';
      return `${changes}${summaryOf(result)}`;
    });
    return 0;
  },
};

function summaryOf({ source, changes, files, written }: SpecImport): string {
  if (changes.length === 0) return `The properties say what ${printable(source)} says; nothing to change.\n`;
  const count = `${changes.length} change${changes.length > 1 ? 's' : ''} in ${files.length} file${files.length > 1 ? 's' : ''}`;
  return written
    ? `${count} of ${printable(source)} written.\n`
    : `${count} of ${printable(source)}; nothing written.\n`;
}
