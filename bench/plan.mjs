// What planning many models costs, against having DuckDB parse their SQL; each model has two tests.
//   npm run bench -- plan [--models 500,1000,2000] [--runs 3]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { least, measured } from './child.mjs';
import { script } from './files.mjs';
import { modelsOf } from './runner/study.mjs';
import { writeWarehouse } from './runner/warehouse.mjs';

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { models: { type: 'string', default: '500,1000,2000' }, runs: { type: 'string', default: '3' } },
  });
  process.stdout.write(
    '| models | parse, CPU s | plan, CPU s | of parsing | peak MB of either |\n|---|---|---|---|---|\n',
  );
  for (const many of values.models.split(',').map(Number)) {
    const folder = mkdtempSync(join(tmpdir(), 'warehouse-bench-'));
    try {
      writeWarehouse(folder, modelsOf(many, 1));
      const figures = { parse: [], plan: [] };
      for (let round = 0; round < Number(values.runs); round++) {
        for (const what of ['parse', 'plan']) figures[what].push(await once(what, folder));
      }
      const [parse, plan] = [least(figures.parse), least(figures.plan)];
      const cells = [many, parse.cpu.toFixed(2), plan.cpu.toFixed(2), `${(plan.cpu / parse.cpu).toFixed(2)}x`];
      process.stdout.write(`| ${cells.join(' | ')} | ${parse.rss}, ${plan.rss} |\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const once = (what, folder) => measured(script(join('runner', `${what}-once.mjs`)), [folder]);
