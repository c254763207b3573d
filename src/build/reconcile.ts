import { prepareRecord } from '../model/plan/record.ts';
import { installMacros } from '../model/reading/macros.ts';
import type { Project } from '../project/project.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { defineOnce, forget } from '../store/define-once.ts';
import { hasRelation } from '../store/has-relation.ts';
import { ownMacros, textOf } from '../store/sql-files.ts';
import { gatherFindings } from './findings.ts';
import { itemAccounting, itemEnds } from './item-accounting.ts';

interface Relation {
  schema_name: string;
  table_name: string;
}

export interface Dataset extends Relation {
  /** Whether its rows hang on rows of another dataset: SUPP--, CO and RELREC have RDOMAIN. */
  related: boolean;
}

/** Views that are the same in every project; those over its files and datasets are made here. */
const VIEWS = [
  'recon/landing.sql',
  'recon/quarantine.sql',
  'recon/values.sql',
  'recon/version-steps.sql',
  'recon/schema-drift.sql',
  'recon/audit.sql',
  'recon/query.sql',
  'recon/removed.sql',
  'recon/history.sql',
];

/**
 * Defines the views of recon. row_accounting depends on which datasets and exclusions there are: every model with a
 * column `_rows` uses the records whose identities stand there; every model of schema `excluded`, with columns `_row`
 * and `rule`, leaves records out by a named rule. item_accounting depends on the same, and on the columns of files.
 *
 * A row stands for the record whose identity is the first of its `_rows` (and others of the same table); the rest have
 * contributed to it. A NULL there is nothing: a LEFT JOIN found no record. Once a row stands for a record of some table,
 * every record of that table needs such a row: an exposure that EX has lost is open, though DM took the date of the last
 * dose from it. Datasets with RDOMAIN account for nothing: supplemental qualifiers and comments are columns of their
 * parent. No model need have been run.
 */
export async function defineReconciliation(connection: Connection, { macros }: Project): Promise<void> {
  await prepareViews(connection, macros);
  await defineOverDatasets(connection);
}

/** The same where models have been run, and all that the views stand on is there. */
export async function defineOverDatasets(connection: Connection): Promise<void> {
  const files = await sources(connection);
  const made = await datasets(connection);
  const accounting = [
    records(files),
    rowAccounting(files, made, await rules(connection)),
    await ofItems(connection, made),
  ];
  await connection.transaction(async () => {
    // Another version of the warehouse, which has other views, may have defined the accounting by its own datasets.
    if (await defineViews(connection)) await forget(connection, 'recon.accounting');
    await defineOnce(connection, 'recon.accounting', accounting.join('\n'));
  });
}

/**
 * Defines the views of recon that are the same in every project, with what they stand on. Those of its own files and
 * datasets are not there then: nothing is known of these.
 */
export async function defineCommonViews(connection: Connection): Promise<void> {
  await prepareViews(connection, []);
  await connection.transaction(() => defineViews(connection));
}

/** The views read the record of runs, call macros and read what the checks have gathered: a file that was only loaded has none of it. */
async function prepareViews(connection: Connection, macros: Project['macros']): Promise<void> {
  await prepareRecord(connection);
  await installMacros(connection, [...ownMacros(), ...macros]);
  await gatherFindings(connection);
}

/** @returns whether they were others */
function defineViews(connection: Connection): Promise<boolean> {
  return defineOnce(connection, 'recon.views', VIEWS.map(textOf).join('\n'));
}

/** Before any model was run it is not known where a column comes from. */
async function ofItems(connection: Connection, made: readonly Dataset[]): Promise<string> {
  if (!(await hasRelation(connection, 'recon.column_lineage'))) return '';
  const names = made.map(({ schema_name, table_name }) => `${schema_name}.${table_name}`);
  return itemAccounting({ ...(await itemEnds(connection)), datasets: names });
}

function sources(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(
    `SELECT 'staged' AS schema_name, sql_name AS table_name FROM meta.name WHERE kind = 'source' ORDER BY sql_name`,
  );
}

/** The models whose rows account for records, in whatever schema. */
export function datasets(connection: Connection): Promise<Dataset[]> {
  return connection.rows<Dataset>(
    `SELECT schema_name, table_name, bool_or(column_name = 'RDOMAIN') AS related FROM duckdb_columns()
     WHERE database_name = current_database()
       AND schema_name || '.' || table_name IN (SELECT model FROM run.current_model)
     GROUP BY ALL HAVING bool_or(column_name = '_rows' AND data_type = 'BIGINT[]') ORDER BY ALL`,
  );
}

function rules(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(
    `SELECT schema_name, table_name FROM duckdb_columns()
     WHERE schema_name = 'excluded' AND column_name IN ('_row', 'rule') AND database_name = current_database()
     GROUP BY ALL HAVING count(*) = 2 ORDER BY ALL`,
  );
}

/** Where each live record stands in the files that came in. */
function records(files: readonly Relation[]): string {
  const rows = files.map(
    ({ table_name }) =>
      `SELECT ${literal(table_name)}, NULL, _key, NULL, _line, _identity FROM state.${identifier(`file_${table_name}`)}`,
  );
  return `
    CREATE OR REPLACE VIEW recon.record AS
    WITH place AS (
      SELECT t.table_name, x.subject_key, g.key, g.place, CAST(NULL AS BIGINT) AS line, g.identity AS _row
      FROM state.item_group_data g
      JOIN raw.dictionary d ON d.code = g.item_group_code
      LEFT JOIN meta.item_group t ON t.item_group_oid = d.text
      LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
      ${rows.map((row) => `UNION ALL ${row}`).join('\n')}
    )
    SELECT r.table_name, r.subject_key, p.source, p.name AS part, r.place, r.line, p.delivery_key, r._row
    FROM place r
    ASOF LEFT JOIN (
      SELECT * FROM state.part WHERE superseded_by IS NULL QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1
    ) p ON r.key >= p.first_key;
    COMMENT ON VIEW recon.record IS 'Where each live record came from: one row for each place that says something of it. Join on the identities in _rows.';
    COMMENT ON COLUMN recon.record.table_name IS 'Its table in staged.';
    COMMENT ON COLUMN recon.record.subject_key IS 'SubjectKey; NULL for rows of CSV files.';
    COMMENT ON COLUMN recon.record.source IS 'The source, by its name in the configuration of the project.';
    COMMENT ON COLUMN recon.record.part IS 'The file.';
    COMMENT ON COLUMN recon.record.place IS 'Byte offset of the item group in the file, unpacked; NULL for CSV files.';
    COMMENT ON COLUMN recon.record.line IS 'Line in the file; NULL for ODM.';
    COMMENT ON COLUMN recon.record.delivery_key IS 'The delivery that brought it.';
    COMMENT ON COLUMN recon.record._row IS 'Identity of the record.';`;
}

function rowAccounting(files: readonly Relation[], datasets: readonly Dataset[], rules: readonly Relation[]): string {
  const live = [
    `SELECT DISTINCT t.table_name, x.subject_key, g.identity AS _row
     FROM state.item_group_data g
     JOIN raw.dictionary d ON d.code = g.item_group_code
     JOIN meta.item_group t ON t.item_group_oid = d.text
     LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key`,
    ...files.map(
      ({ table_name: table }) => `SELECT ${literal(table)}, NULL, _identity FROM state.${identifier(`file_${table}`)}`,
    ),
  ];
  const cited = datasets.map((dataset) => {
    const name = `${dataset.schema_name}.${dataset.table_name}`;
    const standsFor = dataset.related ? 'NULL' : 'named[1]';
    return `
      SELECT DISTINCT unnest(named)::BIGINT AS _row, ${standsFor} AS first_row, ${literal(name)} AS dataset
      FROM (SELECT list_filter(_rows, lambda _row: _row IS NOT NULL) AS named FROM ${qualified(name)})`;
  });
  const excluded = rules.map(
    (rule) => `SELECT DISTINCT _row, rule FROM ${identifier(rule.schema_name)}.${identifier(rule.table_name)}`,
  );
  const none = (columns: string) => `SELECT ${columns} WHERE false`;
  return `
    CREATE OR REPLACE VIEW recon.row_accounting AS
    WITH live AS (${live.join('\nUNION ALL ')}),
    cited AS (${cited.join('\nUNION ALL ') || none('NULL::BIGINT AS _row, NULL::BIGINT AS first_row, NULL::VARCHAR AS dataset')}),
    excluded AS (${excluded.join('\nUNION ALL ') || none('NULL::BIGINT AS _row, NULL::VARCHAR AS rule')}),
    use AS (
      SELECT c._row, l.table_name, list(DISTINCT c.dataset ORDER BY c.dataset) AS datasets,
        count(c.first_row) > 0 AS contributes, coalesce(bool_or(f.table_name = l.table_name), false) AS has_row
      FROM cited c LEFT JOIN live l ON l._row = c._row LEFT JOIN live f ON f._row = c.first_row
      GROUP BY ALL
    ),
    exclusion AS (SELECT _row, list(rule ORDER BY rule) AS rules FROM excluded GROUP BY _row),
    standing AS (SELECT DISTINCT table_name FROM use WHERE has_row)
    SELECT l.table_name, l.subject_key, coalesce(u.datasets, []) AS datasets, coalesce(x.rules, []) AS rules,
      x._row IS NOT NULL OR coalesce(u.has_row OR (u.contributes AND s.table_name IS NULL), false) AS accounted, l._row
    FROM live l LEFT JOIN use u USING (_row) LEFT JOIN exclusion x USING (_row) LEFT JOIN standing s ON s.table_name = l.table_name
    UNION ALL
    SELECT '(not live)', NULL, u.datasets, [], false, u._row FROM use u WHERE u.table_name IS NULL;
    COMMENT ON VIEW recon.row_accounting IS 'Every live record of an item group or CSV file: the datasets that use it, or the rules that leave it out. One that has no row of its own where its table has rows, and no rule, is open.';
    COMMENT ON COLUMN recon.row_accounting.table_name IS 'Its table in staged; (not live) for an identity in _rows that no live record has.';
    COMMENT ON COLUMN recon.row_accounting.subject_key IS 'SubjectKey; NULL for rows of CSV files.';
    COMMENT ON COLUMN recon.row_accounting.datasets IS 'Datasets that have a row made from it, be it its own or one that it contributed to.';
    COMMENT ON COLUMN recon.row_accounting.rules IS 'Rules of the models in schema excluded that name it.';
    COMMENT ON COLUMN recon.row_accounting.accounted IS 'Whether it has a row of its own (or, where no row stands for a record of its table, contributed to one), or is left out by a rule.';
    COMMENT ON COLUMN recon.row_accounting._row IS 'Identity of the record.';
    CREATE OR REPLACE VIEW recon.row_accounting_summary AS
    SELECT table_name, count(*) AS records, count(*) FILTER (accounted AND len(datasets) > 0) AS used,
      count(*) FILTER (accounted AND len(datasets) = 0) AS excluded, count(*) FILTER (NOT accounted) AS open
    FROM recon.row_accounting GROUP BY table_name ORDER BY table_name;
    COMMENT ON VIEW recon.row_accounting_summary IS 'Records accounted for, by table. It closes when open is 0 everywhere.';
    COMMENT ON COLUMN recon.row_accounting_summary.table_name IS 'Table in staged.';
    COMMENT ON COLUMN recon.row_accounting_summary.records IS 'Live records.';
    COMMENT ON COLUMN recon.row_accounting_summary.used IS 'Those accounted for by rows of datasets.';
    COMMENT ON COLUMN recon.row_accounting_summary.excluded IS 'Those accounted for by a rule alone.';
    COMMENT ON COLUMN recon.row_accounting_summary.open IS 'Those that are not accounted for.';`;
}
