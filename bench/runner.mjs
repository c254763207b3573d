// The runner of models beside its peers and a plain script with the same SQL: everything new, nothing changed, one model changed.
//   npm run bench -- runner [--models 60] [--rows 20000] [--runs 3] [--only plain,warehouse,dbt,sqlmesh]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { least, measured } from './child.mjs';
import { cpuOf } from './cpu.mjs';
import { script } from './files.mjs';
import { DBT } from './runner/dbt.mjs';
import { PLAIN } from './runner/plain.mjs';
import { SQLMESH } from './runner/sqlmesh.mjs';
import { modelsOf, oneChanged } from './runner/study.mjs';
import { WAREHOUSE } from './runner/warehouse.mjs';

const TOOLS = [PLAIN, WAREHOUSE, DBT, SQLMESH];
const STATES = { cold: 'cold build', unchanged: 'nothing changed', changed: 'one model changed' };

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      models: { type: 'string', default: '60' },
      rows: { type: 'string', default: '20000' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string' },
    },
  });
  const only = values.only?.split(',') ?? TOOLS.map(({ name }) => name);
  const models = modelsOf(Number(values.models), Number(values.rows));
  const folder = mkdtempSync(join(tmpdir(), 'warehouse-bench-'));
  const results = TOOLS.filter((tool) => tool === PLAIN || only.includes(tool.name)).map((tool) => ({
    tool,
    reason: tool.absent(),
    folder: join(folder, tool.name),
    figures: { cold: [], unchanged: [], changed: [] },
  }));
  try {
    const present = results.filter(({ reason }) => reason === undefined);
    for (let round = 0; round < Number(values.runs); round++) {
      for (const result of present) await measureRound(result, models);
      if (round === 0) await compare(present, oneChanged(models));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  print(results, models.length);
}

/** All states of one tool, one after the other. A plain script knows no state: it does everything each time. */
async function measureRound({ tool, folder, figures }, models) {
  const { made, ...cold } = tool.cold(folder);
  for (const path of made) rmSync(join(folder, path), { recursive: true, force: true });
  tool.write(folder, tool.unchanged === undefined ? oneChanged(models) : models);
  figures.cold.push(await cpuOf(cold));
  tool.built?.(folder);
  if (tool.unchanged === undefined) return;
  figures.unchanged.push(await cpuOf(tool.unchanged(folder)));
  tool.write(folder, oneChanged(models));
  figures.changed.push(await cpuOf(tool.changed(folder)));
}

/** @throws where a tool has made something else than the plain script of the same models. */
async function compare([plain, ...others], models) {
  const contentOf = ({ tool, folder }) => {
    const { file, schema } = tool.database(folder);
    return measured(script(join('runner', 'compare.mjs')), [file, schema, ...models.map(({ name }) => name)]);
  };
  const wanted = await contentOf(plain);
  for (const other of others) {
    const found = await contentOf(other);
    for (const { name } of models) {
      if (found[name] !== wanted[name]) throw new Error(`${other.tool.name} has made something else of ${name}`);
    }
  }
}

function print(results, many) {
  const base = least(results[0].figures.cold).cpu;
  process.stdout.write(
    `${many} models, ${2 * many} tests; the same tables; least of several runs, x: of the plain script, s: until it ends\n\n`,
  );
  process.stdout.write(`| CPU s | ${Object.values(STATES).join(' | ')} |\n|---|---|---|---|\n`);
  for (const { tool, reason, figures } of results) {
    const cells = Object.keys(STATES).map((state) => cellOf(figures[state], base));
    process.stdout.write(`| ${tool.label} | ${reason === undefined ? cells.join(' | ') : `${reason} | | `} |\n`);
  }
}

function cellOf(figures, base) {
  if (figures.length === 0) return '';
  const { cpu } = least(figures);
  const seconds = Math.min(...figures.map((figure) => figure.seconds));
  return `${cpu.toFixed(2)}, ${(cpu / base).toFixed(2)}x, ${seconds.toFixed(2)} s`;
}
