// What benchmarks leave in bench/work, to be used again.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
export const WORK = join(here, 'work');

/** Path of a script of bench/. */
export const script = (name) => join(here, name);

/** The EDC snapshot of the demonstration study with audit records, at about the size asked for; made once. */
export function generated(megabytes) {
  const folder = join(WORK, `${megabytes}mb`);
  const file = join(folder, 'edc', 'vexin03_benchmark.xml');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const generator = join(here, '..', 'data', 'generate', 'main.mjs');
    const { status } = spawnSync(
      process.execPath,
      [generator, '--seed', '3', '--megabytes', String(megabytes), '--out', folder],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (status !== 0) throw new Error('the generator failed');
  }
  return file;
}
