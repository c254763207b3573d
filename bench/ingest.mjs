// How fast ODM is read and loaded, with the byte tokenizer and with sax, on the same file in one run.
//   npm run bench -- ingest [--megabytes 1000] [--runs 3] [--file FILE]
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measured, median } from './child.mjs';
import { generated, script } from './files.mjs';

const MODES = [
  ['read', 'read the bytes only'],
  ['parse tokenizer', 'parse to batches, tokenizer'],
  ['parse sax', 'parse to batches, sax'],
  ['load tokenizer', 'whole load, tokenizer'],
  ['load sax', 'whole load, sax'],
];

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '1000' },
      runs: { type: 'string', default: '3' },
      file: { type: 'string' },
    },
  });
  const file = values.file ?? generated(Number(values.megabytes));
  const megabytes = statSync(file).size / 1e6;
  const figures = new Map(MODES.map(([mode]) => [mode, { cpu: [], rss: [] }]));
  for (let round = 0; round < Number(values.runs); round++) {
    for (const [mode] of MODES) {
      const { cpu, rss } = await measured(script('ingest-once.mjs'), [mode, file]);
      figures.get(mode).cpu.push(cpu);
      figures.get(mode).rss.push(rss);
    }
  }
  print(figures, megabytes);
}

function print(figures, megabytes) {
  const cpu = (mode) => median(figures.get(mode).cpu);
  process.stdout.write(`${Math.round(megabytes)} MB, medians, each figure a process of its own\n\n`);
  process.stdout.write('| | CPU s | MB per CPU s | peak MB |\n|---|---|---|---|\n');
  for (const [mode, label] of MODES) {
    const rss = Math.max(...figures.get(mode).rss);
    process.stdout.write(`| ${label} | ${cpu(mode).toFixed(2)} | ${(megabytes / cpu(mode)).toFixed(0)} | ${rss} |\n`);
  }
  const parse = cpu('parse sax') / cpu('parse tokenizer');
  const load = cpu('load sax') / cpu('load tokenizer');
  process.stdout.write(`\nsax / tokenizer: parse ${parse.toFixed(1)}x, whole load ${load.toFixed(1)}x\n`);
}
