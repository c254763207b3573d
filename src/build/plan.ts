import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pendingDeliveries } from '../load/pending.ts';
import { gatherCells } from '../model/cells.ts';
import { prepareRun } from '../model/prepare.ts';
import type { Project } from '../project/project.ts';
import type { SelectOptions } from './build.ts';
import { runOptions } from './models.ts';
import { type Context, withWarehouse } from './warehouse.ts';

export interface BuildPlan {
  readonly deliveries: readonly { source: string; file: string; reason: string }[];
  readonly models: readonly { name: string; action: string; reason: string }[];
}

/** What a build would do and why. Models are planned on what is loaded now; pending deliveries may add to them. */
export async function plan(project: Project, options: SelectOptions, context: Context): Promise<BuildPlan> {
  if (!existsSync(join(project.root, project.target.workingFile))) {
    const pending = await pendingDeliveries(undefined, project, context.events);
    const models = project.models.map(({ name }) => ({ name, action: 'build', reason: 'new' }));
    return { deliveries: pending.map(toDelivery), models };
  }
  return withWarehouse(project, options, context, async (warehouse) => {
    const pending = await pendingDeliveries(warehouse.connection, project, context.events);
    await warehouse.connection.transaction(() => gatherCells(warehouse.connection));
    const { plan } = await prepareRun(await runOptions(warehouse, options));
    const loaded = pending.length > 0 ? ' with what is loaded now; deliveries are pending' : '';
    const models = plan.map(({ name, action, reason }) => ({ name, action, reason: `${reason}${loaded}` }));
    return { deliveries: pending.map(toDelivery), models };
  });
}

function toDelivery({ source, file, reason }: Awaited<ReturnType<typeof pendingDeliveries>>[number]) {
  return { source: source.name, file: file.name, reason };
}
