import { recordTable } from '../report/table.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAGS } from './flags.ts';

export const command: Command = {
  about: 'Lists the models, those that the warehouse writes itself included, in the order in which they run.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAGS },
  examples: [
    ['warehouse list', 'Every model'],
    ['warehouse list --select +sdtm.ae', 'What sdtm.ae is made from; shows what any selection means'],
  ],
  async run(session) {
    const result = await session.actions.list(await session.project(), session.selection, session.context);
    session.show(result, ({ columns: width }) => {
      return result.models.length > 0 ? recordTable(result.models, { width }) : 'No models.\n';
    });
    return 0;
  },
};
