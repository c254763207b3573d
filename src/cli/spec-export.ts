import type { SpecExport } from '../build/spec-export.ts';
import { bytes } from '../report/figures.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Writes the properties of models as a specification workbook: a sheet each for datasets, variables, value level, where clauses, codelists, methods, comments, tests and unit tests, with the names of sheets and columns that specifications of define.xml have. spec import takes it back. The same properties give the same bytes; a file with other bytes is not replaced. Nothing has to be built.',
  positionals: {
    file: { type: 'string', required: true, describe: 'The workbook to write (.xlsx)' },
  },
  flags: {
    ...PROJECT_FLAGS,
    models: {
      type: 'array',
      string: true,
      requiresArg: true,
      describe: 'Only these models: ae, "sdtm.*"; may be repeated (default: all of models/)',
    },
    force: { type: 'boolean', describe: 'Replace a file that is there with other bytes' },
  },
  examples: [
    ['warehouse spec export spec.xlsx', 'All models of models/'],
    ['warehouse spec export spec.xlsx --models "sdtm.*"', 'The datasets of the submission'],
  ],
  async run(session, args) {
    const { file, models = [], force } = args as { file: string; models?: string[]; force?: boolean };
    const options = { models, force: force === true };
    const result = await session.actions.specExport(await session.project(), file, options, session.context);
    session.summarise(result, () => summaryOf(result));
    return 0;
  },
};

function summaryOf({ path, bytes: size, datasets, variables, unchanged }: SpecExport): string {
  const done = unchanged ? 'stand already in' : 'written to';
  return `${datasets} models with ${variables} variables ${done} ${printable(path)} (${bytes(size)}).\n`;
}
