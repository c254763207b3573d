import { copyFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { ColumnRemoval } from './column-removal.ts';

it('measure', async () => {
  copyFileSync('.warehouse/main.duckdb', '/tmp/w6/acc_measure.duckdb');
  const project = await loadProject(process.cwd());
  const file = await WarehouseFile.open('/tmp/w6/acc_measure.duckdb', { threads: 2 });
  const connection = await file.connect();
  const removal = await ColumnRemoval.of(connection, project);
  const out: unknown[] = [];
  const step = Number(process.env.STEP ?? 1);
  const t = Date.now();
  for (const [i, [model, column]] of removal.all.entries()) {
    if (i % step !== 0) continue;
    try {
      out.push({ model, column, generated: removal.isGenerated(model), ...(await removal.takeOut(model, column)) });
    } catch (error) {
      out.push({ model, column, error: String(error) });
    }
  }
  writeFileSync('/tmp/w6/acc_measure.json', JSON.stringify(out));
  console.log(removal.all.length, out.length, Date.now() - t);
  connection.close();
  file.close();
}, 3_600_000);
