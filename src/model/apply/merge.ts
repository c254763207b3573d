import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { asIncrement } from '../sql/increment.ts';
import { nextName } from '../table/compile.ts';
import { sameKey } from '../table/same-key.ts';
import { hasFormerColumns } from './former-columns.ts';
import { type Building, createNext, isMadeTheSame, type Next } from './next.ts';
import { refuseRepeatedKeys } from './unique-key.ts';

/**
 * Builds a model into whose table the rows of its SELECT are brought: a row takes the place of the one with the same
 * key, and a row of which nothing came stays. Anew where there is no table, or what makes the rows has changed.
 *
 * @throws MODEL_SQL; usage INCREMENTAL_COLUMNS; data UNIQUE_KEY_REPEATS.
 */
export async function buildMerged(connection: Connection, building: Building, key: readonly string[]): Promise<Next> {
  const { source } = building;
  const [next, former] = [qualified(nextName(source.name)), qualified(source.name)];
  const isThere = isMadeTheSame(building, () => false);
  const made = isThere ? asIncrement(source) : source;
  await createNext(connection, made);
  await refuseRepeatedKeys(connection, made, next, key);
  if (!isThere) return {};
  if (!(await hasFormerColumns(connection, source.name))) throw otherColumns(source);
  const count = async (table: string) =>
    (await connection.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM ${table}`))!.rows;
  const came = await count(next);
  await connection.run(
    `INSERT INTO ${next} SELECT * FROM ${former} AS former ANTI JOIN (SELECT ${key.map(identifier).join(', ')} FROM ${next}) AS came ON ${sameKey('former', 'came', key)}`,
  );
  return { extent: `${came} rows came, ${(await count(next)) - came} stayed` };
}

/** To make it anew would lose the rows that its SELECT gives no more. */
function otherColumns({ name, path }: ModelSource): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'INCREMENTAL_COLUMNS',
    message: `What the SELECT gives has other columns, or other types, than the table of ${name}: its rows cannot be brought into it.`,
    place: { model: name, file: path },
    next: 'Give the columns that are there, with their types; or make it anew with --full-refresh, without the rows that the SELECT gives no more.',
  });
}
