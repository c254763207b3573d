import { multiline } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAG } from './flags.ts';

export const command: Command = {
  about: 'Prints the SQL of the models as it would run, so that it can be pasted into any DuckDB client. Runs nothing.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAG },
  examples: [
    ['warehouse compile --select ae', 'The SQL of sdtm.ae'],
    ['warehouse compile --select "staged.*"', 'What was generated from the metadata of the study'],
  ],
  async run(session) {
    const result = await session.actions.compile(await session.project(), session.selection, session.context);
    session.show(result, () => {
      return result.models.map(({ name, sql }) => `-- ${name}\n${multiline(sql.trimEnd())}\n`).join('\n');
    });
    return 0;
  },
};
