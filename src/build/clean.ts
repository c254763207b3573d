import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLEANED } from '../audit/recorded-files.ts';
import { WarehouseError } from '../lib/errors.ts';
import { misplaced } from '../project/output-places.ts';
import type { Project } from '../project/project.ts';
import { recordedTargets } from './recorded-targets.ts';
import { type Context, newCorrelationId, type OpenOptions, type Warehouse, withWarehouse } from './warehouse.ts';

/**
 * Empties target/, for all targets, and records it in the ledger of each that was built, of one that is not in
 * warehouse.yml any more too. The rest of the record in .warehouse/ stays.
 *
 * @throws usage CLEAN_LINK where target/ is a link, OUTPUT_PLACE where it is a file; fault STORE_LOCKED while a build is
 * running. Then nothing was removed.
 */
export async function clean(
  project: Project,
  options: OpenOptions,
  context: Context,
): Promise<{ removed: readonly string[] }> {
  const names = contentOf(project);
  const run = { ...options, correlationId: newCorrelationId() };
  await withEach(recordedTargets(project), run, context, async (warehouses) => {
    for (const name of names) rmSync(join(project.root, 'target', name), { recursive: true });
    const entry = { action: CLEANED, object: 'target', effect: 'done', meta: { removed: names } } as const;
    for (const { ledger, correlationId } of warehouses) await ledger.append([{ ...entry, correlationId }]);
  });
  return { removed: names.map((name) => `target/${name}`) };
}

/** What lies in target/, by name. */
function contentOf({ root }: Project): string[] {
  const target = join(root, 'target');
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isSymbolicLink()) {
    throw new WarehouseError({
      kind: 'usage',
      code: 'CLEAN_LINK',
      message: 'target is a link, and clean empties no folder that lies elsewhere.',
      place: { file: 'target' },
      next: 'Remove the link, or empty the folder that it leads to yourself.',
    });
  }
  if (!found.isDirectory()) throw misplaced('target', 'is a file, and a folder is to be there');
  return readdirSync(target).sort();
}

/** Opens the working files of all of them before anything is done, so that none is found locked halfway. */
async function withEach(
  [first, ...others]: readonly Project[],
  options: OpenOptions,
  context: Context,
  work: (warehouses: readonly Warehouse[]) => Promise<void>,
): Promise<void> {
  if (first === undefined) return work([]);
  await withWarehouse(first, options, context, (warehouse) =>
    withEach(others, options, context, (rest) => work([warehouse, ...rest])),
  );
}
