import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import type { LoadContext, PartContent } from '../load-context.ts';
import { comesAgain, type PendingPart, type TakenDelivery } from '../pending-delivery.ts';
import { replacedBy, type StandingPart } from '../standing-parts.ts';
import { rebuildState } from '../state.ts';
import { itemGroupRemovals, type Removal } from './item-group-removals.ts';
import { rowRemovals } from './row-removals.ts';
import { type AmongOthers, standingAfter } from './standing-after.ts';

/** A delivery that has landed and is not committed. */
export interface Landed {
  /** What stood right before it, of CSV. */
  readonly before: readonly StandingPart[];
  readonly contents: readonly PartContent[];
  /** Whether what it removes by absence is held against the threshold. */
  readonly guarded: boolean;
}

export interface Within {
  /** What it removes, where that is more than the threshold and was accepted. */
  readonly removal: Removal | undefined;
  /** Whether it is not replaced at once by what its load delivers again after it. */
  readonly stays: boolean;
  /** What it is held against: of what is delivered again, what stood before the load. */
  readonly stood: readonly StandingPart[];
}

/**
 * What a delivery removes by absence within its load: what stands when the load has ended is held against what stood.
 * @throws data REMOVAL_THRESHOLD
 */
export async function removalWithin(
  context: LoadContext,
  pending: TakenDelivery,
  among: AmongOthers,
  { before, contents, guarded }: Landed,
): Promise<Within> {
  const after = await standingAfter(context, among, contents);
  const stays = after.includes(contents[0]);
  const { firstDelivery } = among;
  const stood =
    comesAgain(pending) && firstDelivery !== undefined
      ? await replacedBy(context.connection, pending.source, firstDelivery)
      : before;
  const removal = guarded ? await removalOf(context, pending, stood, after) : undefined;
  if (removal !== undefined && !context.acceptRemovals) {
    throw tooManyRemovals(removal, stays ? pending.parts : among.following.flatMap(({ parts }) => parts));
  }
  return { removal: stays ? removal : undefined, stays, stood };
}

/**
 * What the delivery removes by absence, where that is too much. ODM is tried out on state before it is committed; all
 * other deliveries leave state to be worked out once, after the last of them.
 */
async function removalOf(
  { connection, removalThreshold }: LoadContext,
  { source }: TakenDelivery,
  before: readonly StandingPart[],
  contents: readonly PartContent[],
): Promise<Removal | undefined> {
  if (source.format === 'csv') return rowRemovals(connection, source, before, contents, removalThreshold);
  await rebuildState(connection);
  return itemGroupRemovals(connection, removalThreshold);
}

function tooManyRemovals({ message }: Removal, parts: readonly PendingPart[]): WarehouseError {
  const again = comesAgain({ parts }) ? ` ${AGAIN}` : '';
  return new WarehouseError({
    kind: 'data',
    code: 'REMOVAL_THRESHOLD',
    message: `${message}${again}`,
    place: { file: listed(parts.map(({ file }) => file.name)) },
    next: 'Nothing of it was loaded. Check that the file is complete; if the removals are meant, build again with --accept-removals.',
  });
}

const AGAIN = 'It is delivered again so that the files that are there stand in the order of their names.';
