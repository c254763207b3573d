// What is live: how much working it out costs against a window over natural keys, and how much reading it costs against
// reading one delivery.
//   npm run bench -- state [--megabytes 300] [--deliveries 10] [--runs 3]
import { linkSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { least, measured } from './child.mjs';
import { generated, script, WORK } from './files.mjs';
import { writeLater } from './later.mjs';
import { writeProject } from './project.mjs';

/** A delivery touches every so manyth item group: 5 %. */
const SHARE = 20;

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '300' },
      deliveries: { type: 'string', default: '10' },
      runs: { type: 'string', default: '3' },
    },
  });
  const file = generated(Number(values.megabytes));
  const runs = Number(values.runs);
  const folder = mkdtempSync(join(WORK, 'state-'));
  try {
    await working(folder, file, runs);
    await reading(folder, file, Number(values.deliveries), runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const once = async (mode, project, runs) => {
  const figures = [];
  for (let round = 0; round < runs; round++) figures.push(await measured(script('state-once.mjs'), [mode, project]));
  return least(figures);
};

/** Loads the deliveries of the days from 0 on, one after the other; the first is the file itself. */
async function deliver(project, file, { days, whole, source }) {
  writeProject(project, file, `, keep: none${source}`);
  for (let day = 0; day < days; day++) {
    const path = join(project, `day${String(day).padStart(2, '0')}.xml`);
    if (day === 0) linkSync(file, path);
    else await writeLater(file, path, { day, share: SHARE, whole });
    await measured(script('load-once.mjs'), [project]);
  }
  return project;
}

/** What working it out costs. */
async function working(folder, file, runs) {
  const project = join(folder, 'second');
  await deliver(project, file, { days: 1, whole: false, source: '' });
  const first = await once('rebuild', project, runs);
  await deliverAgain(project, file);
  const second = await once('rebuild', project, runs);
  const codes = await once('window-codes', project, runs);
  const texts = await once('window', project, runs);
  const live = await once('read', project, 1);
  for (const { items, hash } of [codes, texts]) {
    if (items !== live.items || hash !== live.hash) throw new Error('The window gives other items than the state.');
  }
  rmSync(project, { recursive: true, force: true });
  process.stdout.write(`${live.items} live items, after a second delivery of 5 % of the item groups\n\n`);
  process.stdout.write('| | CPU s | of the state | peak MB |\n|---|---|---|---|\n');
  for (const [label, { cpu, rss }] of [
    ['state worked out and its views defined', second],
    ['the same before the second delivery: what it costs at least', first],
    ['window over natural keys, codes of raw joined', codes],
    ['window over natural keys, texts in a flat table', texts],
  ]) {
    process.stdout.write(`| ${label} | ${cpu.toFixed(2)} | ${(cpu / second.cpu).toFixed(1)}x | ${rss} |\n`);
  }
}

async function deliverAgain(project, file) {
  await writeLater(file, join(project, 'day01.xml'), { day: 1, share: SHARE, whole: false });
  await measured(script('load-once.mjs'), [project]);
}

/** What reading it costs. */
async function reading(folder, file, days, runs) {
  const cases = [
    [`${days} snapshots, covers: study`, { days, whole: true, source: ', covers: study' }, 'last'],
    [`${days} snapshots, nothing declared`, { days, whole: true, source: '' }, 'last'],
    [`the file and ${days} increments of 5 %`, { days: days + 1, whole: false, source: '' }, 'first'],
  ];
  process.stdout.write(
    '\n| | read state.item_data, CPU s | read one delivery | ratio | items |\n|---|---|---|---|---|\n',
  );
  for (const [label, what, one] of cases) {
    const project = await deliver(join(folder, 'read'), file, what);
    const state = await once('read', project, runs);
    const alone = await once(one, project, runs);
    rmSync(project, { recursive: true, force: true });
    if (state.items !== alone.items) throw new Error(`${label}: ${state.items} live items, ${alone.items} expected`);
    const ratio = `${(state.cpu / alone.cpu).toFixed(2)}x`;
    const cells = [state.cpu.toFixed(3), `${alone.cpu.toFixed(3)} (the ${one})`, ratio, state.items];
    process.stdout.write(`| ${label} | ${cells.join(' | ')} |\n`);
  }
}
