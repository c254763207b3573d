import { listed } from '../lib/listed.ts';
import type { Connection } from '../store/connection.ts';

/** How many items of a table are named. */
const MOST = 3;

/**
 * What does not close in the accounting of items, in words, by table: `2 items of ex (extabd, extabr)`; nothing where it
 * closes. Values of records that are open as a whole are told by `openRecords`.
 */
export async function openItems(connection: Connection): Promise<string[]> {
  const rows = await connection.rows<{ table_name: string; columns: string }>(`
    SELECT table_name, to_json(list(column_name ORDER BY column_name))::VARCHAR AS columns
    FROM recon.item_accounting WHERE NOT accounted AND (open_count > open_record_count OR table_name = '(no item)')
    GROUP BY table_name ORDER BY table_name`);
  return rows.map(({ table_name: table, columns }) => {
    const names = JSON.parse(columns) as string[];
    if (table === '(no item)') return `${listed(names, MOST)}, which a rule excludes and no table has`;
    return `${names.length} ${names.length === 1 ? 'item' : 'items'} of ${table} (${listed(names, MOST)})`;
  });
}
