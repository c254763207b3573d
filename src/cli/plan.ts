import { count } from '../report/figures.ts';
import { recordTable } from '../report/table.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAG } from './flags.ts';

export const command: Command = {
  about:
    'Shows the files that a build would load and the models it would run or leave, each with its reason. Changes nothing.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAG },
  examples: [
    ['warehouse plan', 'Everything'],
    ['warehouse plan --select "sdtm.*"', 'Only the datasets'],
  ],
  async run(session) {
    const result = await session.actions.plan(await session.project(), session.selection, session.context);
    session.show(result, ({ columns: width }) => {
      const deliveries =
        result.deliveries.length > 0 ? recordTable(result.deliveries, { width }) : 'Nothing to load.\n';
      const models = result.models.length > 0 ? recordTable(result.models, { width }) : 'No models.\n';
      return `${deliveries}\n${models}\n${countsOf(result.models.map(({ action }) => action))}`;
    });
    return 0;
  },
};

/** What each action means, in the order in which a person wants to know. */
const MEANINGS: readonly (readonly [action: string, meaning: string])[] = [
  ['build', 'to build'],
  ['depends', 'to build only if what they read changes'],
  ['skip', 'unchanged'],
  ['blocked', 'blocked'],
  ['drop', 'to drop'],
];

/** `models     1 to build, 12 to build only if what they read changes, 30 unchanged` */
function countsOf(actions: readonly string[]): string {
  const counts = MEANINGS.map(
    ([action, meaning]) => [actions.filter((one) => one === action).length, meaning] as const,
  );
  const said = counts.filter(([many]) => many > 0).map(([many, meaning]) => `${count(many)} ${meaning}`);
  return `models     ${said.join(', ') || 'none'}\n`;
}
