import type { ModelSource } from '../../project/project.ts';
import type { ColumnProperties } from '../../project/properties.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import { COMMENTS } from './cells.ts';
import { about, generated } from './generated.ts';

/** A view of the live rows of each CSV source; an empty cell is NULL there. */
export async function fileModels(connection: Connection): Promise<ModelSource[]> {
  const rows = await connection.rows<{ source: string; table_name: string; header: string; column_name: string }>(`
    SELECT s.item_group_oid AS source, s.sql_name AS table_name, c.item_oid AS header, c.sql_name AS column_name
    FROM meta.name s JOIN meta.name c ON c.kind = 'column' AND c.item_group_oid = s.item_group_oid
    JOIN duckdb_columns() d ON d.database_name = current_database() AND d.schema_name = 'raw'
      AND d.table_name = 'file_' || s.sql_name AND d.column_name = c.sql_name
    WHERE s.kind = 'source' ORDER BY s.sql_name, d.column_index`);
  const tables = groupBy(rows);
  return [...tables].map(([table, columns]) => {
    const lines = columns.map(
      ({ column_name }) => `  nullif(${identifier(column_name)}, '') AS ${identifier(column_name)}`,
    );
    const sql = `SELECT\n${[...lines, '  _line', '  _identity AS _row'].join(',\n')}\nFROM state.${identifier(`file_${table}`)}`;
    const texts = columns.map(({ column_name, header }): [string, ColumnProperties] => [
      column_name,
      about(`Column ${header}, as text; NULL where the cell is empty.`),
    ]);
    const label = `Live lines of the files of source ${columns[0].source}.`;
    const all = [...texts, ['_line', about('Line of the file.')], ['_row', about(COMMENTS._row)]];
    return generated(table, sql, label, 'view', Object.fromEntries(all));
  });
}

function groupBy<Row extends { table_name: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const map = new Map<string, Row[]>();
  for (const row of rows) map.set(row.table_name, [...(map.get(row.table_name) ?? []), row]);
  return map;
}
