import { ItemFlag } from '../odm/layout.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';

/** The rows of a CSV source, of its table in staged: its columns by their SQL names. */
interface FileColumns {
  readonly table: string;
  readonly columns: readonly string[];
}

interface Ends {
  /** The models whose rows account for records: `schema.table`. */
  readonly datasets: readonly string[];
  /** The models of schema excluded that leave out items: columns `table_name`, `column_name`, `rule`. */
  readonly exclusions: readonly string[];
  readonly files: readonly FileColumns[];
}

/**
 * The SQL of recon.item_accounting. An item reaches a column of a dataset where recon.column_lineage leads there from its
 * column in staged, or from one that is made of it there; deciding which rows there are, or their order, is not reaching.
 * A value is accounted for if a row of such a dataset cites its record, whatever the dataset; or if a rule leaves out the
 * record or the item. Records are counted by classes of those that the same datasets use and the same rules leave out,
 * of which there are few, so that the values are gone through once.
 */
export function itemAccounting({ datasets, exclusions, files }: Ends): string {
  const names = datasets.map(literal).join(', ');
  const leftOut = exclusions.map(
    (name) => `
      SELECT lower(table_name), lower(column_name), rule FROM ${qualified(name)}
      WHERE table_name IS NOT NULL AND column_name IS NOT NULL AND rule IS NOT NULL`,
  );
  return `
    CREATE OR REPLACE VIEW recon.item_accounting AS
    WITH RECURSIVE item AS MATERIALIZED (
      SELECT t.sql_name AS table_name, n.sql_name AS column_name, n.item_group_oid, n.item_oid,
        CASE n.kind WHEN 'item' THEN 'raw.item_data' ELSE 'state.file_' || t.sql_name END AS from_table,
        CASE n.kind WHEN 'item' THEN n.item_oid ELSE n.sql_name END AS from_column
      FROM meta.name n
      JOIN meta.name t ON t.item_group_oid = n.item_group_oid AND t.kind = CASE n.kind WHEN 'item' THEN 'item_group' WHEN 'column' THEN 'source' END
    ),
    step AS MATERIALIZED (
      SELECT model, column_name AS into, from_table, from_column, kind FROM recon.column_lineage WHERE kind <> 'constant'
    ),
    stands(table_name, column_name, model, place) AS (
      SELECT i.table_name, i.column_name, s.model, s.into
      FROM item i JOIN step s ON s.model = 'staged.' || i.table_name
      WHERE s.into = i.column_name OR (s.into IS NOT NULL AND s.kind <> 'order' AND s.from_table = i.from_table AND s.from_column = i.from_column)
      UNION
      SELECT t.table_name, t.column_name, s.model, s.into
      FROM stands t JOIN step s ON s.from_table = t.model AND s.from_column = t.place WHERE s.into IS NOT NULL AND s.kind <> 'order'
    ),
    reach AS (
      SELECT table_name, column_name, list_sort(list(DISTINCT model)) AS datasets, list_sort(list(model || '.' || place)) AS columns
      FROM stands WHERE model IN (${names || 'NULL'}) AND NOT starts_with(place, '_') GROUP BY ALL
    ),
    decision AS (
      SELECT t.table_name, t.column_name, list_sort(list(DISTINCT s.model)) AS decides
      FROM stands t JOIN step s ON s.from_table = t.model AND s.from_column = t.place WHERE s.into IS NULL OR s.kind = 'order' GROUP BY ALL
    ),
    left_out(table_name, column_name, rule) AS (${leftOut.join('\nUNION ') || 'SELECT NULL::VARCHAR, NULL::VARCHAR, NULL::VARCHAR WHERE false'}),
    exclusion AS (SELECT table_name, column_name, list_sort(list(DISTINCT rule)) AS rules FROM left_out GROUP BY ALL),
    record AS MATERIALIZED (
      SELECT DISTINCT _row, datasets, rules, accounted FROM recon.row_accounting WHERE table_name <> '(not live)'
    ),
    class AS MATERIALIZED (
      SELECT row_number() OVER () AS class, * FROM (SELECT DISTINCT datasets, rules, accounted FROM record)
    ),
    member AS MATERIALIZED (SELECT _row, class FROM record JOIN class USING (datasets, rules, accounted)),
    counted(table_name, column_name, class, live) AS (
      SELECT t.sql_name, n.sql_name, v.class, v.live
      FROM (
        SELECT g.item_group_code, i.item_code, m.class, count(*) AS live
        FROM state.item_data i
        JOIN state.item_group_data g ON g.key = i.item_group_data_key
        JOIN member m ON m._row = g.identity
        ANTI JOIN state.further_value f
          ON f.item_group_data_key = i.item_group_data_key AND f.item_code = i.item_code AND f.sequence = i.sequence
        WHERE i.value <> '' AND i.flags & ${ItemFlag.isNull} = 0
        GROUP BY ALL
      ) v
      JOIN raw.dictionary g ON g.code = v.item_group_code
      JOIN raw.dictionary i ON i.code = v.item_code
      JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = g.text
      JOIN meta.name n ON n.kind = 'item' AND n.item_group_oid = g.text AND n.item_oid = i.text
      ${files.map((file) => `UNION ALL ${countedOfFile(file)}`).join('\n')}
    ),
    -- What its table in staged does not have no rule leaves out either.
    judged AS (
      SELECT v.table_name, v.column_name, v.live, c.accounted,
        coalesce(list_has_any(c.datasets, r.datasets), false) AS reached,
        CASE WHEN s.place IS NOT NULL THEN list_concat(c.rules, coalesce(x.rules, [])) ELSE [] END AS rules
      FROM counted v
      JOIN class c USING (class)
      LEFT JOIN reach r USING (table_name, column_name)
      LEFT JOIN exclusion x USING (table_name, column_name)
      LEFT JOIN stands s ON s.table_name = v.table_name AND s.column_name = v.column_name
        AND s.model = 'staged.' || v.table_name AND s.place = v.column_name
    ),
    total AS (
      SELECT table_name, column_name, sum(live)::BIGINT AS value_count,
        coalesce(sum(live) FILTER (reached), 0)::BIGINT AS reached_count,
        coalesce(sum(live) FILTER (NOT reached AND len(rules) > 0), 0)::BIGINT AS excluded_count,
        coalesce(sum(live) FILTER (NOT reached AND len(rules) = 0), 0)::BIGINT AS open_count,
        coalesce(sum(live) FILTER (NOT reached AND len(rules) = 0 AND NOT accounted), 0)::BIGINT AS open_record_count,
        coalesce(list_sort(list_distinct(flatten(list(rules) FILTER (NOT reached)))), []) AS rules
      FROM judged GROUP BY ALL
    )
    SELECT i.table_name, i.column_name, i.item_group_oid, i.item_oid, t.value_count, t.reached_count, t.excluded_count,
      t.open_count, t.open_record_count, coalesce(r.columns, []) AS columns, coalesce(d.decides, []) AS decides, t.rules,
      t.open_count = 0 AS accounted
    FROM total t
    JOIN item i USING (table_name, column_name)
    LEFT JOIN reach r USING (table_name, column_name)
    LEFT JOIN decision d USING (table_name, column_name)
    UNION ALL
    SELECT '(no item)', table_name || '.' || column_name, NULL, NULL, 0, 0, 0, 0, 0, [], [], rules, false
    FROM exclusion x ANTI JOIN item i USING (table_name, column_name)
    ORDER BY table_name, column_name;
    ${COMMENTS}`;
}

/** Row by row: of thousands of columns DuckDB takes minutes to count each. No column of a file has a blank in its name. */
function countedOfFile({ table, columns }: FileColumns): string {
  const values = columns.map((column) => `f.${identifier(column)}`).join(', ');
  return `
      SELECT ${literal(table)}, " name", " class", count(*)
      FROM (
        UNPIVOT (SELECT m.class AS " class", ${values} FROM state.${identifier(`file_${table}`)} f JOIN member m ON m._row = f._identity)
        ON COLUMNS(* EXCLUDE (" class")) INTO NAME " name" VALUE " value"
      )
      WHERE " value" <> '' GROUP BY ALL`;
}

const TEXTS: Readonly<Record<string, string>> = {
  table_name: 'Its table in staged; (no item) for what a rule names and no table has.',
  column_name: 'Its column in that table.',
  item_group_oid: 'ItemGroupOID; of a CSV file the source.',
  item_oid: 'ItemOID; of a CSV file the header of the column.',
  value_count: 'Live values that are not empty; of several Values (ODM 2.0) the one of the lowest SeqNum.',
  reached_count: 'Those whose record is cited by a dataset that the item reaches.',
  excluded_count: 'The others whose record, or the item, a rule leaves out.',
  open_count: 'Those that are neither.',
  open_record_count: 'Those of the open ones whose record is open as a whole: recon.row_accounting.',
  columns: 'Columns of datasets that it reaches, unchanged or computed.',
  decides:
    'Models of which it decides which rows there are (by a join, a WHERE and the like), or by which rows a window or an aggregate goes. That alone is not reaching.',
  rules: 'Rules that leave out values of it, or it as a whole.',
  accounted: 'Whether none of its values is open.',
};

const COMMENTS = [
  "COMMENT ON VIEW recon.item_accounting IS 'Every item, and every column of a CSV file, that has a live value: the columns of datasets that it reaches, or the rules that leave it out. It closes when all are accounted for.';",
  ...Object.entries(TEXTS).map(
    ([column, text]) => `COMMENT ON COLUMN recon.item_accounting.${column} IS ${literal(text)};`,
  ),
].join('\n');

/** The models of schema excluded that name items, and the columns of CSV sources that are in their files. */
export async function itemEnds(connection: Connection): Promise<Pick<Ends, 'exclusions' | 'files'>> {
  const exclusions = await connection.rows<{ name: string }>(
    `SELECT schema_name || '.' || table_name AS name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'excluded' GROUP BY ALL
     HAVING count(*) FILTER (column_name IN ('table_name', 'column_name', 'rule')) = 3 AND NOT bool_or(column_name = '_row')
     ORDER BY ALL`,
  );
  const files = await connection.rows<{ table: string; columns: string }>(
    `SELECT s.sql_name AS "table", to_json(list(c.sql_name ORDER BY d.column_index))::VARCHAR AS columns
     FROM meta.name s JOIN meta.name c ON c.kind = 'column' AND c.item_group_oid = s.item_group_oid
     JOIN duckdb_columns() d ON d.database_name = current_database() AND d.schema_name = 'state'
       AND d.table_name = 'file_' || s.sql_name AND d.column_name = c.sql_name
     WHERE s.kind = 'source' GROUP BY s.sql_name ORDER BY s.sql_name`,
  );
  return {
    exclusions: exclusions.map(({ name }) => name),
    files: files.map(({ table, columns }) => ({ table, columns: JSON.parse(columns) as string[] })),
  };
}
