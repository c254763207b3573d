import { exitCodeFor } from '../lib/errors.ts';
import { multiline } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Prints the SELECT of each model, and before it a SET VARIABLE for each variable of warehouse.yml that it reads, each ending in a semicolon. Pasted into a DuckDB client that has opened the working file, they show the rows that a build would keep, and change no table. A file that holds no single SELECT is printed as a comment. Runs nothing. Tells what is wrong with models, and then ends with 2.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAGS },
  examples: [
    ['warehouse compile --select ae', 'The SELECT of sdtm.ae'],
    ['warehouse compile --select "staged.*"', 'What was generated from the metadata of the study'],
  ],
  async run(session) {
    const { models, errors } = await session.actions.compile(
      await session.project(),
      session.selection,
      session.context,
    );
    session.show({ models }, () => {
      return models.map(({ name, sql }) => `-- ${name}\n${multiline(sql.trimEnd())}\n`).join('\n');
    });
    return exitCodeFor(errors[0]);
  },
};
