import type { WarehouseEvent } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { CsvSource } from '../project/source.ts';
import { type Connection, identifier, literal } from '../store/connection.ts';
import { fileTable } from './csv-table.ts';
import type { PartContent } from './load-context.ts';
import type { TakenDelivery } from './pending.ts';
import { type KeyRange, within } from './row-removals.ts';
import { standingBefore } from './standing-parts.ts';

interface Column {
  readonly header: string;
  readonly name: string;
  /** Cells that are not empty, of the delivery before. */
  readonly valuesBefore: number;
  readonly wasThere: boolean;
  readonly isThere: boolean;
}

/**
 * Says which columns the files of a CSV source have no longer, and which are new, against its last delivery that stands.
 * Files without rows say nothing of it.
 */
export async function changedColumns(
  connection: Connection,
  { source, parts }: TakenDelivery,
  deliveryKey: number,
  contents: readonly PartContent[],
): Promise<WarehouseEvent[]> {
  if (source.format !== 'csv') return [];
  const standing = await standingBefore(connection, source.name, deliveryKey);
  const last = standing.filter(({ deliveryKey }) => deliveryKey === standing.at(-1)?.deliveryKey);
  if (![last, contents].every((all) => all.some(({ firstKey }) => firstKey !== null))) return [];
  const columns = await compared(connection, source, last, contents);
  const files = listed(parts.map(({ file }) => file.name));
  const added = columns.filter(({ wasThere, isThere }) => isThere && !wasThere);
  const gone = columns.filter(({ wasThere, isThere }) => wasThere && !isThere);
  return [...absent(source, files, gone, added), ...newOnes(source, files, gone, added)];
}

function absent(
  { name }: CsvSource,
  files: string,
  gone: readonly Column[],
  added: readonly Column[],
): WarehouseEvent[] {
  if (gone.length === 0) return [];
  const columns = gone.map((column) => {
    const twin = added.find((one) => isTwin(one, column));
    const instead = twin === undefined ? '' : `; ${twin.header} of this delivery differs from it only in case`;
    return `${column.header} (${column.valuesBefore} values in the delivery before${instead})`;
  });
  return [
    {
      event: 'notice',
      code: 'SOURCE_COLUMN_ABSENT',
      message: `Source ${name}: ${files} has no column ${listed(columns)}; it is NULL in the rows that it brings.`,
      next: 'Ask the sender whether that is meant. A column under another name is another column.',
    },
  ];
}

function newOnes(
  { name }: CsvSource,
  files: string,
  gone: readonly Column[],
  added: readonly Column[],
): WarehouseEvent[] {
  if (added.length === 0) return [];
  const columns = added.map((column) => {
    const twin = gone.find((one) => isTwin(one, column));
    const instead = twin === undefined ? '' : `, beside ${twin.name} of ${twin.header}`;
    return `${column.header} (${column.name} in staged${instead})`;
  });
  const message = `Source ${name}: ${files} has column ${listed(columns)}, which the delivery before did not have.`;
  return [{ event: 'notice', code: 'SOURCE_COLUMN_NEW', message }];
}

const isTwin = (one: Column, other: Column) => one.header.toLowerCase() === other.header.toLowerCase();

/** A file without the column has NULL in it, one with it the text of the cell, be it empty. */
async function compared(
  connection: Connection,
  source: CsvSource,
  before: readonly KeyRange[],
  after: readonly KeyRange[],
): Promise<Column[]> {
  const named = await connection.rows<{ header: string; name: string }>(
    `SELECT item_oid AS header, sql_name AS name FROM meta.name
     WHERE kind = 'column' AND item_group_oid = ${literal(source.name)} ORDER BY rowid`,
  );
  const table = `raw.${identifier(await fileTable(connection, source.name))}`;
  const counts = async (parts: readonly KeyRange[], count: (column: string) => string) => {
    const list = named.map(({ name }) => count(identifier(name))).join(', ');
    const row = await connection.row<{ counts: string }>(
      `SELECT to_json([${list}])::VARCHAR AS counts FROM ${table} WHERE ${within(parts)}`,
    );
    return JSON.parse(row!.counts) as number[];
  };
  const cells = (column: string) => `count(${column})`;
  const [was, values, is] = [
    await counts(before, cells),
    await counts(before, (column) => `count(nullif(${column}, ''))`),
    await counts(after, cells),
  ];
  return named.map(({ header, name }, index) => ({
    header,
    name,
    valuesBefore: values[index],
    wasThere: was[index] > 0,
    isThere: is[index] > 0,
  }));
}
