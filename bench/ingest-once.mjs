// One figure of ingest.mjs: `read FILE`, `parse tokenizer FILE`, `load sax FILE`. Prints JSON: CPU seconds, peak MB.

import { closeSync, openSync, readSync, realpathSync } from 'node:fs';
import { inProjectOf, loadFolder } from './project.mjs';
import { report } from './usage.mjs';

const [mode, given] = process.argv.slice(2);
const file = realpathSync(given);
const [what, engine] = mode.split(' ');
await { read, parse, load }[what]();

function eachChunk(take) {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(1 << 20);
  for (let got = readSync(handle, chunk); got > 0; got = readSync(handle, chunk)) take(chunk.subarray(0, got));
  closeSync(handle);
}

function read() {
  let bytes = 0;
  eachChunk((chunk) => {
    bytes += chunk.length;
  });
  report({ items: bytes });
}

async function parse() {
  const { OdmReader } = await import('../dist/odm/reader.js');
  const { Dictionary } = await import('../dist/odm/dictionary.js');
  const reader = new OdmReader({
    engine,
    system: 'edc',
    environment: 'Prod',
    study: 'BENCH',
    firstKey: 1,
    dictionary: new Dictionary(),
    onBatch: () => {},
  });
  eachChunk((chunk) => reader.write(chunk));
  report({ items: reader.end().counts.ItemData });
}

function load() {
  return inProjectOf(file, async (folder) => report({ items: await loadFolder(folder, engine) }));
}
