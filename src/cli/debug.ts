import { EXIT_CODE } from '../lib/errors.ts';
import { checkLines } from './check-lines.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

const { threads: _threads, ...flags } = PROJECT_FLAGS;

export const command: Command = {
  about:
    'Checks the machine and the project, a line for each check with what to do where something is wrong: Node and the library of DuckDB, memory, time; whether the project can be read, who has the working file open, the files of the sources, folders, disk, keys (none is shown) and version control. Changes nothing. Ends with 1, 2 or 3 as a command that met the first thing that is wrong.',
  flags,
  examples: [
    ['warehouse debug', 'Why does it not build?'],
    ['warehouse debug --json', 'For a report of a fault: it holds no data and no key'],
  ],
  async run(session) {
    const result = await session.actions.debug(() => session.project(), session.context);
    session.show(result, (terminal) => checkLines(result.checks, terminal));
    const wrong = result.checks.find(({ ok }) => !ok);
    return wrong === undefined ? 0 : EXIT_CODE[wrong.kind ?? 'fault'];
  },
};
