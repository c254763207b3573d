// What a command and all that it starts have used, from outside.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** bash tells of a command the time of all its processes; Node only of itself. */
const TIMED = `TIMEFORMAT='%3U %3S %3R'; exec 3>"$1"; shift; { time "$@" 2>&4; } 4>&2 2>&3`;

/**
 * Runs a command to its end and gives back CPU seconds, user and system, of its processes, and the seconds that passed.
 * What it prints is shown only where it fails.
 *
 * @param {{ command: readonly string[], cwd?: string, env?: Record<string, string> }} what
 * @returns {Promise<{ cpu: number, seconds: number }>}
 */
export async function cpuOf({ command, cwd, env }) {
  const folder = mkdtempSync(join(tmpdir(), 'warehouse-bench-'));
  const figures = join(folder, 'time');
  try {
    const { code, text } = await finished('bash', ['-c', TIMED, 'bash', figures, ...command], { cwd, env });
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${text}`);
    const [user, system, seconds] = readFileSync(figures, 'utf8').trim().split(' ').map(Number);
    return { cpu: user + system, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function finished(program, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(program, args, options);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}
