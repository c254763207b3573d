import type { Clock } from '../lib/clock.ts';
import { EXIT_CODE, WarehouseError } from '../lib/errors.ts';
import { errorEvent, renderError } from '../report/error.ts';
import { jsonLine } from '../report/json.ts';
import type { Milliseconds, ProgressMode } from '../report/live.ts';
import type { Terminal } from '../report/terminal.ts';
import type { Actions } from './actions.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandList, generalHelp } from './help.ts';
import type { Arguments } from './session.ts';
import { splitArguments } from './split.ts';

/** All that the command line has to do with the world. */
export interface World {
  /** Without `node` and the script. */
  readonly argv: readonly string[];
  /** Where it was started. */
  readonly folder: string;
  /** Results. */
  readonly output: Terminal;
  /** Progress and errors. */
  readonly log: Terminal;
  readonly clock: Clock;
  readonly now: Milliseconds;
  /** Calls a function now and then until the function it returns is called. */
  readonly repeatedly: (work: () => void) => () => void;
  readonly version: () => string;
  /** Imported when a command needs them: they open DuckDB. */
  readonly actions: () => Promise<Actions>;
}

/** Runs one command. Resolves to the exit code and never rejects: errors are shown. */
export async function cli(world: World): Promise<number> {
  try {
    const { command, group, rest, wantsHelp, wantsVersion } = splitArguments(world.argv, COMMANDS);
    if (wantsVersion) return print(world, `${world.version()}\n`);
    if (group !== undefined) return print(world, commandList(group));
    if (command === undefined) return print(world, generalHelp(COMMANDS));
    const loaded = await command.load();
    const { helpOf, parseArguments } = await import('./parse.ts');
    if (wantsHelp) return print(world, `${await helpOf(command.name, loaded, world.output.columns)}\n`);
    return await runCommand(world, loaded, await parseArguments(command.name, loaded, rest));
  } catch (error) {
    return fail(world, error);
  }
}

function print(world: World, text: string): number {
  world.output.write(text);
  return 0;
}

/** What runs a command is imported here: no help waits for it. */
async function runCommand(world: World, command: Command, args: Arguments): Promise<number> {
  const [{ progress }, { Session }] = await Promise.all([import('../report/live.ts'), import('./session.ts')]);
  const mode: ProgressMode = args.json ? 'json' : args.quiet ? 'quiet' : 'text';
  const shown = progress(args.json ? world.output : world.log, world.now, mode);
  const stop = world.repeatedly(shown.tick);
  try {
    const context = { events: shown.events, clock: world.clock };
    const { folder, output } = world;
    const session = new Session({ actions: await world.actions(), context, args, folder, output, done: shown.close });
    return await command.run(session, args).catch(async (error: unknown) => {
      const { fileAccess } = await import('../store/file-access.ts');
      const { noRoom } = await import('../store/no-room.ts');
      throw noRoom(error) ?? fileAccess(error, session.root) ?? error;
    });
  } finally {
    stop();
    shown.close();
  }
}

/** What was typed may not have been understood, so these two are looked for in it as it stands. */
function fail({ argv, output, log }: World, error: unknown): number {
  if (argv.includes('--json')) output.write(jsonLine(errorEvent(error)));
  else log.write(renderError(error, log, { debug: argv.includes('--debug') }));
  return error instanceof WarehouseError ? EXIT_CODE[error.kind] : EXIT_CODE.fault;
}
