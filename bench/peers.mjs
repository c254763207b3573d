// What reading and loading ODM costs in warehouse and in programs that others would write, on the same file in one run.
//   npm run bench -- peers [--megabytes 300] [--file FILE] [--small 50] [--runs 3] [--only tokenizer,rust-same]
import { linkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { least, measured, measuredProgram } from './child.mjs';
import { generated, script } from './files.mjs';
import { FRAMES, PYTHON } from './peers/python.mjs';
import { RUST } from './peers/rust.mjs';
import { WAREHOUSE } from './peers/warehouse.mjs';
import { beside, databaseOf, writeProject } from './project.mjs';

const OURS = 'tokenizer';

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '300' },
      file: { type: 'string' },
      small: { type: 'string', default: '50' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string' },
    },
  });
  const only = values.only?.split(',');
  const chosen = (peers) => peers.filter(({ name }) => only === undefined || only.includes(name) || name === OURS);
  const runs = Number(values.runs);
  const file = values.file ?? generated(Number(values.megabytes));
  await compareStreams(file, chosen([...WAREHOUSE, ...RUST, ...PYTHON]), runs);
  const frames = only === undefined ? FRAMES : FRAMES.filter(({ name }) => only.includes(name));
  if (frames.length > 0) await compareFrames(file, generated(Number(values.small)), frames, runs);
}

/** Those that read a file of any size. */
function compareStreams(file, peers, runs) {
  return beside(file, async (folder) => {
    const ours = await reference(folder, file);
    const results = [];
    for (const peer of peers) results.push({ peer, reason: peer.absent(), parse: [], load: [], checked: '' });
    const present = results.filter(({ reason }) => reason === undefined);
    for (let round = 0; round < runs; round++) {
      for (const result of present) await measureOnce(result, { folder, file, ours, check: round === 0 });
    }
    print(results, statSync(file).size / 1e6);
  });
}

/** A load of ours to compare with: its file, and how many items there are. */
async function reference(folder, file) {
  const project = join(folder, 'ours');
  writeProject(project, file, ', keep: none');
  linkSync(file, join(project, 'edc.xml'));
  const { items } = await measured(script('load-once.mjs'), [project]);
  return { database: databaseOf(project), items };
}

async function measureOnce(result, { folder, file, ours, check }) {
  const { peer } = result;
  const database = join(folder, 'peer.duckdb');
  for (const mode of ['parse', 'load']) {
    const figure = await measuredProgram(peer[mode](file, database));
    if (figure.items !== ours.items) {
      throw new Error(`${peer.name} has read ${figure.items} items of ${ours.items}: its figures do not count`);
    }
    result[mode].push(figure);
  }
  if (check) result.checked = WAREHOUSE.includes(peer) ? 'items' : await compare(peer, ours.database, database);
  rmSync(database, { force: true });
}

async function compare(peer, ours, theirs) {
  const extent = peer.complete ? 'complete' : 'part';
  const { tables, differences } = await measured(script(join('peers', 'compare.mjs')), [ours, theirs, extent]);
  if (differences.length > 0) throw new Error(`${peer.name} has landed something else: ${differences.join('; ')}`);
  return `${tables} tables`;
}

function print(results, megabytes) {
  const ours = results.find(({ peer }) => peer.name === OURS);
  process.stdout.write(`${Math.round(megabytes)} MB, least of several runs, each figure a process of its own\n`);
  for (const [mode, title] of [
    ['parse', 'Read into columns'],
    ['load', 'Loaded into a DuckDB file'],
  ]) {
    process.stdout.write(
      `\n| ${title} | CPU s | MB per CPU s | of ours | peak MB | same as ours |\n|---|---|---|---|---|---|\n`,
    );
    for (const { peer, reason, checked, [mode]: figures } of results) {
      if (reason !== undefined) {
        process.stdout.write(`| ${peer.label} | ${reason} | | | | |\n`);
        continue;
      }
      const { cpu } = least(figures);
      const peak = Math.max(...figures.map(({ rss }) => rss));
      const cells = [cpu.toFixed(2), (megabytes / cpu).toFixed(0), ratio(cpu / least(ours[mode]).cpu), peak, checked];
      process.stdout.write(`| ${peer.label} | ${cells.join(' | ')} |\n`);
    }
  }
}

const ratio = (value) => `${value.toFixed(2)}x`;

/** Those that hold the document in memory, on a smaller file; what they would need for the large one. */
async function compareFrames(large, file, peers, runs) {
  const megabytes = statSync(file).size / 1e6;
  const times = statSync(large).size / statSync(file).size;
  const { items, values } = await measured(script(join('peers', 'count.mjs')), [file]);
  const size = Math.round((megabytes * times) / 10) * 10;
  process.stdout.write(
    `\nOn ${megabytes.toFixed(0)} MB, and what that makes of ${size} MB if each MB needs as much (it was not run)\n\n| | CPU s | peak MB | CPU s at ${size} MB | peak MB at ${size} MB |\n|---|---|---|---|---|\n`,
  );
  for (const peer of peers) {
    const reason = peer.absent();
    if (reason !== undefined) {
      process.stdout.write(`| ${peer.label} | ${reason} | | | |\n`);
      continue;
    }
    const figures = [];
    for (let round = 0; round < runs; round++) {
      const figure = await measuredProgram(peer.parse(file));
      const isSame = figure.items === items || figure.values === values;
      if (!isSame) throw new Error(`${peer.name} has read something else: ${JSON.stringify(figure)} of ${items} items`);
      figures.push(figure);
    }
    const { cpu } = least(figures);
    const peak = Math.max(...figures.map(({ rss }) => rss));
    const cells = [cpu.toFixed(2), peak, (cpu * times).toFixed(0), (peak * times).toFixed(0)];
    process.stdout.write(`| ${peer.label} | ${cells.join(' | ')} |\n`);
  }
}
