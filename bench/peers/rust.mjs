// A cargo program: quick-xml, and DuckDB's C API of the library that the npm package has.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { script, WORK } from '../files.mjs';

const target = join(WORK, 'cargo');
const program = join(target, 'release', 'odm-peer');
let built;

/** Builds it once; why it is not to be had, if so. */
function build() {
  if (spawnSync('cargo', ['--version'], { stdio: 'ignore' }).status !== 0) return 'no cargo here';
  const library = duckdbFolder();
  if (library === undefined) return 'no libduckdb.so here';
  const { status } = spawnSync('cargo', ['build', '--release', '--quiet'], {
    cwd: script(join('peers', 'rust')),
    env: { ...process.env, CARGO_TARGET_DIR: target, DUCKDB_LIB: library },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status === 0 ? undefined : 'cargo could not build it';
}

function duckdbFolder() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('@duckdb/node-bindings-linux-x64/package.json'));
    return existsSync(join(folder, 'libduckdb.so')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

const columns = (name, label, complete) => ({
  name: `rust-${name}`,
  label,
  complete,
  absent() {
    built ??= { reason: build() };
    return built.reason;
  },
  parse: (file) => [program, name, 'parse', file],
  load: (file, database) => [program, name, 'load', file, database],
});

export const RUST = [
  columns('same', 'Rust quick-xml, DuckDB C API: the same columns', true),
  columns('thin', 'Rust quick-xml, DuckDB C API: thin columns', false),
];
