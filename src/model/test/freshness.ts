import type { ModelTest } from '../../project/model-test.ts';
import { identifier, literal } from '../../store/connection.ts';
import { timestampText } from '../../store/timestamp-text.ts';

type Freshness = Extract<ModelTest, { kind: 'freshness' }>;

/**
 * One row, the newest time there is (`infinity` is none), where it is older than `after` and not older than `until`. Where there is none at
 * all, nobody knows how old the data are: the test with the last word, that without `until`, fails.
 * @param table what is tested, where a column tells the time
 */
export function freshnessSql(table: string, { column, source, after, until }: Freshness, now: Date): string {
  const [time, from] =
    column === undefined
      ? ['arrived_at', `raw.delivery WHERE source = ${literal(source!)}`]
      : [timeOf(identifier(column)), table];
  const at = `TIMESTAMP ${literal(timestampText(now))}`;
  const isLate = `newest < ${at} - INTERVAL ${literal(after)}`;
  const isOurs =
    until === undefined ? `newest IS NULL OR ${isLate}` : `${isLate} AND newest >= ${at} - INTERVAL ${literal(until)}`;
  return `SELECT newest FROM (SELECT max(${time}) FILTER (isfinite(${time})) AS newest FROM ${from}) WHERE ${isOurs}`;
}

/** As UTC; a text without an offset is taken for UTC, and one that is no time is left out. */
const timeOf = (column: string) => `CAST(TRY_CAST(${column} AS TIMESTAMPTZ) AS TIMESTAMP)`;
