import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { Connection } from '../store/connection.ts';
import { seriesGaps } from './check/series.ts';
import type { AlsoRecorded, Delivered } from './deliver.ts';
import type { LoadContext } from './load-context.ts';
import { cameBack } from './pending/came-back.ts';
import { doesNotFit, mayBeLeft } from './pending/former-bytes.ts';
import { Uncovered } from './pending/uncovered.ts';
import { comesAgain, isOfFormerBytes, type PendingDelivery } from './pending-delivery.ts';
import type { AmongOthers } from './removal/standing-after.ts';
import { replacesAll } from './source-delivery.ts';
import { rebuildState, stateIsStale } from './state.ts';
import { takeIn } from './take-in.ts';

/**
 * Loads what is pending, one delivery after the other, and works out what is live. A delivery that fails lands nothing
 * and stops the load; those before it stay. Former bytes that do not fit the settings of today stop nothing: nobody can
 * correct them, and they stand as they were read.
 */
export async function loadDeliveries(context: LoadContext, pending: readonly PendingDelivery[]): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  context.vault.sweep();
  try {
    const uncovered = await Uncovered.from(context, pending);
    await deliverAll(context, pending, delivered);
    if (pending.some(({ among }) => among !== undefined)) {
      await deliverAll(context, await cameBack(context, pending), delivered);
    }
    for (let more = await uncovered.next(); more.length > 0; more = await uncovered.next()) {
      await deliverAll(context, more, delivered);
    }
  } catch (error) {
    // What stopped the load is what a person has to know; state that could not be worked out now is stale the next time.
    await workOutState(context.connection).catch(() => {});
    tellLoaded(context.events, delivered);
    throw error;
  }
  await workOutState(context.connection);
  const keys = delivered.map(({ deliveryKey }) => deliveryKey);
  for (const gap of await seriesGaps(context.connection, keys)) context.events(gap);
  return delivered;
}

/** Says what has landed though a command does not come to its end: it stays, and the next one does not load it again. */
export function tellLoaded(events: EventSink, delivered: readonly Delivered[]): void {
  if (delivered.length === 0) return;
  const names = delivered.map(({ source, name }) => `${source}: ${name}`);
  events({ event: 'notice', code: 'LOADED', message: `Loaded, and kept: ${listed(names)}.` });
}

/** @param delivered what was in this load, to which these are added */
async function deliverAll(
  context: LoadContext,
  pending: readonly PendingDelivery[],
  delivered: Delivered[],
): Promise<void> {
  const formerBytes: number[] = [];
  for (const [index, one] of pending.entries()) {
    const isAgain = (next: PendingDelivery) => comesAgain(next) && next.source.name === one.source.name;
    const following = replacesAll(one.source) ? pending.slice(index + 1).filter(isAgain) : [];
    const among = { firstDelivery: delivered[0]?.deliveryKey, following, formerBytes };
    try {
      const done = await deliverOne(context, one, among);
      delivered.push(done);
      if (isOfFormerBytes(one)) formerBytes.push(done.deliveryKey);
    } catch (error) {
      if (!(error instanceof WarehouseError) || !mayBeLeft(one, error)) throw error;
      for (const { file } of one.parts) {
        context.events({ event: 'step', step: file.name, state: 'end', label: `left ${file.name} as it was read` });
      }
      context.events(doesNotFit(one, error));
    }
  }
}

/** Loads one delivery by itself, as part of what a person decided, and works out what is live. */
export async function loadOne(
  context: LoadContext,
  pending: PendingDelivery,
  alsoRecorded: AlsoRecorded,
): Promise<Delivered> {
  context.vault.sweep();
  const alone = { firstDelivery: undefined, following: [], formerBytes: [] };
  const delivered = await deliverOne(context, pending, alone, alsoRecorded);
  await workOutState(context.connection);
  return delivered;
}

/** Imported when there is something to load: a third of all modules is there for it. */
async function deliverOne(
  context: LoadContext,
  pending: PendingDelivery,
  among: AmongOthers,
  alsoRecorded?: AlsoRecorded,
): Promise<Delivered> {
  const { deliver } = await import('./deliver.ts');
  return deliver(context, await takeIn(context, pending), among, alsoRecorded);
}

/** Works out what is live where a load was cut short before it did, or did by the rules of another version. */
export async function completeState(connection: Connection): Promise<void> {
  const hasDelivered = (await connection.row('SELECT 1 FROM raw.delivery LIMIT 1')) !== undefined;
  if (hasDelivered) await workOutState(connection);
}

/** Works out what is live where that is not known as of now; in a file without deliveries, that nothing is. */
export async function workOutState(connection: Connection): Promise<void> {
  // Where the last delivery was held against what it removes, that is done already.
  if (await stateIsStale(connection)) await connection.transaction(() => rebuildState(connection));
}
