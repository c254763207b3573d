import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

const { target: _target, unblinded: _unblinded, ...flags } = PROJECT_FLAGS;
const ALL_TARGETS = 'it empties target/, with what every target has there';

export const command: Command = {
  about:
    'Removes everything in target/: the published files and exports of all targets. All of it can be built again. The record in .warehouse/ stays, and says of each target that it was cleaned.',
  flags,
  without: { target: ALL_TARGETS, unblinded: ALL_TARGETS },
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
