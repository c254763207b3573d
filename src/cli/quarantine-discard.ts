import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';
import { NUMBER, numberOf } from './quarantine-number.ts';

const NAME = 'quarantine discard';

export const command: Command = {
  about:
    'Records the decision that a fragment holds nothing that is to land, with its reason, in the ledger, where it stays. Nothing is deleted and what is live does not change: a delivery that was not read whole still removes nothing. verify counts the fragment no more.',
  positionals: NUMBER,
  flags: {
    ...PROJECT_FLAGS,
    reason: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'Why, for the record; no values of subjects',
    },
  },
  examples: [
    ['warehouse quarantine discard 3 --reason "trailer of the export, no record"', 'Fragment 3'],
    ['warehouse quarantine discard 4 --reason "sent twice: line 12 is the same"', 'Fragment 4'],
  ],
  async run(session, args) {
    const number = numberOf(NAME, command, args.number);
    const options = { ...session.options, number, reason: args.reason as string };
    const fragment = await session.actions.quarantineDiscard(await session.project(), options, session.context);
    session.summarise({ fragment }, () => `Fragment ${number} of ${printable(fragment.file)} is discarded.\n`);
    return 0;
  },
};
