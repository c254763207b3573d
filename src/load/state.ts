import { type Connection, identifier, literal } from '../store/connection.ts';
import { type DefinitionFile, defineFile } from '../store/define-once.ts';
import { hasRelation } from '../store/has-relation.ts';
import { runSqlFile, sqlFilesHash } from '../store/sql-files.ts';
import { type KeyRange, within } from './key-range.ts';

/** The rules of what is live, and the tables worked out by them. */
const RULES = 'state-rules.sql';
const TABLES = 'state.sql';

/** What was live, which definitions and declarations are in force, and what these refer to in vain. */
const VIEWS: readonly DefinitionFile[] = [
  'state-views.sql',
  'definitions.sql',
  'readings.sql',
  'sources.sql',
  'recon/series.sql',
];

/** Another version of the warehouse has another. */
const rulesHash = () => sqlFilesHash([RULES, TABLES, ...VIEWS]);

/** Tables of recon that have what the checks have found in what is live (sql/checks/): gone when that changes. */
export const FOUND: readonly string[] = ['_check_rules', '_finding', '_unconverted', '_undecoded'];

/** The keys of a part that stands. */
interface LivePart extends KeyRange {
  firstKey: bigint;
  lastKey: bigint;
  source: string;
  /** Place of its delivery. */
  rank: bigint;
  /** Whether all rows of the delivery stand: it is not one that adds to those before. */
  whole: boolean;
}

/**
 * Works out anew what is live (sql/state-rules.sql; docs/state.md explains) and defines the views over it.
 *
 * The views name the live key ranges as constants, so that DuckDB skips what is superseded without reading it: ten
 * daily snapshots read as fast as one, whatever part of the study each covers.
 */
export async function rebuildState(connection: Connection): Promise<void> {
  // What was gathered from the state before no longer holds (model/cells.ts).
  await connection.run('CREATE SCHEMA IF NOT EXISTS staged; DROP TABLE IF EXISTS staged._cells');
  // Nor what was found wrong with it (build/findings.ts): no answer is better than that of another state.
  await connection.run(
    ['CREATE SCHEMA IF NOT EXISTS recon', ...FOUND.map((name) => `DROP TABLE IF EXISTS recon.${name}`)].join('; '),
  );
  await defineFile(connection, RULES);
  await runSqlFile(connection, TABLES);
  for (const file of VIEWS) await defineFile(connection, file);
  const parts = await connection.rows<LivePart>(
    `SELECT source, first_key AS "firstKey", last_key AS "lastKey", max(delivery_rank) AS rank, max_by(covers = 'study', delivery_rank) AS whole
     FROM state.part
     WHERE superseded_by IS NULL AND first_key IS NOT NULL AND format = 'csv' GROUP BY ALL ORDER BY first_key`,
  );
  const live = await connection.rows<KeyRange>(LIVE_ITEM_GROUPS);
  const superseded = {
    rows: await holdsSuperseded(connection, 'superseded_element', live),
    items: await holdsSuperseded(connection, 'superseded_item', live),
  };
  const files = await csvSources(connection);
  const comments = await columnComments(connection);
  await connection.run(
    [
      rulesTable(),
      itemGroupView(live),
      itemView(live, superseded),
      ...files.map(({ source, table }) => fileView(table, source, parts)),
      ...['item_group_data', 'item_data', ...files.map(({ table }) => table)].map((table) => comments.get(table) ?? ''),
    ].join('\n'),
  );
}

/**
 * Whether what is live was not yet worked out for the deliveries that there are (by this load, or by one that was cut
 * short), or was by the rules of another version of the warehouse.
 */
export async function stateIsStale(connection: Connection): Promise<boolean> {
  for (const name of ['state.subject', 'state.rules']) if (!(await hasRelation(connection, name))) return true;
  const row = await connection.row<{ stale: boolean }>(
    `SELECT (SELECT count(*) FROM raw.part) <> (SELECT count(*) FROM state.part)
       OR (SELECT sha256 FROM state.rules) <> $1 AS stale`,
    [rulesHash()],
  );
  return row?.stale ?? true;
}

function rulesTable(): string {
  return `
    CREATE OR REPLACE TABLE state.rules AS SELECT ${literal(rulesHash())} AS sha256;
    COMMENT ON TABLE state.rules IS 'Which rules worked out what is live; where the warehouse has others, the next build works it out anew.';
    COMMENT ON COLUMN state.rules.sha256 IS 'SHA-256 of their SQL.';`;
}

/**
 * From the first to the last live item group row of each part; one range of several parts where no other row stands
 * between them. Each row is held against every range, so a thousand increments must not be a thousand of them.
 */
const LIVE_ITEM_GROUPS = `
  WITH live AS (
    SELECT min(g.key) AS first_key, max(g.key) AS last_key
    FROM raw.item_group_data g
    JOIN state._live_part(NULL, NULL::TIMESTAMP) p ON p.block = state._block(g.key) AND g.key BETWEEN p.first_key AND p.last_key
    ANTI JOIN state.superseded_element e ON e.item_group_data_key = g.key
    GROUP BY p.first_key
  ),
  -- Rows that are not live, and parts that do not stand.
  gone AS (
    SELECT item_group_data_key AS key FROM state.superseded_element
    UNION ALL
    SELECT first_key FROM state.part WHERE format = 'odm' AND first_key IS NOT NULL
    GROUP BY first_key HAVING bool_and(superseded_by IS NOT NULL)
  ),
  mark AS (
    SELECT first_key AS key, 0 AS turn, 'first' AS what, last_key FROM live
    UNION ALL SELECT last_key, 1, 'last', NULL FROM live
    UNION ALL SELECT key, 0, 'gone', NULL FROM gone WHERE (SELECT count(*) FROM live) > 1
  ),
  opening AS (
    SELECT * FROM (SELECT *, lag(what) OVER (ORDER BY key, turn) IS DISTINCT FROM 'last' AS is_new FROM mark)
    WHERE what = 'first'
  )
  SELECT min(key) AS "firstKey", max(last_key) AS "lastKey"
  FROM (SELECT *, count(*) FILTER (is_new) OVER (ORDER BY key) AS range_number FROM opening)
  GROUP BY range_number ORDER BY ALL`;

function itemGroupView(live: readonly KeyRange[]): string {
  return `
    CREATE OR REPLACE VIEW state.item_group_data AS
    SELECT * FROM raw.item_group_data
    WHERE ${within('key', live)} AND key NOT IN (${supersededIn(live)});
    COMMENT ON VIEW state.item_group_data IS 'The rows of raw.item_group_data that are live.';`;
}

/** What there is of superseded rows and items among the live ones: what there is none of costs no join. */
interface Superseded {
  readonly rows: boolean;
  readonly items: boolean;
}

async function holdsSuperseded(connection: Connection, table: string, live: readonly KeyRange[]): Promise<boolean> {
  const found = `SELECT 1 FROM state.${table} WHERE ${within('item_group_data_key', live)} LIMIT 1`;
  return (await connection.row(found)) !== undefined;
}

function itemView(live: readonly KeyRange[], superseded: Superseded): string {
  const withoutRows = `ANTI JOIN (${supersededIn(live)}) e ON e.item_group_data_key = i.item_group_data_key`;
  const withoutItems = `ANTI JOIN (FROM state.superseded_item WHERE ${within('item_group_data_key', live)}) s
      ON s.item_group_data_key = i.item_group_data_key AND s.item_code = i.item_code`;
  return `
    CREATE OR REPLACE VIEW state.item_data AS
    SELECT i.* FROM raw.item_data i
    ${superseded.rows ? withoutRows : ''}
    ${superseded.items ? withoutItems : ''}
    WHERE ${within('i.item_group_data_key', live)} AND i.flags & 4 = 0;
    COMMENT ON VIEW state.item_data IS 'The rows of raw.item_data that are live: at most one for each item of an item group or, where it has several Values (ODM 2.0), one for each sequence number.';`;
}

function supersededIn(live: readonly KeyRange[]): string {
  return `SELECT item_group_data_key FROM state.superseded_element WHERE ${within('item_group_data_key', live)}`;
}

/**
 * Rows of a CSV source that are live, now and once a delivery had arrived. Where several deliveries stand, the latest
 * that holds a row of some keys says all that is live of them: of one that covers the study all rows, of an increment the
 * last.
 */
function fileView(table: string, source: string, all: readonly LivePart[]): string {
  const ranges = all.filter((range) => range.source === source);
  const [raw, live, asArrived] = [table, table, `${table}_as_arrived`].map(identifier);
  const latest = (rank: string, isWhole: string) =>
    `rank() OVER (PARTITION BY coalesce(_repeats, _identity) ORDER BY ${rank} DESC, CASE WHEN ${isWhole} THEN 0 ELSE _key END DESC) = 1`;
  const isOne = ranges.every(({ rank, whole }) => whole && rank === ranges[0].rank);
  return `
    CREATE OR REPLACE VIEW state.${live} AS
    SELECT * FROM raw.${raw} WHERE ${within('_key', ranges)}
    ${
      isOne
        ? ''
        : `QUALIFY ${latest(
            rankOf('_key', ranges),
            within(
              '_key',
              ranges.filter(({ whole }) => whole),
            ),
          )}`
    };
    COMMENT ON VIEW state.${live} IS ${literal(`The rows of raw.${table} that are live.`)};
    CREATE OR REPLACE MACRO state.${asArrived}(delivery) AS TABLE
    SELECT f.* FROM raw.${raw} f
    JOIN (FROM state._live_part(delivery, NULL::TIMESTAMP) WHERE part.source = ${literal(source)}) p
      ON p.block = state._block(f._key) AND f._key BETWEEN p.first_key AND p.last_key
    QUALIFY ${latest('p.part.delivery_rank', "p.part.covers = 'study'")};
    COMMENT ON MACRO TABLE state.${asArrived} IS ${literal(`What state.${table} was once that delivery (raw.delivery.delivery_key) had arrived.`)};`;
}

async function csvSources(connection: Connection): Promise<{ source: string; table: string }[]> {
  return connection.rows(
    `SELECT item_group_oid AS source, 'file_' || sql_name AS "table" FROM meta.name WHERE kind = 'source' ORDER BY sql_name`,
  );
}

/** For each table of raw the statements that give the columns of its view in state the same comments. */
async function columnComments(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.rows<{ table_name: string; column_name: string; comment: string }>(
    `SELECT table_name, column_name, comment FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'raw' AND comment IS NOT NULL ORDER BY column_index`,
  );
  const comments = new Map<string, string>();
  for (const { table_name: table, column_name: column, comment } of rows) {
    const one = `COMMENT ON COLUMN state.${identifier(table)}.${identifier(column)} IS ${literal(comment)};`;
    comments.set(table, `${comments.get(table) ?? ''}${one}\n`);
  }
  return comments;
}

function rankOf(key: string, ranges: readonly LivePart[]): string {
  const cases = ranges.map((range) => `WHEN ${key} <= ${range.lastKey} THEN ${range.rank}`);
  return `CASE ${cases.join(' ')} END`;
}
