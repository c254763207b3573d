import type { Source } from '../../project/source.ts';
import type { LoadContext } from '../load-context.ts';
import type { PendingDelivery } from '../pending-delivery.ts';
import { formerBytes, formerReadings, standsAsRead } from './former-bytes.ts';

/**
 * What a load uncovers of former readings: where a delivery is declared to cover less than before, or has lines in
 * quarantine now, what it had replaced stands again, as it was read under the settings of then.
 */
export class Uncovered {
  readonly #context: LoadContext;
  readonly #sources: readonly Source[];
  readonly #known = new Set<bigint>();

  private constructor(context: LoadContext, sources: readonly Source[]) {
    this.#context = context;
    this.#sources = sources;
  }

  /** To be made before the load: what stands read otherwise by then is among what is pending, or was told. */
  static async from(context: LoadContext, pending: readonly PendingDelivery[]): Promise<Uncovered> {
    const sources = new Map(pending.map(({ source }) => [source.name, source]));
    const uncovered = new Uncovered(context, [...sources.values()]);
    for (const source of sources.values()) await uncovered.#readings(source);
    return uncovered;
  }

  /** What is to be delivered anew now; told is what has no copy. */
  async next(): Promise<readonly PendingDelivery[]> {
    const { vault, events } = this.#context;
    const deliveries: PendingDelivery[] = [];
    for (const source of this.#sources) {
      const former = formerBytes(vault, source, await this.#readings(source));
      standsAsRead(source, former.notKept).forEach(events);
      deliveries.push(...former.deliveries);
    }
    return deliveries;
  }

  /** Each once. */
  async #readings(source: Source) {
    const readings = await formerReadings(this.#context.connection, source, []);
    const unknown = readings.filter(({ deliveryKey }) => !this.#known.has(deliveryKey));
    for (const { deliveryKey } of unknown) this.#known.add(deliveryKey);
    return unknown;
  }
}
