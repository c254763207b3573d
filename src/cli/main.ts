#!/usr/bin/env node
import { readFileSync } from 'node:fs';

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

const argv = process.argv.slice(2);

if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${version()}\n`);
} else {
  // Nothing is imported before it is needed: a command line is as fast as what it imports.
  const { runProcess } = await import('./process.ts');
  await runProcess(argv, version);
}
