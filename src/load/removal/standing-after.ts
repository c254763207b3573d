import type { LoadContext, PartContent } from '../load-context.ts';
import type { PendingDelivery } from '../pending-delivery.ts';
import { sameBytes } from '../same-bytes.ts';

/** A delivery among the others of its load. */
export interface AmongOthers {
  /** The first delivery of the load; undefined where it is this one. */
  readonly firstDelivery: number | undefined;
  /** What the same source delivers again after it, if it is one whose deliveries replace one another. */
  readonly following: readonly PendingDelivery[];
  /** Those deliveries of the load that were of former bytes. */
  readonly formerBytes: readonly number[];
}

const isWhole = ({ columns }: PartContent) => columns.complete === true;

/**
 * What stands at the end of the load of a source that replaces, where it is stored already: a late file that is replaced
 * at once is not to be held against what stands before and after it.
 * @param contents of the delivery itself
 */
export async function standingAfter(
  context: LoadContext,
  { following }: AmongOthers,
  contents: readonly PartContent[],
): Promise<readonly PartContent[]> {
  if (following.length === 0) return contents;
  const again: PartContent[] = [];
  for (const next of following) {
    const stored = await sameBytes(context, next);
    if (stored === undefined) return contents;
    again.push(...stored);
  }
  const { source } = following[0];
  // Without keys, what has lines in quarantine is refused: nothing would follow.
  const isRefused = source.format === 'csv' && source.keys.length === 0 && !again.every(isWhole);
  if (isRefused) return contents;
  return isWhole(again[0]) ? again : [...contents, ...again];
}
