// A project of one ODM source, as the benchmarks load it.
import { closeSync, linkSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes a project for the study that the ClinicalData of an ODM file names.
 *
 * @param {string} folder
 * @param {string} file the ODM file
 * @param {string} source what else its source declares, as YAML
 */
export function writeProject(folder, file, source = '') {
  mkdirSync(folder, { recursive: true });
  const study = `{ id: BENCH, oids: [${JSON.stringify(studyOid(file))}] }`;
  writeFileSync(
    join(folder, 'warehouse.yml'),
    `name: bench\nstudy: ${study}\nremoval_threshold: 1\nsources:\n  edc: { files: '*.xml'${source} }\n`,
  );
}

/**
 * What `work` makes of a folder of its own beside a file, so that the file can have a second name in it: a project reads
 * nothing outside its folder.
 */
export async function beside(file, work) {
  const folder = mkdtempSync(join(dirname(file), 'warehouse-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same of a project that has the file as its source. */
export function inProjectOf(file, work) {
  return beside(file, (folder) => {
    writeProject(folder, file);
    linkSync(file, join(folder, 'edc.xml'));
    return work(folder);
  });
}

/** Behind the definitions, which may be long. */
function studyOid(file) {
  const handle = openSync(file, 'r');
  const chunk = Buffer.alloc(1 << 20);
  let text = '';
  let found = null;
  for (let got = readSync(handle, chunk); got > 0 && found === null; got = readSync(handle, chunk)) {
    text = text.slice(-1000) + chunk.toString('latin1', 0, got);
    found = /<ClinicalData[^>]*\sStudyOID="([^"]*)"/.exec(text);
  }
  closeSync(handle);
  return found?.[1];
}

/** Loads what is pending in the project of a folder; how many items there were. */
export async function loadFolder(folder, parser = 'tokenizer') {
  const { load } = await import('../dist/build/commands.js');
  const { loadProject } = await import('../dist/project/load-project.js');
  const { deliveries } = await load(await loadProject(folder), { parser }, await context());
  return deliveries[0].items;
}

/** What commands are given. */
export async function context() {
  const { systemClock } = await import('../dist/lib/clock.js');
  return { events: () => {}, clock: systemClock };
}

/** Its working file. */
export const databaseOf = (folder) => join(folder, '.warehouse', 'main.duckdb');

/** Its working file, open. */
export async function opened(folder) {
  const { WarehouseFile } = await import('../dist/store/warehouse-file.js');
  return WarehouseFile.open(databaseOf(folder));
}
