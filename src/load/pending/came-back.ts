import { lastDeliveries } from '../known-parts.ts';
import type { LoadContext } from '../load-context.ts';
import type { PendingDelivery, PendingPart } from '../pending-delivery.ts';
import { standingFiles } from '../standing-parts.ts';
import { inNameOrder } from './name-order.ts';

/**
 * What is to be delivered again once all that was pending has landed. Only reading a file tells that it has lines in
 * quarantine and stands on another, and that may be one that is gone.
 */
export async function cameBack(
  { connection, study }: LoadContext,
  pending: readonly PendingDelivery[],
): Promise<PendingDelivery[]> {
  const ofSources = new Map(pending.flatMap(({ source, among }) => (among === undefined ? [] : [[source, among]])));
  const lastDelivery = await lastDeliveries(connection, study.oids);
  const again: PendingDelivery[] = [];
  for (const [source, among] of ofSources) {
    if (among.length === 0) continue;
    const landed = among.map(({ file, sha256 }): PendingPart => {
      return { file, sha256, last: lastDelivery(source.name, file.name), reason: 'unchanged' };
    });
    const parts = inNameOrder(source, landed, await standingFiles(connection, source.name));
    again.push(...parts.filter(({ reason }) => reason !== 'unchanged').map((part) => ({ source, parts: [part] })));
  }
  return again;
}
