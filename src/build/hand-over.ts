import { PUBLICATIONS } from '../audit/recorded-files.ts';
import { WarehouseError } from '../lib/errors.ts';
import { type StaleModel, staleText } from '../model/plan/stale.ts';
import { isExternal } from '../project/external.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { noRoom } from '../store/no-room.ts';
import { exportedModels, type HandedOverFile, writeExports } from './exports.ts';
import { writeExternals } from './externals.ts';
import { formerFiles } from './former-files.ts';
import { publish } from './publish.ts';
import { type Outgoing, putInPlace } from './put-in-place.ts';
import { tellRetired } from './tell-retired.ts';
import { type Context, commandFor, type OpenOptions, withWarehouse } from './warehouse.ts';

/** What a run has made, and what hinders its handing over. */
interface Built {
  /** All models that there are. */
  readonly models: readonly ModelSource[];
  /** Those of them that are not up to date. */
  readonly stale: readonly StaleModel[];
  /** Whether any model or test failed. */
  readonly hasFailed: boolean;
  /** Why checks of what arrived let nothing be made of it. */
  readonly stop: WarehouseError | undefined;
  /** Why what it has made is not to leave. */
  readonly refusal: WarehouseError | undefined;
}

/** Why something was not exported or not published. */
interface Withheld {
  /** One sentence or two, for people. */
  readonly reason: string;
  /** What went wrong; absent where it was only not up to date. */
  readonly error?: WarehouseError;
}

export interface HandedOver {
  readonly exports: readonly HandedOverFile[];
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
  { models, stale, hasFailed, stop, refusal }: Built,
): Promise<HandedOver> {
  if (stop !== undefined) {
    context.events({ event: 'error', error: stop });
    const reason = 'Nothing was made of what arrived, exported or published: checks of it stop the build.';
    return { exports: [], publications: [], withheld: { reason, error: stop } };
  }
  if (stale.length > 0) {
    const next = hasFailed
      ? `Correct what failed, and run ${commandFor(project.target, 'retry')}.`
      : `Run ${commandFor(project.target, 'build')}.`;
    const reason = `Nothing was exported or published, because not all is up to date: ${staleText(stale)}. ${next}`;
    return { exports: [], publications: [], withheld: { reason } };
  }
  let done: HandedOver = { exports: [], publications: [] };
  let reason = 'Nothing was exported or published. The models are built.';
  try {
    if (refusal !== undefined) throw refusal;
    const { files, head } = await withWarehouse(project, { ...options, exports: true }, context, async (warehouse) => {
      const exported = await writeExports(warehouse, exportedModels(project, models));
      const externals = models.filter(isExternal);
      if (externals.length > 0) {
        done = { ...done, exports: exported };
        reason =
          'No file of an external model was written, and nothing was published. The models are built and exported.';
      }
      const files = [...exported, ...(await writeExternals(warehouse, externals))];
      // So that all is in the file itself, and a disk that is full says so.
      await warehouse.connection.run('CHECKPOINT');
      return { files, head: warehouse.ledger.head() };
    });
    done = { ...done, exports: files };
    reason = 'Nothing was published. The models are built and exported.';
    await publish(project, head, async (files) => {
      reason = 'It was not all published, or not all recorded: verify tells what is in its place.';
      await placePublications(project, options, context, files);
    });
    done = { ...done, publications: project.publications.map(({ name, file }) => ({ name, path: file })) };
    return done;
  } catch (thrown) {
    const error = noRoom(thrown) ?? thrown;
    if (!(error instanceof WarehouseError)) throw error;
    context.events({ event: 'error', error });
    return { ...done, withheld: { reason, error } };
  }
}

/**
 * Files that were published before and are not any more go, unless somebody has changed them: who asks for a
 * publication to end does not want what it shows to be read on.
 */
async function placePublications(
  project: Project,
  options: OpenOptions,
  context: Context,
  files: readonly Outgoing[],
): Promise<void> {
  await withWarehouse(project, options, context, async (warehouse) => {
    const former = await formerFiles(warehouse.connection, PUBLICATIONS);
    const { retired } = await putInPlace(warehouse, PUBLICATIONS, files, former);
    tellRetired(context.events, retired, PUBLISHED_NO_MORE);
  });
}

const PUBLISHED_NO_MORE = {
  said: (path: string) => `${path} is published no more`,
  removed: 'PUBLICATION_REMOVED',
  left: 'PUBLICATION_LEFT',
  next: 'Take it away, or its readers go on reading what is out of date.',
} as const;
