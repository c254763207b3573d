import { exitCodeFor } from '../lib/errors.ts';
import { planTree } from '../report/plan-tree.ts';
import type { Command } from './command.ts';
import { FULL_REFRESH_FLAG, PROJECT_FLAGS, SELECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Shows the files that a build would load and the models it would run, as a tree: each model below what it is run for, with its reason. Models that it would leave as they are are counted. Tells what is wrong with their SQL; with --check also what is wrong with columns. Changes nothing. Ends with 2 where a model or a test could not be run, and as a build where it would stop at a delivery.',
  flags: {
    ...PROJECT_FLAGS,
    ...SELECT_FLAGS,
    ...FULL_REFRESH_FLAG,
    check: {
      type: 'boolean',
      describe: 'Hold each SELECT, contract and test against the columns that there will be; no data are read',
    },
    all: { type: 'boolean', describe: 'Show the models that would be left as they are too' },
  },
  examples: [
    ['warehouse plan --select state:modified+', 'What was edited, and all that reads it'],
    ['warehouse plan --check', 'Before a merge: whatever would fail without a look at the data'],
  ],
  async run(session, { all, check, 'full-refresh': fullRefresh }) {
    const { deliveries, models, tests, errors } = await session.actions.plan(
      await session.project(),
      { ...session.selection, check: check === true, fullRefresh: fullRefresh === true },
      session.context,
    );
    const told = models.map(({ name, action, reason }) => ({ name, action, reason }));
    session.show({ deliveries, models: told, tests }, ({ columns: width }) => {
      return planTree({ deliveries, models, tests }, { width, all: all === true });
    });
    return exitCodeFor(errors[0]);
  },
};
