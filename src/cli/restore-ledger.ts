import { counted } from '../report/figures.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { CHECKPOINT_FLAGS, PROJECT_FLAGS } from './flags.ts';

const SIDES = ['files', 'rows'] as const;
type Side = (typeof SIDES)[number];

export const command: Command = {
  about:
    'The ledger lies in two places: in the files of .warehouse/ledger/<target> and as rows in the working file. This makes one side anew from the other, after LEDGER_BEHIND, LEDGER_FORKED or LEDGER_DAMAGED: "files" from the rows, "rows" from the files. The side that is kept must be a whole chain and agree with the checkpoints given; else nothing is changed. What was there is kept aside, and a record says that it was done and why. Run warehouse verify first, and find out what happened: a ledger does not come apart by itself.',
  positionals: {
    side: { type: 'string', choices: SIDES, required: true, describe: 'What is made anew: files or rows' },
  },
  flags: {
    ...PROJECT_FLAGS,
    reason: { type: 'string', requiresArg: true, demandOption: true, describe: 'Why, for the record' },
    ...CHECKPOINT_FLAGS,
  },
  examples: [
    ['warehouse restore-ledger files --reason "folder restored from Friday"', 'The files ended before the rows'],
    [
      'warehouse restore-ledger rows --reason "rows edited by hand" --checkpoint march.txt',
      'The files agree with a checkpoint that was kept',
    ],
  ],
  async run(session, args) {
    const { side, reason } = args as { side: Side; reason: string };
    const options = { ...session.options, ...session.kept, side, reason };
    const result = await session.actions.restoreLedger(await session.project(), options, session.context);
    session.summarise(result, () => {
      const kept = result.replaced.map((name) => `  ${printable(name)}\n`).join('');
      const aside = kept === '' ? '' : `What was there is kept beside the ledger:\n${kept}`;
      return `Made the ${side} anew: ${counted(result.records, 'record')}.\n${aside}Next: warehouse verify\n`;
    });
    return 0;
  },
};
