import { randomUUID } from 'node:crypto';
import { WarehouseError } from '../lib/errors.ts';
import { type Delivered, deliver } from './deliver.ts';
import type { LoadContext } from './load-context.ts';
import type { PendingDelivery } from './pending.ts';
import { takeIn } from './source-file.ts';
import { rebuildState } from './state.ts';

/**
 * Loads what is pending, one delivery after the other, and works out what is live. A delivery that fails lands nothing
 * and stops the load; those before it stay.
 */
export async function loadDeliveries(context: LoadContext, pending: readonly PendingDelivery[]): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  try {
    for (const one of pending) delivered.push(await deliver(context, await sealed(context, one)));
  } finally {
    if (delivered.length > 0 || (await stateIsStale(context)))
      await context.connection.transaction(() => rebuildState(context.connection));
  }
  return delivered;
}

/** Copies the bytes into the vault, where the source says so, and makes sure that they are still those planned. */
async function sealed({ vault }: LoadContext, pending: PendingDelivery): Promise<PendingDelivery> {
  if (pending.source.keep !== 'sealed') return pending;
  if (!vault.has(pending.sha256)) {
    const incoming = vault.incoming();
    try {
      const sha256 = await takeIn(pending.file, incoming);
      if (sha256 !== pending.sha256) throw changed(pending);
      vault.seal(incoming, sha256);
    } finally {
      vault.discard(incoming);
    }
  }
  return { ...pending, path: vault.path(pending.sha256) };
}

function changed({ file }: PendingDelivery): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'SOURCE_CHANGED',
    message: 'The file changed while it was being read.',
    place: { file: file.name },
    next: 'Nothing of it was loaded. Build again when its transfer has ended.',
  });
}

/** Whether deliveries were committed whose state was never worked out: a build was cut short in between. */
async function stateIsStale({ connection }: LoadContext): Promise<boolean> {
  const row = await connection.row<{ stale: boolean }>(`
    SELECT (SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'state' AND table_name = 'subject') = 0 AS stale`);
  if (row?.stale) return true;
  const counts = await connection.row<{ stale: boolean }>(
    'SELECT (SELECT count(*) FROM raw.part) <> (SELECT count(*) FROM state.part) AS stale',
  );
  return counts?.stale ?? true;
}

export function newCorrelationId(): string {
  return randomUUID();
}
