import { recordTable } from '../report/table.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAG } from './flags.ts';

export const command: Command = {
  about:
    'Shows the files that a build would load and the models it would run or leave, each with its reason. Changes nothing.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAG },
  examples: [
    ['warehouse plan', 'Everything'],
    ['warehouse plan --select sdtm.*', 'Only the datasets'],
  ],
  async run(session) {
    const result = await session.actions.plan(await session.project(), session.selection, session.context);
    session.show(result, ({ columns: width }) => {
      const deliveries =
        result.deliveries.length > 0 ? recordTable(result.deliveries, { width }) : 'Nothing to load.\n';
      const models = result.models.length > 0 ? recordTable(result.models, { width }) : 'No models.\n';
      return `${deliveries}\n${models}`;
    });
    return 0;
  },
};
