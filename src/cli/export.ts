import { buildSummary } from '../report/summary.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS, SELECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Writes the datasets that warehouse.yml lists under exports, in its formats, reads each file back and compares it, and writes manifest.json beside them. What a format cannot hold is refused, not cut.',
  flags: { ...PROJECT_FLAGS, ...SELECT_FLAGS },
  examples: [
    ['warehouse export', 'Every dataset'],
    ['warehouse export --select ae', 'Only sdtm.ae'],
  ],
  async run(session) {
    const result = await session.actions.exportAll(await session.project(), session.selection, session.context);
    session.summarise(result, (terminal) => buildSummary(result, terminal));
    return 0;
  },
};
