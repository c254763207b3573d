// What typed staging of all items costs against a plain copy of raw.item_data, and how it grows with the items of a group.
//   npm run bench -- staging [--megabytes 300] [--items 1000000] [--widths 25,50,100,200,400] [--runs 3]
import { cpSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { least, measured } from './child.mjs';
import { generated, script, WORK } from './files.mjs';
import { writeProject } from './project.mjs';
import { writeWide } from './wide.mjs';

/** Staging so little shows what it costs at least. */
const LEAST_MEGABYTES = 1;

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '300' },
      items: { type: 'string', default: '1000000' },
      widths: { type: 'string', default: '25,50,100,200,400' },
      runs: { type: 'string', default: '3' },
    },
  });
  const runs = Number(values.runs);
  const file = generated(Number(values.megabytes));
  const smallest = generated(LEAST_MEGABYTES);
  const folder = mkdtempSync(join(WORK, 'staging-'));
  try {
    printStudy(
      await figures(folder, (path) => linkSync(file, path), runs),
      await figures(folder, (path) => linkSync(smallest, path), runs),
    );
    const items = Number(values.items);
    process.stdout.write(HEAD_OF_WIDTHS);
    for (const width of values.widths.split(',').map(Number)) {
      printWidth(width, await figures(folder, (path) => writeWide(path, { items, width }), runs));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stages and copies what `write` puts into a file: each time from a project that is loaded alone. */
async function figures(folder, write, runs) {
  const loaded = join(folder, 'loaded');
  const file = join(folder, 'odm.xml');
  await write(file);
  writeProject(loaded, file, ', keep: none');
  linkSync(file, join(loaded, 'odm.xml'));
  await measured(script('load-once.mjs'), [loaded]);
  const stage = [];
  const copy = [];
  let counted;
  for (let round = 0; round < runs; round++) {
    stage.push(
      await onCopy(loaded, 'stage', async (project) => {
        counted ??= await countedIn(project);
      }),
    );
    copy.push(await onCopy(loaded, 'copy'));
  }
  for (const path of [loaded, file]) rmSync(path, { recursive: true, force: true });
  return { stage: least(stage), copy: least(copy), ...counted };
}

/** One figure, on a copy of the project; `after` is given what became of it. */
async function onCopy(loaded, mode, after) {
  const project = `${loaded}-${mode}`;
  cpSync(loaded, project, { recursive: true });
  const figure = await measured(script('staging-once.mjs'), [mode, project]);
  await after?.(project);
  rmSync(project, { recursive: true });
  return figure;
}

/** How many values there are: all of them in staged tables. */
async function countedIn(project) {
  const { items, cells } = await measured(script('staging-once.mjs'), ['count', project]);
  if (items !== cells) throw new Error(`The staged tables hold ${cells} of ${items} values.`);
  return { items };
}

function printStudy({ stage, copy, items }, smallest) {
  process.stdout.write(`${items} values to ${stage.tables} typed tables\n\n`);
  process.stdout.write(
    '| | copy, CPU s | typed staging, CPU s | of the copy | peak MB of either |\n|---|---|---|---|---|\n',
  );
  const peaks = `${copy.rss}, ${stage.rss}`;
  for (const [label, copying, staging, rss] of [
    ['all of it', copy.cpu, stage.cpu, peaks],
    [`beyond what ${smallest.items} values cost`, copy.cpu - smallest.copy.cpu, stage.cpu - smallest.stage.cpu, ''],
  ]) {
    const cells = [copying.toFixed(2), staging.toFixed(2), `${(staging / copying).toFixed(1)}x`, rss];
    process.stdout.write(`| ${label} | ${cells.join(' | ')} |\n`);
  }
}

const HEAD_OF_WIDTHS = `
| items in a group | values | staging, CPU s | microseconds a value | copy, CPU s | of the copy | peak MB |
|---|---|---|---|---|---|---|
`;

function printWidth(width, { stage, copy, items }) {
  const cells = [
    width,
    items,
    stage.cpu.toFixed(2),
    ((stage.cpu / items) * 1e6).toFixed(2),
    copy.cpu.toFixed(2),
    `${(stage.cpu / copy.cpu).toFixed(1)}x`,
    stage.rss,
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
