import type { ModelSource } from '../../project/project.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { asIncrement } from '../sql/sql-error.ts';
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
  const [next, former] = [qualified(nextName(source.name)), qualified(source.name)];
  const build = async (one: ModelSource) => {
    await createNext(connection, one);
    await refuseRepeatedKeys(connection, one, next, key);
  };
  const isThere = isMadeTheSame(building, () => false);
  await build(isThere ? asIncrement(source) : source);
  if (!isThere) return {};
  if (!(await hasFormerColumns(connection, source.name))) {
    if (source.incremental === undefined) return {};
    // What would be brought does not fit into what is there: all of it is made anew.
    await connection.run(`DROP TABLE ${next}`);
    await build(source);
    return {};
  }
  const count = async (table: string) =>
    (await connection.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM ${table}`))!.rows;
  const came = await count(next);
  await connection.run(
    `INSERT INTO ${next} SELECT * FROM ${former} AS former ANTI JOIN (SELECT ${key.map(identifier).join(', ')} FROM ${next}) AS came ON ${sameKey('former', 'came', key)}`,
  );
  return { extent: `${came} rows came, ${(await count(next)) - came} stayed` };
}
