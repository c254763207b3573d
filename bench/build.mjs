// From ODM to typed staged tables in one command, with the byte tokenizer, with sax, and what cdiscbuilder would need.
//   npm run bench -- build [--megabytes 2000] [--file FILE] [--small 50] [--runs 1]
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { least, measured, measuredProgram } from './child.mjs';
import { generated, script } from './files.mjs';
import { FRAMES } from './peers/python.mjs';
import { inProjectOf } from './project.mjs';

const PARSERS = ['tokenizer', 'sax'];

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '2000' },
      file: { type: 'string' },
      small: { type: 'string', default: '50' },
      runs: { type: 'string', default: '1' },
    },
  });
  const file = values.file ?? generated(Number(values.megabytes));
  const runs = Number(values.runs);
  const figures = [];
  for (const parser of PARSERS) figures.push(least(await repeated(runs, () => buildOnce(file, parser))));
  print(file, figures, await ofCdiscbuilder(file, generated(Number(values.small)), runs));
}

async function repeated(runs, work) {
  const figures = [];
  for (let round = 0; round < runs; round++) figures.push(await work());
  return figures;
}

/** `warehouse build` in a project without models. */
function buildOnce(file, parser) {
  return inProjectOf(file, (folder) => measured(script('build-once.mjs'), [folder, parser]));
}

/** Its long data frame, from which its datasets are made, of a small file, and as much more for the large one. */
async function ofCdiscbuilder(large, small, runs) {
  const peer = FRAMES.find(({ name }) => name === 'cdiscbuilder');
  const reason = peer.absent();
  if (reason !== undefined) return { reason };
  const times = statSync(large).size / statSync(small).size;
  const figure = least(await repeated(runs, () => measuredProgram(peer.parse(small))));
  return { cpu: figure.cpu * times, rss: Math.round(figure.rss * times), megabytes: statSync(small).size / 1e6 };
}

function print(file, [ours, sax], cdiscbuilder) {
  const megabytes = Math.round(statSync(file).size / 1e6);
  process.stdout.write(`${megabytes} MB, ${ours.items} items to ${ours.tables} typed staged tables\n\n`);
  process.stdout.write('| | CPU s | of ours | seconds | peak MB |\n|---|---|---|---|---|\n');
  const row = (label, { cpu, seconds, rss }) =>
    `| ${label} | ${cpu.toFixed(1)} | ${(cpu / ours.cpu).toFixed(1)}x | ${seconds?.toFixed(0) ?? ''} | ${rss} |\n`;
  process.stdout.write(row('warehouse build', ours) + row('warehouse build, sax', sax));
  if (cdiscbuilder.reason !== undefined) process.stdout.write(`| cdiscbuilder | ${cdiscbuilder.reason} | | | |\n`);
  else {
    const label = `cdiscbuilder, to its long data frame: ${Math.round(cdiscbuilder.megabytes)} MB, multiplied`;
    process.stdout.write(row(label, cdiscbuilder));
  }
}
