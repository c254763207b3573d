import { WarehouseError } from '../lib/errors.ts';
import type { WarehouseEvent } from '../lib/events.ts';
import { type StaleModel, staleText } from '../model/stale.ts';
import type { Project } from '../project/project.ts';
import { noRoom } from '../store/no-room.ts';
import { exportedModels, writeExports } from './exports.ts';
import { formerPublications, type Retired, retireExports } from './former-exports.ts';
import { allModels } from './models.ts';
import { type Published, publish } from './publish.ts';
import { type Context, type OpenOptions, withWarehouse } from './warehouse.ts';

/** Why something was not exported or not published. */
export interface Withheld {
  /** One sentence or two, for people. */
  readonly reason: string;
  /** What went wrong; absent where it was only not up to date. */
  readonly error?: WarehouseError;
}

export interface HandedOver {
  readonly exports: readonly { path: string; rows: number }[];
  readonly publications: readonly { name: string; path: string }[];
  readonly withheld?: Withheld;
}

/**
 * Exports and publishes what a run has built. Only where every model is up to date and its tests have passed, whatever
 * was selected: what leaves the house is of one piece. What is wrong with an export or a publication is told as an
 * error event and in the result, so that it does not hide what was built; then nothing of that step is in its place.
 */
export async function handOver(
  project: Project,
  options: OpenOptions,
  context: Context,
  stale: readonly StaleModel[],
): Promise<HandedOver> {
  if (stale.length > 0) {
    const reason = `Nothing was exported or published, because not all is up to date: ${staleText(stale)}.`;
    return { exports: [], publications: [], withheld: { reason } };
  }
  let done: HandedOver = { exports: [], publications: [] };
  let reason = 'Nothing was exported or published. The models are built.';
  try {
    const { files, head } = await withWarehouse(project, { ...options, exports: true }, context, async (warehouse) => {
      const models = exportedModels(project, await allModels(warehouse));
      const files = await writeExports(warehouse, models, 'remove');
      // So that all is in the file itself, and a disk that is full says so.
      await warehouse.connection.run('CHECKPOINT');
      return { files, head: warehouse.ledger.head() };
    });
    done = {
      ...done,
      exports: files.map(({ path, rows }) => ({ path: `${project.exports.directory}/${path}`, rows })),
    };
    reason = 'Nothing was published. The models are built and exported.';
    const published = await publish(project, head);
    done = { ...done, publications: published.map(({ name, path }) => ({ name, path })) };
    reason = 'What was published could not be recorded in the ledger.';
    await recordPublications(project, options, context, published);
    return done;
  } catch (thrown) {
    const error = noRoom(thrown) ?? thrown;
    if (!(error instanceof WarehouseError)) throw error;
    context.events({ event: 'error', error });
    return { ...done, withheld: { reason, error } };
  }
}

/**
 * The ledger's record of what is outside the file follows it. Files that were published before and are not any more go,
 * unless somebody has changed them: who asks for a publication to end does not want what it shows to be read on.
 */
async function recordPublications(
  project: Project,
  options: OpenOptions,
  context: Context,
  published: readonly Published[],
): Promise<void> {
  await withWarehouse(project, options, context, async ({ connection, ledger, correlationId }) => {
    const common = { correlationId, effect: 'done' } as const;
    const paths = published.map(({ path }) => path);
    const retired = await retireExports(project.root, await formerPublications(connection), paths);
    await ledger.append([
      ...published.map(({ name, path, bytes, sha256 }) => {
        return { ...common, action: 'publication', object: path, after: sha256, meta: { name, bytes } };
      }),
      ...retired
        .filter(({ now }) => now !== 'changed')
        .map(({ path, sha256, now }) => {
          const meta = { found: now === 'removed' };
          return { ...common, action: 'publication.remove', object: path, before: sha256, meta };
        }),
    ]);
    for (const one of retired.filter(({ now }) => now !== 'gone')) context.events(retirement(one));
  });
}

function retirement({ path, now }: Retired): WarehouseEvent {
  if (now === 'removed') {
    return { event: 'notice', code: 'PUBLICATION_REMOVED', message: `${path} is published no more: it was removed.` };
  }
  return {
    event: 'notice',
    code: 'PUBLICATION_LEFT',
    message: `${path} is published no more, but somebody has changed it, so it was left where it is.`,
    next: 'Take it away, or its readers go on reading what is out of date.',
  };
}
