// One figure of ingest.mjs: `read FILE`, `parse tokenizer FILE`, `load sax FILE`. Prints JSON: CPU seconds, peak MB.
import { closeSync, linkSync, mkdtempSync, openSync, readSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [mode, given] = process.argv.slice(2);
const file = realpathSync(given);
const [what, engine] = mode.split(' ');
const before = process.cpuUsage();
const result = await { read, parse, load }[what]();
process.stdout.write(JSON.stringify(result));

/** What was used until now. */
function measured(items) {
  const used = process.cpuUsage(before);
  const rss = Math.round(process.resourceUsage().maxRSS / 1024);
  return { cpu: (used.user + used.system) / 1e6, rss, items };
}

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
  return measured(bytes);
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
  return measured(reader.end().counts.ItemData);
}

async function load() {
  const { load } = await import('../dist/build/commands.js');
  const { loadProject } = await import('../dist/project/load-project.js');
  const { systemClock } = await import('../dist/lib/clock.js');
  // Beside the file, so that it can be a second name of it: a project reads nothing outside its folder.
  const folder = mkdtempSync(join(dirname(file), 'warehouse-bench-'));
  try {
    linkSync(file, join(folder, 'edc.xml'));
    writeFileSync(join(folder, 'warehouse.yml'), configuration());
    const project = await loadProject(folder);
    const options = { parser: engine === 'sax' ? 'sax' : 'tokenizer' };
    const { deliveries } = await load(project, options, { events: () => {}, clock: systemClock });
    return measured(deliveries[0].items);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project for the study that the file's ClinicalData names. */
function configuration() {
  const handle = openSync(file, 'r');
  const start = Buffer.alloc(1 << 20);
  readSync(handle, start);
  closeSync(handle);
  const oid = /<ClinicalData[^>]*\sStudyOID="([^"]*)"/.exec(start.toString('latin1'))?.[1];
  return `name: bench\nstudy: { id: BENCH, oids: [${JSON.stringify(oid)}] }\nsources:\n  edc: { files: edc.xml }\n`;
}
