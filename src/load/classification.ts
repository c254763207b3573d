import type { Source } from '../project/source.ts';
import { defineFile } from '../store/define-once.ts';
import type { LoadContext } from './load-context.ts';

/**
 * Records in the ledger which sources that have delivered are declared with another classification now, and says so.
 * Their deliveries keep what was declared when they arrived, and none of them is loaded again: a word about data must
 * not change their order. state.source has what holds now.
 */
export async function recordClassifications(
  { connection, ledger, correlationId, events }: LoadContext,
  sources: readonly Source[],
): Promise<void> {
  const changed = await connection.transaction(async () => {
    // It comes with what is worked out of deliveries, which the one before may not have come to.
    await defineFile(connection, 'sources.sql');
    const rows = await connection.rows<{ source: string; classification: string }>('FROM state.source');
    const recorded = new Map(rows.map(({ source, classification }) => [source, classification]));
    const found = sources.flatMap(({ name, classification: after }) => {
      const before = recorded.get(name);
      return before === undefined || before === after ? [] : [{ name, before, after }];
    });
    const record = ({ name, before, after }: (typeof found)[number]) => ({
      action: 'source.classification',
      object: `source/${name}`,
      correlationId,
      meta: { before, after },
    });
    if (found.length > 0) await ledger.append(found.map(record));
    return found;
  });
  for (const { name, before, after } of changed) {
    const message = `Source ${name} is declared ${after} now, and was ${before}: so is all that it has delivered.`;
    events({ event: 'notice', code: 'SOURCE_CLASSIFICATION', message });
  }
}
