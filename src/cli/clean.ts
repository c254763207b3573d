import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Removes everything in target/: published files and exports. All of it can be built again. The record in .warehouse/ stays, and says of each target that it was cleaned.',
  flags: PROJECT_FLAGS,
  examples: [
    ['warehouse clean', 'Empty target/'],
    ['warehouse clean && warehouse build', 'Make every published file anew'],
  ],
  async run(session) {
    const result = await session.actions.clean(await session.project(), session.options, session.context);
    session.summarise(
      result,
      () => `Emptied target/: ${result.removed.map(printable).join(', ') || 'it was empty'}.\n`,
    );
    return 0;
  },
};
