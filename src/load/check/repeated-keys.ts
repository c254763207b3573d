import type { WarehouseEvent } from '../../lib/events.ts';
import type { CsvSource } from '../../project/source.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import { fileTable } from '../csv/table.ts';
import { type KeyRange, within } from '../key-range.ts';
import type { PartContent } from '../load-context.ts';
import type { TakenDelivery } from '../pending-delivery.ts';
import type { SourceFile } from '../source-file.ts';

const LAST_STANDS = 'Of such rows only the last of the file stands.';
const ALL_STAND =
  'All of them stand, told apart by nothing but their order in the file: where that changes, one passes for the other.';

interface Repeats {
  rows: bigint;
  line: bigint;
  earlier: bigint;
}

/** Says how many rows of each file that has just landed have keys that an earlier row of it has. */
export async function repeatedKeys(
  connection: Connection,
  { source, parts }: TakenDelivery,
  contents: readonly PartContent[],
): Promise<WarehouseEvent[]> {
  if (source.format !== 'csv' || source.keys.length === 0) return [];
  const notices: WarehouseEvent[] = [];
  for (const [index, { file }] of parts.entries()) {
    notices.push(...(await repeatedIn(connection, source, file, contents[index])));
  }
  return notices;
}

async function repeatedIn(
  connection: Connection,
  source: CsvSource,
  file: SourceFile,
  range: KeyRange,
): Promise<WarehouseEvent[]> {
  const rows = `raw.${identifier(await fileTable(connection, source.name))} WHERE ${within('_key', [range])}`;
  const keys = 'coalesce(_repeats, _identity)';
  const found = await connection.row<Repeats>(
    `SELECT count(*) AS rows, min_by(_line, _key) AS line, min_by(earlier, _key) AS earlier
     FROM (
       SELECT _key, _line, lag(_line) OVER (PARTITION BY ${keys} ORDER BY _key) AS earlier
       FROM ${rows} AND ${keys} IN (SELECT _repeats FROM ${rows} AND _repeats IS NOT NULL)
     )
     WHERE earlier IS NOT NULL HAVING count(*) > 0`,
  );
  if (found === undefined) return [];
  return [
    {
      event: 'notice',
      code: 'SOURCE_KEYS_REPEAT',
      message:
        `Source ${source.name}: ${found.rows} ${found.rows === 1n ? 'row' : 'rows'} of ${file.name} with the keys of an earlier row of it; ` +
        `the first, line ${found.line}, has those of line ${found.earlier}. ${source.covers === 'increment' ? LAST_STANDS : ALL_STAND}`,
      next: `If they are different records, add the column that tells them apart to keys: of source ${source.name} in warehouse.yml; else ask the sender why they come twice.`,
    },
  ];
}
