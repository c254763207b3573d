import { sha256Hex } from '../lib/hash.ts';
import { hasSeveralVersions } from '../model/variants.ts';
import type { Project, Rule } from '../project/project.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { runSqlFile, sqlFilesHash } from '../store/sql-files.ts';
import { findingView, summaryView } from './finding-views.ts';

const CHECKS = ['asked', 'counted', 'values', 'ranges', 'found', 'mandatory', 'outcome'].map(
  (name) => `checks/${name}.sql`,
);
const MACROS = ['macros/check.sql', 'macros/odm.sql'];

/** Whether what is live has been checked: a run that is cut short may end before it. */
export function findingsAreThere(connection: Connection): Promise<boolean> {
  return hasRelation(connection, 'recon._check_rules');
}

/**
 * Checks what is live against its definitions, once for each state: `recon._finding`, and the values that staged cannot
 * type or decode, `recon._unconverted` and `recon._undecoded`. Needs the macros of the warehouse.
 * Where there is but one version of the definitions, nobody asks which one a record names.
 */
export async function gatherFindings(connection: Connection): Promise<void> {
  const sha256 = sha256Hex([sqlFilesHash([...CHECKS, ...MACROS]), BY_NEWEST, BY_READING].join('\n'));
  if (await findingsAreThere(connection)) {
    if ((await connection.row('FROM recon._check_rules WHERE sha256 = $1', [sha256])) !== undefined) return;
  }
  const several = await hasSeveralVersions(connection);
  await connection.transaction(async () => {
    await connection.run(several ? BY_READING : BY_NEWEST);
    for (const name of CHECKS) await runSqlFile(connection, name);
    await connection.run(`
      DROP VIEW check_item_group;
      DROP VIEW check_decoded;
      DROP TABLE check_reading;
      DROP TABLE IF EXISTS check_key;
      CREATE OR REPLACE TABLE recon._check_rules AS SELECT ${literal(sha256)} AS sha256;
      COMMENT ON TABLE recon._check_rules IS 'Which checks found what is in recon._finding; gone when what is live is worked out anew.';
      COMMENT ON COLUMN recon._check_rules.sha256 IS 'SHA-256 of their SQL.';`);
  });
}

const BY_NEWEST = `
  CREATE SCHEMA IF NOT EXISTS recon;
  CREATE OR REPLACE TEMP TABLE check_reading AS
    SELECT 0 AS reading, NULL::VARCHAR AS system, NULL::BIGINT AS metadata_version_key, []::BIGINT[] AS others;
  CREATE OR REPLACE TEMP VIEW check_item_group AS SELECT *, 0 AS reading FROM state.item_group_data;
  CREATE OR REPLACE TEMP VIEW check_decoded AS
    SELECT i.item_oid, coalesce(list(d.coded_value) FILTER (d.decode IS NOT NULL), []) AS coded_values
    FROM (SELECT DISTINCT item_oid, code_list_oid FROM meta.item WHERE code_list_oid IS NOT NULL) i
    LEFT JOIN meta.decode d USING (code_list_oid)
    GROUP BY i.item_oid, code_list_oid
    HAVING len(coded_values) > 0 OR code_list_oid NOT IN (SELECT oid FROM meta.code_list);`;

const BY_READING = `
  CREATE SCHEMA IF NOT EXISTS recon;
  CREATE OR REPLACE TEMP TABLE check_key AS SELECT key, reading FROM meta.reading;
  CREATE OR REPLACE TEMP TABLE check_reading AS
    SELECT DISTINCT reading, system, metadata_version_key, others FROM meta.reading;
  CREATE OR REPLACE TEMP VIEW check_item_group AS
    SELECT g.*, coalesce(k.reading, 0) AS reading FROM state.item_group_data g
    LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
    LEFT JOIN check_key k ON k.key = coalesce(x.clinical_data_key, g.parent_key);
  CREATE OR REPLACE TEMP VIEW check_decoded AS SELECT item_oid, coded_values FROM meta.decoded;`;

/** Defines recon.finding and its summary over the checks of definitions and the rules that are in place. */
export async function defineFindings(connection: Connection, { rules }: Project): Promise<void> {
  const there = await columnsOfRules(connection);
  const standing = rules.flatMap((rule) => {
    const columns = there.get(rule.source.name);
    return columns === undefined ? [] : [{ rule, columns }];
  });
  const files = await connection.rows<{ table: string }>(
    `SELECT sql_name AS "table" FROM meta.name WHERE kind = 'source' ORDER BY sql_name`,
  );
  const tables = files.map(({ table }) => table);
  const rows = standing.map(ruleRows);
  const ids = standing.map(({ rule }) => rule.id);
  await connection.run(findingView(rows, tables));
  await connection.run(summaryView(rows, ids, tables));
}

/** The rules that are in place, with their columns. */
async function columnsOfRules(connection: Connection): Promise<Map<string, Set<string>>> {
  const rows = await connection.rows<{ model: string; columns: string }>(`
    SELECT schema_name || '.' || table_name AS model, to_json(list(column_name))::VARCHAR AS columns
    FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name = 'rules'
      AND schema_name || '.' || table_name IN (SELECT model FROM run.current_model)
    GROUP BY ALL`);
  return new Map(rows.map(({ model, columns }) => [model, new Set(JSON.parse(columns) as string[])]));
}

/** A SELECT of what a rule found: rule, severity, _row, item, value, message. */
function ruleRows({ rule, columns }: { rule: Rule; columns: ReadonlySet<string> }): string {
  const { id, severity, source, description } = rule;
  const text = (column: string) => (columns.has(column) ? `CAST(${identifier(column)} AS VARCHAR)` : 'NULL::VARCHAR');
  const message = `coalesce(${text('message')}, ${literal(description ?? `Found by ${source.path}.`)})`;
  return `SELECT DISTINCT ${literal(id)}, ${literal(severity)}, _row, ${text('item')}, ${text('value')}, ${message} FROM ${qualified(source.name)}`;
}
