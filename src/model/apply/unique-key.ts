import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { type Connection, identifier } from '../../store/connection.ts';

/**
 * @param table quoted
 * @throws data UNIQUE_KEY_REPEATS; usage MODEL_SQL for a key that is no column.
 */
export async function refuseRepeatedKeys(
  connection: Connection,
  source: ModelSource,
  table: string,
  key: readonly string[],
): Promise<void> {
  const columns = key.map(identifier).join(', ');
  const found = await connection.row<{ keys: bigint }>(
    `SELECT count(*) AS keys FROM (SELECT 1 FROM ${table} GROUP BY ${columns} HAVING count(*) > 1)`,
  );
  if (found!.keys === 0n) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'UNIQUE_KEY_REPEATS',
    message: `The SELECT gives several rows for ${found!.keys} of the keys ${key.join(', ')}, so it is not known which is to stand.`,
    place: { model: source.name, file: source.path },
    next: 'Add a column to unique_key, or let the SELECT choose one of the rows, for example with QUALIFY.',
  });
}
