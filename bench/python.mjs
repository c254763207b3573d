// Virtual environments of Python programs that are measured, made on first use.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { script, WORK } from './files.mjs';

/**
 * The environment of `NAME/requirements.txt` in bench/, in which its packages are, as pinned there.
 *
 * @param {string} name folder of the requirements, in bench/
 * @returns {{ absent: () => string | undefined, program: (name: string) => string }} `absent`: installs it once, and says
 *   why it is not to be had, if so. `program`: the path of a command of it.
 */
export function environment(name) {
  const folder = join(WORK, 'environments', name);
  const requirements = script(join(name, 'requirements.txt'));
  const program = (command) => join(folder, 'bin', command);
  let installed;
  const absent = () => {
    installed ??= { reason: install(folder, requirements, program('python')) };
    return installed.reason;
  };
  return { absent, program };
}

function install(folder, requirements, python) {
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = join(folder, 'requirements.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  mkdirSync(dirname(folder), { recursive: true });
  const quietly = { stdio: ['ignore', 'ignore', 'inherit'] };
  if (spawnSync('python3', ['-m', 'venv', folder], quietly).status !== 0) return 'no python3 with venv here';
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet', 'install', '-r', requirements];
  if (spawnSync(python, pip, quietly).status !== 0) return 'its packages could not be installed';
  writeFileSync(stamp, wanted);
  return undefined;
}
