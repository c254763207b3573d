import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertyError } from '../../project/property-error.ts';
import { type Connection, identifier, literal, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { timestampText } from '../../store/timestamp-text.ts';
import { unplacedError } from '../sql/sql-error.ts';
import { buildStatement, nextName } from '../table/compile.ts';
import { sameKey } from '../table/same-key.ts';
import { type Building, marked, type Next, runModelSql } from './next.ts';
import { refuseRepeatedKeys } from './unique-key.ts';

/** What the SELECT of a snapshot gives now. */
const NOW = 'temp._snapshot';

/**
 * Builds the next state of a snapshot (a slowly changing dimension of type 2): a row of the SELECT that differs from the
 * version in force of its key ends that version and opens another; one that has no version in force opens one; a version
 * of which the SELECT gives nothing any more ends. What has ended never changes.
 *
 * A version holds from the time of the run, or from `updated_at`, if the SELECT says when the row was changed; then it
 * differs only where that is later. No version of a key begins before the one before it began or ended, and none ends
 * before it began, whatever `updated_at` says; what comes back with a time before it was gone comes back with the run.
 *
 * @throws MODEL_SQL; usage SNAPSHOT_TYPE, SNAPSHOT_KEY; data UNIQUE_KEY_REPEATS.
 */
export async function buildSnapshot(connection: Connection, building: Building, key: readonly string[]): Promise<Next> {
  const { source, current, recorded } = building;
  const next = qualified(nextName(source.name));
  await runModelSql(connection, source, buildStatement(NOW, 'temporary', source.sql));
  try {
    const columns = await describe(connection, NOW);
    await refuseRepeatedKeys(connection, source, NOW, key);
    const hasHistory = current === 'table' && recorded?.materialized === 'snapshot';
    const sql = hasHistory ? await nextVersions(connection, building, key, columns) : firstVersions(building);
    await marked(connection, next, () => makeVersions(connection, source, `CREATE TABLE ${next} AS ${sql}`));
    return {};
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${NOW}`);
  }
}

async function makeVersions(connection: Connection, source: ModelSource, statement: string): Promise<void> {
  try {
    await connection.run(statement);
  } catch (error) {
    throw unplacedError(source, error);
  }
}

function firstVersions(building: Building): string {
  return `SELECT *, ${fromOf(building)} AS valid_from, NULL::TIMESTAMP AS valid_to FROM ${NOW} AS now`;
}

async function nextVersions(
  connection: Connection,
  building: Building,
  key: readonly string[],
  columns: readonly TableColumn[],
): Promise<string> {
  const former = qualified(building.source.name);
  const before = await describe(connection, former);
  refuseOtherType(building.source, columns, before);
  refuseNewKey(building.source, key, before);
  const isChanged = changed(building, key, columns, before);
  const keys = key.map(identifier).join(', ');
  const inForce = `former.valid_to IS NULL AND ${sameKey('former', 'now', key)}`;
  return `
    SELECT former.* REPLACE (CASE
      WHEN former.valid_to IS NOT NULL THEN former.valid_to
      WHEN now._there IS NULL THEN greatest(${at(building)}, former.valid_from)
      WHEN ${isChanged} THEN greatest(${fromOf(building)}, former.valid_from)
    END AS valid_to)
    FROM ${former} AS former LEFT JOIN (SELECT *, true AS _there FROM ${NOW}) AS now ON ${inForce}
    UNION ALL BY NAME
    SELECT now.*, greatest(last._reached, CASE
      WHEN former._there OR last._reached IS NULL OR ${fromOf(building)} > last._reached THEN ${fromOf(building)}
      ELSE ${at(building)}
    END) AS valid_from, NULL::TIMESTAMP AS valid_to
    FROM ${NOW} AS now LEFT JOIN (SELECT *, true AS _there FROM ${former}) AS former ON ${inForce}
    LEFT JOIN (
      SELECT ${keys}, max(coalesce(valid_to, valid_from)) AS _reached FROM ${former} GROUP BY ${keys}
    ) AS last ON ${sameKey('last', 'now', key)}
    WHERE former._there IS NULL OR ${isChanged}`;
}

/** One column has one type, and to make another of what has ended may change it. */
function refuseOtherType({ name, path }: ModelSource, columns: readonly TableColumn[], former: readonly TableColumn[]) {
  for (const { name: column, type } of columns) {
    const before = former.find((one) => one.name.toLowerCase() === column.toLowerCase());
    if (before === undefined || before.type === type) continue;
    throw new WarehouseError({
      kind: 'usage',
      code: 'SNAPSHOT_TYPE',
      message: `Column ${column} is ${type}, and ${before.type} in the versions that the snapshot has.`,
      place: { model: name, file: path },
      next: `Cast it to ${before.type}, or give the column another name.`,
    });
  }
}

/** By a column that they do not have, the versions there are could not be told from one another. */
function refuseNewKey(source: ModelSource, key: readonly string[], former: readonly TableColumn[]) {
  const added = key.find((one) => !former.some(({ name }) => name.toLowerCase() === one.toLowerCase()));
  if (added === undefined) return;
  throw propertyError(source, ['unique_key'], {
    code: 'SNAPSHOT_KEY',
    message: `unique_key names ${added}, which the versions that the snapshot has do not.`,
    next: 'Leave the key as it was, or give the snapshot another name: it then begins anew.',
  });
}

/** SQL: whether a row is another version. A column that is new counts where it holds something. */
function changed(
  { source: { properties } }: Building,
  key: readonly string[],
  columns: readonly TableColumn[],
  former: readonly TableColumn[],
): string {
  const { updated_at: updated, check_cols: checked } = properties;
  const isIn =
    (names: readonly string[]) =>
    ({ name }: TableColumn) =>
      names.some((one) => one.toLowerCase() === name.toLowerCase());
  if (updated !== undefined) {
    // Versions that had no such column do not say when they were changed.
    if (!former.some(isIn([updated]))) return `now.${identifier(updated)} IS NOT NULL`;
    const [now, before] = [`now.${identifier(updated)}`, `former.${identifier(updated)}`];
    return `(${now} > ${before} OR (${now} IS NOT NULL AND ${before} IS NULL))`;
  }
  const compared =
    checked === undefined ? columns.filter((column) => !isIn(key)(column)) : columns.filter(isIn(checked));
  const differs = ({ name }: TableColumn) => {
    const now = `now.${identifier(name)}`;
    // Within a struct there is no collation: a text is another one where a byte of it is.
    return former.some(isIn([name]))
      ? `{v: ${now}} IS DISTINCT FROM {v: former.${identifier(name)}}`
      : `${now} IS NOT NULL`;
  };
  return `(${compared.map(differs).join(' OR ') || 'false'})`;
}

/** SQL: from when a row of the SELECT holds; one that does not say, from the run. */
function fromOf(building: Building): string {
  const { updated_at: updated } = building.source.properties;
  return updated === undefined
    ? at(building)
    : `coalesce(CAST(now.${identifier(updated)} AS TIMESTAMP), ${at(building)})`;
}

const at = (building: Building) => `${literal(timestampText(building.at))}::TIMESTAMP`;
