import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { nextName } from '../table/compile.ts';
import { hasFormerColumns } from './former-columns.ts';
import { type Building, createNext, isMadeTheSame, type Next } from './next.ts';
import { refuseRepeatedKeys, sameKey } from './unique-key.ts';

/**
 * Builds a model into whose table the rows of its SELECT are brought: a row takes the place of the one with the same
 * key, and a row of which nothing came stays. Anew where there is no table, or what makes the rows has changed.
 *
 * @throws MODEL_SQL; data UNIQUE_KEY_REPEATS.
 */
export async function buildMerged(connection: Connection, building: Building, key: readonly string[]): Promise<Next> {
  const { source } = building;
  await createNext(connection, source);
  const [next, former] = [qualified(nextName(source.name)), qualified(source.name)];
  await refuseRepeatedKeys(connection, source, next, key);
  if (!isMadeTheSame(building, () => false) || !(await hasFormerColumns(connection, source.name))) return {};
  const count = async (table: string) =>
    (await connection.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM ${table}`))!.rows;
  const came = await count(next);
  await connection.run(
    `INSERT INTO ${next} SELECT * FROM ${former} AS former ANTI JOIN (SELECT ${key.map(identifier).join(', ')} FROM ${next}) AS came ON ${sameKey('former', 'came', key)}`,
  );
  return { extent: `${came} rows came, ${(await count(next)) - came} stayed` };
}
