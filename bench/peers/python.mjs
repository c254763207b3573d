// Python programs, in a virtual environment that is made on first use.
import { join } from 'node:path';
import { script } from '../files.mjs';
import { environment } from '../python.mjs';

const { absent, program: command } = environment('peers/python');
const python = command('python');

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
