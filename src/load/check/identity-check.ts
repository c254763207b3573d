import { WarehouseError } from '../../lib/errors.ts';
import type { CsvSource } from '../../project/source.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import { fileTable, keyColumns } from '../csv/table.ts';

const REPEAT = 'repeat_key_code, ordinal';

interface Level {
  table: string;
  /** What identifies an element of this level beside the identity of its parent. */
  own: string;
  parents: readonly (readonly [table: string, key: string])[];
}

const SUBJECT = ['subject_data', 'subject_data_key'] as const;
const EVENT = ['study_event_data', 'study_event_data_key'] as const;
const FORM = ['form_data', 'form_data_key'] as const;
const GROUP = ['item_group_data', 'item_group_data_key'] as const;

const LEVELS: readonly Level[] = [
  { table: 'subject_data', own: 'subject_key', parents: [] },
  { table: 'study_event_data', own: `study_event_code, ${REPEAT}`, parents: [SUBJECT] },
  { table: 'form_data', own: `form_code, ${REPEAT}`, parents: [EVENT, SUBJECT] },
  { table: 'item_group_data', own: `item_group_code, ${REPEAT}`, parents: [GROUP, FORM, EVENT, SUBJECT] },
];

/**
 * Makes sure that no two different elements have the same 64-bit identity, as far as rows from `firstKey` on are
 * concerned (docs/identity.md, Collisions).
 * @throws data IDENTITY_COLLISION
 */
export async function checkIdentities(connection: Connection, firstKey: number): Promise<void> {
  for (const level of LEVELS) {
    const found = await connection.row<{ identity: bigint }>(collisions(level, firstKey), [firstKey]);
    if (found !== undefined) throw collision(`elements of raw.${level.table}`, found.identity);
  }
}

/**
 * The same for the rows of a CSV source: rows of one identity have the same values in its key columns, and a delivery
 * has each identity once.
 * @throws data IDENTITY_COLLISION
 */
export async function checkRowIdentities(connection: Connection, source: CsvSource, firstKey: number): Promise<void> {
  const name = await fileTable(connection, source.name);
  const table = `raw.${identifier(name)}`;
  const columns = (await keyColumns(connection, source.name, source.keys)).map(identifier);
  const row = `{${columns.map((column) => `${column}: ${column}`).join(', ')}}`;
  const found = await connection.row<{ identity: bigint }>(
    `SELECT _identity AS identity FROM ${table}
     WHERE _identity IN (SELECT _identity FROM ${table} WHERE _key >= $1)
     GROUP BY _identity
     HAVING count(*) > 1 AND (count(*) FILTER (_key >= $1) > 1 OR min(${row}) IS DISTINCT FROM max(${row}))
     LIMIT 1`,
    [firstKey],
  );
  if (found !== undefined) throw collision(`rows of raw.${name}`, found.identity);
}

function collision(what: string, identity: bigint): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'IDENTITY_COLLISION',
    message: `Two different ${what} have the same identity, ${identity}.`,
    next: 'Nothing of it was loaded. Please report this: it is one chance in billions, or a crafted file.',
  });
}

function collisions({ table, own, parents }: Level, firstKey: number): string {
  const joins = parents.map(([parent, key], index) => `LEFT JOIN raw.${parent} p${index} ON p${index}.key = x.${key}`);
  const parent =
    parents.length === 0 ? '0' : `coalesce(${parents.map((_, index) => `p${index}.identity`).join(', ')}, 0)`;
  const columns = own.replace(/\b(repeat_key_code|ordinal|subject_key|\w+_code)\b/g, 'x.$1');
  // All are new in the first delivery of all.
  const ofNew = firstKey === 1 ? '' : `WHERE identity IN (SELECT identity FROM raw.${table} WHERE key >= $1)`;
  // Neighbours in order take half the time and memory that groups do.
  return `
    WITH repeated AS (
      SELECT DISTINCT identity FROM (
        SELECT identity, key, lag(identity) OVER (ORDER BY identity, key) AS before FROM raw.${table} ${ofNew}
      ) WHERE identity = before AND key >= $1
    )
    SELECT x.identity FROM raw.${table} x ${joins.join(' ')}
    WHERE x.identity IN (FROM repeated)
    GROUP BY x.identity HAVING count(DISTINCT (${parent}, ${columns})) > 1
    LIMIT 1`;
}
