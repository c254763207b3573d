import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { runSqlFile } from '../store/warehouse-file.ts';

interface Relation {
  schema_name: string;
  table_name: string;
}

/**
 * Defines the views of recon. row_accounting depends on which datasets and exclusions there are: every model with a
 * column `_rows` uses the records whose identities stand there; every model of schema `excluded`, with columns `_row`
 * and `rule`, leaves records out by a named rule.
 */
export async function defineReconciliation(connection: Connection): Promise<void> {
  await connection.transaction(async () => {
    await runSqlFile(connection, 'recon.sql');
    await connection.run(
      `${rowAccounting(await sources(connection), await users(connection), await rules(connection))}`,
    );
  });
}

/** Whether every live record is accounted for, and what is not. */
export async function openRecords(connection: Connection): Promise<{ table_name: string; open: bigint }[]> {
  return connection.rows(
    'SELECT table_name, open FROM recon.row_accounting_summary WHERE open > 0 ORDER BY table_name',
  );
}

function sources(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(
    `SELECT 'staged' AS schema_name, sql_name AS table_name FROM meta.name WHERE kind = 'source' ORDER BY sql_name`,
  );
}

function users(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(
    `SELECT schema_name, table_name FROM duckdb_columns()
     WHERE column_name = '_rows' AND database_name = current_database()
       AND schema_name || '.' || table_name IN (SELECT model FROM run.current_model) ORDER BY ALL`,
  );
}

function rules(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(
    `SELECT DISTINCT schema_name, table_name FROM duckdb_columns()
     WHERE schema_name = 'excluded' AND column_name = 'rule' AND database_name = current_database() ORDER BY ALL`,
  );
}

function rowAccounting(files: readonly Relation[], datasets: readonly Relation[], rules: readonly Relation[]): string {
  const name = ({ schema_name, table_name }: Relation) => `${schema_name}.${table_name}`;
  const live = [
    `SELECT t.table_name, c.subject_key, c._row FROM staged._cells c JOIN meta.item_group t USING (item_group_oid)`,
    ...files.map((file) => `SELECT ${literal(file.table_name)}, NULL, _row FROM ${qualified(name(file))}`),
  ];
  const used = datasets.map(
    (dataset) =>
      `SELECT DISTINCT unnest(_rows) AS _row, ${literal(name(dataset))} AS dataset FROM ${qualified(name(dataset))}`,
  );
  const excluded = rules.map(
    (rule) => `SELECT DISTINCT _row, rule FROM ${identifier(rule.schema_name)}.${identifier(rule.table_name)}`,
  );
  const none = (columns: string) => `SELECT ${columns} WHERE false`;
  return `
    CREATE OR REPLACE VIEW recon.row_accounting AS
    WITH live AS (${live.join('\nUNION ALL ')}),
    used AS (${used.join('\nUNION ALL ') || none('NULL::BIGINT AS _row, NULL::VARCHAR AS dataset')}),
    excluded AS (${excluded.join('\nUNION ALL ') || none('NULL::BIGINT AS _row, NULL::VARCHAR AS rule')}),
    use AS (SELECT _row, list(dataset ORDER BY dataset) AS datasets FROM used GROUP BY _row),
    exclusion AS (SELECT _row, list(rule ORDER BY rule) AS rules FROM excluded GROUP BY _row)
    SELECT l.table_name, l.subject_key, coalesce(u.datasets, []) AS datasets, coalesce(x.rules, []) AS rules,
      u._row IS NOT NULL OR x._row IS NOT NULL AS accounted, l._row
    FROM live l LEFT JOIN use u USING (_row) LEFT JOIN exclusion x USING (_row)
    UNION ALL
    SELECT '(not live)', NULL, u.datasets, [], false, u._row FROM use u WHERE u._row NOT IN (SELECT _row FROM live);
    COMMENT ON VIEW recon.row_accounting IS 'Every live record of an item group or CSV file: the datasets that use it, or the rules that leave it out. A record with neither is open.';
    COMMENT ON COLUMN recon.row_accounting.table_name IS 'Its table in staged; (not live) for an identity in _rows that no live record has.';
    COMMENT ON COLUMN recon.row_accounting.subject_key IS 'SubjectKey; NULL for rows of CSV files.';
    COMMENT ON COLUMN recon.row_accounting.datasets IS 'Datasets that have a row made from it.';
    COMMENT ON COLUMN recon.row_accounting.rules IS 'Rules of the models in schema excluded that name it.';
    COMMENT ON COLUMN recon.row_accounting.accounted IS 'Whether it is used or left out by a rule.';
    COMMENT ON COLUMN recon.row_accounting._row IS 'Identity of the record.';
    CREATE OR REPLACE VIEW recon.row_accounting_summary AS
    SELECT table_name, count(*) AS records, count(*) FILTER (len(datasets) > 0) AS used,
      count(*) FILTER (len(datasets) = 0 AND len(rules) > 0) AS excluded, count(*) FILTER (NOT accounted) AS open
    FROM recon.row_accounting GROUP BY table_name ORDER BY table_name;
    COMMENT ON VIEW recon.row_accounting_summary IS 'Records accounted for, by table. It closes when open is 0 everywhere.';
    COMMENT ON COLUMN recon.row_accounting_summary.table_name IS 'Table in staged.';
    COMMENT ON COLUMN recon.row_accounting_summary.records IS 'Live records.';
    COMMENT ON COLUMN recon.row_accounting_summary.used IS 'Those with a row made from them.';
    COMMENT ON COLUMN recon.row_accounting_summary.excluded IS 'Those left out by a rule, and not used.';
    COMMENT ON COLUMN recon.row_accounting_summary.open IS 'Those with neither.';`;
}
