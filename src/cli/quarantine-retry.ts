import type { Retried } from '../build/quarantine-retry.ts';
import { counted } from '../report/figures.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, READING_FLAGS } from './flags.ts';
import { NUMBER, numberOf } from './quarantine-number.ts';

const NAME = 'quarantine retry';

export const command: Command = {
  about:
    'Reads the file of one fragment again, from where it is or from the vault, with the settings of its source and the reader of now, as the next build would. If the fragment can be used now, the file lands in the place of its earlier reading; else nothing does, and the command ends with 3. That can turn out otherwise only where settings of the source or the version of the reader are others than then. Each attempt is in the ledger, and there are at most three for a fragment.',
  positionals: NUMBER,
  flags: { ...PROJECT_FLAGS, ...READING_FLAGS },
  examples: [
    ['warehouse quarantine retry 3', 'After delimiter: of its source was corrected'],
    ['warehouse quarantine retry 3 --accept-removals', 'Though the file, read so, removes much'],
  ],
  async run(session, args) {
    const number = numberOf(NAME, command, args.number);
    const options = { ...session.options, ...session.reading, number };
    const result = await session.actions.quarantineRetry(await session.project(), options, session.context);
    session.summarise(result, () => summaryOf(result));
    return 0;
  },
};

function summaryOf({ fragment, delivery, still }: Retried): string {
  const aside =
    still === 0 ? '' : ` ${counted(still, 'fragment')} of it ${still === 1 ? 'is' : 'are'} put aside still.`;
  return `Fragment ${fragment.number} is used: ${printable(fragment.file)} landed as delivery ${delivery}.${aside}\nNext: warehouse build\n`;
}
