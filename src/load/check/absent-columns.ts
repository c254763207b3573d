import { silent, type WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { CsvSource } from '../../project/source.ts';
import { type Connection, identifier, literal } from '../../store/connection.ts';
import { headerOf } from '../csv/header.ts';
import { fileTable } from '../csv/table.ts';
import { type KeyRange, within } from '../key-range.ts';
import type { TakenDelivery, TakenPart } from '../pending-delivery.ts';

interface Column {
  readonly header: string;
  readonly name: string;
  /** Cells that are not empty, of the delivery before. */
  readonly valuesBefore: number;
  readonly wasThere: boolean;
  readonly isThere: boolean;
}

/**
 * Says which columns the files of a CSV source have no longer, and which are new, against its last delivery that holds
 * rows: of a file without rows the record does not say which columns it had.
 * @param formerBytes deliveries that only read anew what had arrived earlier
 */
export async function changedColumns(
  connection: Connection,
  { source, parts }: TakenDelivery,
  deliveryKey: number,
  formerBytes: readonly number[],
): Promise<WarehouseEvent[]> {
  if (source.format !== 'csv') return [];
  const before = await lastWithRows(connection, source, deliveryKey, formerBytes);
  if (before === undefined) return [];
  const columns = await compared(connection, source, before.parts, await headersOf(source, parts));
  const delivered = { source: source.name, files: listed(parts.map(({ file }) => file.name)), before: before.delivery };
  const added = columns.filter(({ wasThere, isThere }) => isThere && !wasThere);
  const gone = columns.filter(({ wasThere, isThere }) => wasThere && !isThere);
  return [...absent(delivered, gone, added), ...newOnes(delivered, gone, added)];
}

async function headersOf(source: CsvSource, parts: readonly TakenPart[]): Promise<ReadonlySet<string>> {
  const headers = new Set<string>();
  for (const { file, path } of parts) {
    for (const header of await headerOf(source, { ...file, path }, silent)) headers.add(header);
  }
  return headers;
}

interface Delivered {
  readonly source: string;
  readonly files: string;
  /** The delivery that it is held against. */
  readonly before: bigint;
}

function absent(
  { source, files, before }: Delivered,
  gone: readonly Column[],
  added: readonly Column[],
): WarehouseEvent[] {
  if (gone.length === 0) return [];
  const columns = gone.map((column) => {
    const twin = added.find((one) => isTwin(one, column));
    const instead = twin === undefined ? '' : `; ${twin.header} of this delivery differs from it only in case`;
    return `${column.header} (${column.valuesBefore} values in delivery ${before}${instead})`;
  });
  return [
    {
      event: 'notice',
      code: 'SOURCE_COLUMN_ABSENT',
      message: `Source ${source}: ${files} has no column ${listed(columns)}; it is NULL in the rows that it brings.`,
      next: 'Ask the sender whether that is meant. A column under another name is another column.',
    },
  ];
}

function newOnes(
  { source, files, before }: Delivered,
  gone: readonly Column[],
  added: readonly Column[],
): WarehouseEvent[] {
  if (added.length === 0) return [];
  const columns = added.map((column) => {
    const twin = gone.find((one) => isTwin(one, column));
    const instead = twin === undefined ? '' : `, beside ${twin.name} of ${twin.header}`;
    return `${column.header} (${column.name} in staged${instead})`;
  });
  const message = `Source ${source}: ${files} has column ${listed(columns)}, which delivery ${before} did not have.`;
  return [{ event: 'notice', code: 'SOURCE_COLUMN_NEW', message }];
}

const isTwin = (one: Column, other: Column) => one.header.toLowerCase() === other.header.toLowerCase();

/** The keys of the parts of the last delivery before this one that holds rows, but for some. */
async function lastWithRows(
  connection: Connection,
  { name }: CsvSource,
  deliveryKey: number,
  others: readonly number[],
): Promise<{ delivery: bigint; parts: readonly KeyRange[] } | undefined> {
  const parts = await connection.rows<KeyRange & { delivery: bigint }>(
    `SELECT delivery_key AS delivery, p.first_key AS "firstKey", p.last_key AS "lastKey"
     FROM raw.part p JOIN raw.delivery d USING (delivery_key)
     WHERE d.source = $1 AND delivery_key < $2 AND p.first_key IS NOT NULL
       AND NOT list_contains(from_json($3::JSON, '["BIGINT"]'), delivery_key)
     QUALIFY rank() OVER (ORDER BY delivery_key DESC) = 1`,
    [name, deliveryKey, JSON.stringify(others)],
  );
  return parts.length === 0 ? undefined : { delivery: parts[0].delivery, parts };
}

/** A file without the column has NULL in it, one with it the text of the cell, be it empty. */
async function compared(
  connection: Connection,
  source: CsvSource,
  before: readonly KeyRange[],
  headers: ReadonlySet<string>,
): Promise<Column[]> {
  const named = await connection.rows<{ header: string; name: string }>(
    `SELECT item_oid AS header, sql_name AS name FROM meta.name
     WHERE kind = 'column' AND item_group_oid = ${literal(source.name)} ORDER BY rowid`,
  );
  const table = `raw.${identifier(await fileTable(connection, source.name))}`;
  const list = (count: (column: string) => string) =>
    `[${named.map(({ name }) => count(identifier(name))).join(', ')}]`;
  const row = await connection.row<{ counts: string }>(
    `SELECT to_json([${list((column) => `count(${column})`)}, ${list((column) => `count(nullif(${column}, ''))`)}])::VARCHAR AS counts
     FROM ${table} WHERE ${within('_key', before)}`,
  );
  const [cells, values] = JSON.parse(row!.counts) as [number[], number[]];
  return named.map(({ header, name }, index) => ({
    header,
    name,
    valuesBefore: values[index],
    wasThere: cells[index] > 0,
    isThere: headers.has(header),
  }));
}
