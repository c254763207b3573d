import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { rebuildState } from '../load/state.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { blankFile } from './blank-file.ts';
import { defineCommonViews } from './reconcile.ts';
import { connected, makeTables } from './warehouse.ts';

// Run when the package is built.
const path = blankFile();
const next = `${path}.next`;
rmSync(dirname(path), { recursive: true, force: true });
mkdirSync(dirname(path), { recursive: true });

await connected(await WarehouseFile.open(next), async (connection) => {
  await connection.transaction(() => makeTables(connection));
  await connection.transaction(() => rebuildState(connection));
  await defineCommonViews(connection);
});
renameSync(next, path);
