import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly log: string;
}

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  /** A shell command to run it under, such as `ulimit -f 100`. */
  readonly after?: string;
  /** Called with each event of --json, and the process. */
  readonly onEvent?: (event: Record<string, unknown>, process: ChildProcess) => void;
}

/** Runs the compiled command line in a process of its own, with --json. */
export function warehouse(root: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: npm run build');
  const command = [process.execPath, MAIN, ...args, '--project', root, '--json'];
  const shell = ['-c', `${options.after ?? 'true'}; exec "$@"`, 'sh', ...command];
  const child = spawn('bash', shell, { env: { ...process.env, ...options.environment } });
  const texts = { output: '', log: '' };
  for (const [name, stream] of [
    ['output', child.stdout],
    ['log', child.stderr],
  ] as const) {
    let line = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      texts[name] += text;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const one of lines) if (one.startsWith('{')) options.onEvent?.(JSON.parse(one), child);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
}
