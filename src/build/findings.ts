import { sha256Hex } from '../lib/hash.ts';
import { hasSeveralVersions } from '../model/staged/variants.ts';
import type { Project, Rule } from '../project/project.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { defineOnce } from '../store/define-once.ts';
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
  const sha256 = checksHash();
  if (await findingsAreThere(connection)) {
    if ((await connection.row('FROM recon._check_rules WHERE sha256 = $1', [sha256])) !== undefined) return;
  }
  const given = { several: await hasSeveralVersions(connection), inOrder: await arrivedInOrder(connection) };
  await connection.transaction(async () => {
    await connection.run(preparation(given));
    for (const name of CHECKS) await runSqlFile(connection, name);
    await connection.run(`
      DROP VIEW check_record;
      DROP VIEW check_item_group;
      DROP VIEW check_decoded;
      DROP TABLE check_reading;
      DROP TABLE IF EXISTS check_key;
      DROP TABLE IF EXISTS check_part;
      CREATE OR REPLACE TABLE recon._check_rules AS SELECT ${literal(sha256)} AS sha256;
      COMMENT ON TABLE recon._check_rules IS 'Which checks found what is in recon._finding; gone when what is live is worked out anew.';
      COMMENT ON COLUMN recon._check_rules.sha256 IS 'SHA-256 of their SQL.';`);
  });
}

/** The ODM parts that stand, each range of keys once, with its last place in the order of all (docs/state.md). */
const STANDING = `
  SELECT first_key, last_key, max(rank) AS rank FROM state.part
  WHERE superseded_by IS NULL AND format = 'odm' AND first_key IS NOT NULL GROUP BY ALL`;

/** Whether what stands arrived in the order in which it counts, so that a later key is a later row. */
async function arrivedInOrder(connection: Connection): Promise<boolean> {
  const other = `SELECT 1 FROM (SELECT rank, lag(rank) OVER (ORDER BY first_key) AS before FROM (${STANDING})) WHERE rank < before`;
  return (await connection.row(`${other} LIMIT 1`)) === undefined;
}

interface Case {
  /** Whether there are several versions of the definitions. */
  readonly several: boolean;
  readonly inOrder: boolean;
}

/** What the checks read (sql/checks/asked.sql). */
function preparation({ several, inOrder }: Case): string {
  return `
    CREATE SCHEMA IF NOT EXISTS recon;
    ${several ? READINGS : NEWEST}
    ${inOrder ? '' : PARTS}
    CREATE OR REPLACE TEMP VIEW check_item_group AS
      SELECT g.*, ${several ? 'coalesce(k.reading, 0)' : '0'} AS reading, ${inOrder ? 'g.key' : 'p.start + g.key - p.first_key'} AS turn
      FROM state.item_group_data g
      ${inOrder ? '' : 'ASOF JOIN check_part p ON g.key >= p.first_key'}
      ${several ? OF_READING : ''};
    CREATE OR REPLACE TEMP VIEW check_record AS ${several ? LATEST : ONCE};`;
}

/** A record is read as its latest row is. */
const LATEST = `
      SELECT any_value(item_group_code) AS item_group_code, max_by(reading, turn) AS reading, identity
      FROM check_item_group GROUP BY identity`;

const ONCE = `
      SELECT DISTINCT item_group_code, 0 AS reading, identity FROM state.item_group_data`;

const PARTS = `
    CREATE OR REPLACE TEMP TABLE check_part AS
      SELECT first_key, coalesce(sum(last_key - first_key + 1) OVER (ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS start
      FROM (${STANDING});`;

const NEWEST = `
    CREATE OR REPLACE TEMP TABLE check_reading AS
      SELECT 0 AS reading, NULL::VARCHAR AS system, NULL::BIGINT AS metadata_version_key, []::BIGINT[] AS others;
    CREATE OR REPLACE TEMP VIEW check_decoded AS
      SELECT i.item_oid, 0 AS variant, d.coded_value
      FROM (SELECT DISTINCT item_oid, code_list_oid FROM meta.item WHERE code_list_oid IS NOT NULL) i
      LEFT JOIN (FROM meta.decode WHERE decode IS NOT NULL) d USING (code_list_oid)
      WHERE d.coded_value IS NOT NULL OR i.code_list_oid NOT IN (SELECT oid FROM meta.code_list);`;

const READINGS = `
    CREATE OR REPLACE TEMP TABLE check_key AS SELECT key, reading FROM meta.reading;
    CREATE OR REPLACE TEMP TABLE check_reading AS
      SELECT DISTINCT reading, system, metadata_version_key, others FROM meta.reading;
    CREATE OR REPLACE TEMP VIEW check_decoded AS SELECT item_oid, variant, coded_value FROM meta.decoded;`;

const OF_READING = `
      LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
      LEFT JOIN check_key k ON k.key = coalesce(x.clinical_data_key, g.parent_key)`;

/** SHA-256 of the SQL of the checks, whatever the case. */
function checksHash(): string {
  const cases = [true, false].flatMap((several) => [true, false].map((inOrder) => preparation({ several, inOrder })));
  return sha256Hex([sqlFilesHash([...CHECKS, ...MACROS]), ...cases].join('\n'));
}

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
  const sql = [findingView(rows, tables), summaryView(rows, ids, tables)].join('\n');
  await connection.transaction(() => defineOnce(connection, 'recon.finding', sql));
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
