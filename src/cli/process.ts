import { systemClock } from '../lib/clock.ts';
import { terminalOf } from '../report/terminal.ts';
import type { Actions } from './actions.ts';
import { cli } from './cli.ts';

const INTERRUPTED = 130;
const TICK_MS = 250;

/** The command line in a process: its streams, clock, signals and exit code. */
export async function runProcess(
  argv: readonly string[],
  version: () => string,
  actions: () => Promise<Actions> = () => import('../build/commands.ts'),
): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  process.once('SIGINT', () => {
    process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}Interrupted. What was committed stays.\n`);
    process.exit(INTERRUPTED);
  });
  process.exitCode = await cli({
    argv,
    version,
    folder: process.cwd(),
    output: terminalOf(process.stdout, process.env),
    log: terminalOf(process.stderr, process.env),
    clock: systemClock,
    now: () => performance.now(),
    repeatedly,
    actions,
  });
}

/** A reader that has seen enough (`| head`) is no error, and no reason to leave a build half done. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function repeatedly(work: () => void): () => void {
  const timer = setInterval(work, TICK_MS).unref();
  return () => clearInterval(timer);
}
