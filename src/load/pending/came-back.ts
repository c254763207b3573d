import type { LoadContext } from '../load-context.ts';
import { standingFiles } from '../removal/standing-parts.ts';
import { lastDeliveries } from './known-parts.ts';
import { inNameOrder } from './name-order.ts';
import type { PendingDelivery } from './pending-delivery.ts';

/**
 * What is to be delivered again once all that was pending has landed. Only reading a file tells that it has lines in
 * quarantine and stands on another, and that may be one that is gone.
 */
export async function cameBack(
  { connection, study }: LoadContext,
  pending: readonly PendingDelivery[],
): Promise<PendingDelivery[]> {
  const ofSources = new Map(pending.map(({ source, among }) => [source, among ?? []]));
  const lastDelivery = await lastDeliveries(connection, study.oids);
  const again: PendingDelivery[] = [];
  for (const [source, among] of ofSources) {
    if (among.length === 0) continue;
    const landed = among.map(
      (part) => ({ ...part, last: lastDelivery(source.name, part.file.name), reason: 'unchanged' }) as const,
    );
    const parts = inNameOrder(source, landed, await standingFiles(connection, source.name));
    again.push(...parts.filter(({ reason }) => reason !== 'unchanged').map((part) => ({ source, parts: [part] })));
  }
  return again;
}
