import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { findingsAreThere } from './findings.ts';

/** What of the live data nobody could read, or tell apart, as it was sent. */
export interface Unread {
  /** Values without a typed value, or longer than their Length: rows of recon.conversion_failures. */
  readonly unconverted: number;
  /** Those among them that were not there before this run loaded; absent where it loaded nothing, or is the first. */
  readonly newlyUnconverted?: number;
  /** Values that have a codelist without a decode of them: those of recon.undecoded, and how many codes they are. */
  readonly undecoded: number;
  readonly undecodedCodes: number;
  /** Records that no key in staged tells from another: rows of recon.alike; absent where there are none. */
  readonly alike?: number;
  /** Items that no definition has, rows of recon.undefined_items, and their values; absent where there are none. */
  readonly undefinedItems?: number;
  readonly undefinedValues?: number;
}

const FAILURE = '_row, item_oid, sequence, value';

/** Remembers, for the length of a connection, which values do not convert: to be called before a load. */
export async function rememberUnconverted(connection: Connection): Promise<void> {
  if ((await connection.row('SELECT 1 FROM raw.delivery LIMIT 1')) === undefined) return;
  // A first build that was cut short has the findings and no views of them.
  const isThere = (await findingsAreThere(connection)) && (await hasRelation(connection, 'recon.conversion_failures'));
  if (!isThere) return;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE unconverted_before AS SELECT ${FAILURE} FROM recon.conversion_failures`,
  );
}

/**
 * What the views of recon say of values that could not be read, and of records and items that nobody may expect. One
 * after the other: each may take much memory.
 */
export async function readUnread(connection: Connection): Promise<Unread> {
  const remembered = await hasRelation(connection, 'main.unconverted_before');
  const fresh = remembered ? '(SELECT count(*) FROM (FROM failure EXCEPT FROM unconverted_before))' : 'NULL';
  // Planning the views takes longer than looking whether there is anything for them.
  const some = async (table: string) => (await connection.row(`SELECT 1 FROM ${table} LIMIT 1`)) !== undefined;
  const failures = (await some('recon._unconverted'))
    ? await counts(
        connection,
        `WITH failure AS MATERIALIZED (SELECT ${FAILURE} FROM recon.conversion_failures)
     SELECT (SELECT count(*) FROM failure) AS count, ${fresh} AS "values"`,
      )
    : NONE;
  const undecoded = (await some('recon._undecoded')) ? await counts(connection, countOf('recon.undecoded')) : NONE;
  const items = await counts(connection, countOf('recon.undefined_items'));
  const alike = (await some('raw.item_group_data'))
    ? await counts(connection, 'SELECT count(*) AS count, NULL AS "values" FROM recon.alike')
    : NONE;
  return {
    unconverted: failures.count,
    ...(remembered && { newlyUnconverted: failures.values }),
    undecoded: undecoded.values,
    undecodedCodes: undecoded.count,
    ...(alike.count > 0 && { alike: alike.count }),
    ...(items.count > 0 && { undefinedItems: items.count, undefinedValues: items.values }),
  };
}

const NONE = { count: 0, values: 0 };

const countOf = (view: string) =>
  `SELECT count(*) AS count, coalesce(sum(value_count), 0)::BIGINT AS "values" FROM ${view}`;

async function counts(connection: Connection, sql: string): Promise<{ count: number; values: number }> {
  const row = await connection.row<{ count: bigint; values: bigint | null }>(sql);
  return { count: Number(row!.count), values: Number(row!.values) };
}
