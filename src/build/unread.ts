import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';

/** Live values that stand in staged as text alone. */
export interface Unread {
  /** Values whose typed column is NULL: rows of recon.conversion_failures. */
  readonly unconverted: number;
  /** Those among them that were not there before this run loaded; absent where it loaded nothing, or is the first. */
  readonly newlyUnconverted?: number;
  /** Values that have a codelist without a decode of them: those of recon.undecoded, and how many codes they are. */
  readonly undecoded: number;
  readonly undecodedCodes: number;
}

const FAILURE = '_row, item_oid, sequence, value';

/** Remembers, for the length of a connection, which values do not convert: to be called before a load. */
export async function rememberUnconverted(connection: Connection): Promise<void> {
  if (!(await hasRelation(connection, 'recon.conversion_failures'))) return;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE unconverted_before AS SELECT ${FAILURE} FROM recon.conversion_failures`,
  );
}

/** What the views of recon say of values that could not be read. */
export async function readUnread(connection: Connection): Promise<Unread> {
  const remembered = await hasRelation(connection, 'main.unconverted_before');
  const row = await connection.row<{ unconverted: bigint; fresh: bigint | null; undecoded: bigint; codes: bigint }>(`
    WITH failure AS MATERIALIZED (SELECT ${FAILURE} FROM recon.conversion_failures),
    code AS MATERIALIZED (SELECT value_count FROM recon.undecoded)
    SELECT (SELECT count(*) FROM failure) AS unconverted,
      ${remembered ? `(SELECT count(*) FROM (FROM failure EXCEPT FROM unconverted_before))` : 'NULL'} AS fresh,
      (SELECT coalesce(sum(value_count), 0)::BIGINT FROM code) AS undecoded,
      (SELECT count(*) FROM code) AS codes`);
  const { unconverted, fresh, undecoded, codes } = row!;
  return {
    unconverted: Number(unconverted),
    ...(fresh !== null && { newlyUnconverted: Number(fresh) }),
    undecoded: Number(undecoded),
    undecodedCodes: Number(codes),
  };
}
