// Python programs, in a virtual environment that is made on first use.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { script, WORK } from '../files.mjs';

const folder = join(WORK, 'python');
const python = join(folder, 'bin', 'python');
const requirements = script(join('peers', 'python', 'requirements.txt'));
let installed;

/** Installs what they need once; why it is not to be had, if so. */
function install() {
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = join(folder, 'requirements.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  mkdirSync(WORK, { recursive: true });
  const quietly = { stdio: ['ignore', 'ignore', 'inherit'] };
  if (spawnSync('python3', ['-m', 'venv', folder], quietly).status !== 0) return 'no python3 with venv here';
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet', 'install', '-r', requirements];
  if (spawnSync(python, pip, quietly).status !== 0) return 'its packages could not be installed';
  writeFileSync(stamp, wanted);
  return undefined;
}

function absent() {
  installed ??= { reason: install() };
  return installed.reason;
}

const program = (name) => script(join('peers', 'python', name));

const engine = (name, label) => ({
  name,
  label,
  absent,
  parse: (file) => [python, program('ingest.py'), name, 'parse', file],
  load: (file, database) => [python, program('ingest.py'), name, 'load', file, database],
});

export const PYTHON = [
  engine('expat', 'Python expat, pyarrow, duckdb: thin columns'),
  engine('lxml', 'Python lxml iterparse, pyarrow, duckdb: thin columns'),
];

const frames = (name, label) => ({
  name,
  label,
  absent,
  parse: (file) => [python, program('frames.py'), name, file],
});

/** They hold the document in memory: they are given a smaller one. */
export const FRAMES = [
  frames('cdiscbuilder', 'cdiscbuilder, to its long data frame'),
  frames('odmlib', 'odmlib, to a data frame an item group'),
];
