import { WarehouseError } from '../../lib/errors.ts';
import { appendRows } from '../../store/append-rows.ts';
import { copyComments } from '../../store/comments.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import { timestampText } from '../../store/timestamp-text.ts';
import { statementText } from '../sql/lexer.ts';
import { type CatalogEntry, isOthers, readCatalog } from '../table/catalog.ts';
import { NEXT_MARK } from '../table/compile.ts';
import type { Content } from '../table/content-hash.ts';
import type { CompiledTest } from '../test/tests.ts';
import { fingerprintOf, type Parts } from './fingerprint.ts';
import type { RecordedModel } from './plan.ts';

/** The tables of sql/run.sql and sql/run-results.sql, made where the file does not have them yet. */
export async function prepareRecord(connection: Connection): Promise<void> {
  if (!(await hasRelation(connection, 'run.model'))) {
    await connection.transaction(async () => {
      await runSqlFile(connection, 'run.sql');
      await copyComments(connection, 'run.model', 'run.current_model');
      await copyComments(connection, 'run.test', 'run.current_test');
    });
  }
  if (!(await hasRelation(connection, 'run.result'))) {
    await connection.transaction(() => runSqlFile(connection, 'run-results.sql'));
  }
  // Of a file that was made before there were such columns.
  await connection.run(`ALTER TABLE run.invocation ADD COLUMN IF NOT EXISTS full_refresh BOOLEAN;
    ALTER TABLE run.invocation ADD COLUMN IF NOT EXISTS store_failures BOOLEAN`);
}

/** Drops what a killed run was building: tables with the runner's mark. */
export async function dropLeftovers(connection: Connection): Promise<void> {
  for (const { name, comment, kind } of (await readCatalog(connection)).values()) {
    if (kind === 'table' && comment === NEXT_MARK) await connection.run(`DROP TABLE ${qualified(name)}`);
  }
}

interface ModelRow {
  readonly model: string;
  readonly materialized: string;
  readonly fingerprint: string;
  readonly duckdb_version: string;
  readonly sql_hash: string;
  readonly properties_hash: string;
  readonly macros: string;
  readonly reads: string;
  readonly content_hash: string;
  readonly row_count: bigint;
}

/** What is in place, by model. What another client has put in the place of one is no model's, whatever was there before. */
export async function readRecord(
  connection: Connection,
  catalog: ReadonlyMap<string, CatalogEntry>,
): Promise<Map<string, RecordedModel>> {
  const rows = await connection.rows<ModelRow>('SELECT * FROM run.current_model');
  const own = rows.filter(({ model }) => !isOthers(catalog.get(model)));
  return new Map(own.map((row) => [row.model, recordedModel(row)]));
}

/** The names of all models that were ever put in place. */
export async function readFormerModels(connection: Connection): Promise<ReadonlySet<string>> {
  const rows = await connection.rows<{ model: string }>('SELECT DISTINCT model FROM run.model');
  return new Set(rows.map(({ model }) => model));
}

function recordedModel(row: ModelRow): RecordedModel {
  const parts: Parts = {
    duckdb: row.duckdb_version,
    sql: row.sql_hash,
    properties: row.properties_hash,
    macros: JSON.parse(row.macros),
    reads: JSON.parse(row.reads),
  };
  return {
    materialized: row.materialized,
    parts,
    fingerprint: row.fingerprint,
    contentHash: row.content_hash,
    rows: row.row_count,
  };
}

/** A model that was put in place. */
export interface ModelRecord {
  readonly runId: string;
  readonly model: string;
  readonly path: string;
  readonly materialized: string;
  readonly reason: string;
  readonly parts: Parts;
  readonly content: Content;
  readonly at: Date;
}

/** How a row gets its number in a transaction that may have begun before others were committed. */
export interface Recording {
  /** Where it is written. */
  readonly connection: Connection;
  /** One that sees all that is committed: another, without a transaction, or the same. */
  readonly committed: Connection;
}

/** Writes the row, inside the transaction that puts the model in place. Returns its ordinal. */
export async function recordModel({ connection, committed }: Recording, record: ModelRecord): Promise<bigint> {
  const { parts, content } = record;
  const ordinal = await nextOrdinal(committed, 'run.model');
  await appendRows(connection, 'run', 'model', [
    [
      ordinal,
      record.runId,
      record.model,
      record.path,
      record.materialized,
      record.reason,
      fingerprintOf(parts),
      parts.duckdb,
      parts.sql,
      parts.properties,
      JSON.stringify(parts.macros),
      JSON.stringify(parts.reads),
      content.hash,
      content.rows,
      content.columns.length,
      record.at,
    ],
  ]);
  return ordinal;
}

async function nextOrdinal(connection: Connection, table: 'run.model' | 'run.test'): Promise<bigint> {
  const row = await connection.row<{ next: bigint }>(`SELECT coalesce(max(ordinal), 0) + 1 AS next FROM ${table}`);
  return row!.next;
}

/** Writes that a model was taken away, inside the transaction that does so. */
export async function recordDrop(
  connection: Connection,
  { runId, model, reason, at }: Pick<ModelRecord, 'runId' | 'model' | 'reason' | 'at'>,
): Promise<void> {
  await connection.run(
    `INSERT INTO run.model
     SELECT * REPLACE (
       (SELECT max(ordinal) FROM run.model) + 1 AS ordinal, $1 AS run_id, 'dropped' AS materialized, $2 AS reason,
       CAST($3 AS TIMESTAMP) AS built_at)
     FROM run.current_model WHERE model = $4`,
    [runId, reason, timestampText(at), model],
  );
}

/** COMMIT of an aborted transaction reports success and keeps nothing: whether the row is there tells what happened. */
export async function assertRecorded(
  connection: Connection,
  ordinal: bigint,
  { runId, model }: ModelRecord,
): Promise<void> {
  const row = await connection.row('SELECT 1 FROM run.model WHERE ordinal = $1 AND run_id = $2 AND model = $3', [
    ordinal,
    runId,
    model,
  ]);
  if (row !== undefined) return;
  throw new WarehouseError({
    kind: 'fault',
    code: 'RUN_NOT_RECORDED',
    message: 'The transaction that put the model in place was reported as committed, but its record is not there.',
    place: { model },
    next: 'Build again; the former table is still in place.',
  });
}

/** A test that was run. */
export interface TestRecord {
  readonly runId: string;
  readonly model: string;
  readonly test: CompiledTest;
  readonly state: string;
  readonly failures: bigint;
  /** The table that keeps the failing rows. */
  readonly table: string | undefined;
  readonly fingerprint: string;
  readonly at: Date;
}

/** Writes what tests came to, in their order. Inside a transaction of the caller, which has not written any before. */
export async function recordTests({ connection, committed }: Recording, records: readonly TestRecord[]): Promise<void> {
  if (records.length === 0) return;
  const first = await nextOrdinal(committed, 'run.test');
  const rows = records.map(({ test, ...record }, at) => [
    first + BigInt(at),
    record.runId,
    record.model,
    test.name,
    test.kind,
    test.columns,
    test.asserts,
    statementText(test.sql),
    test.severity,
    record.state,
    record.failures,
    record.table ?? null,
    record.fingerprint,
    record.at,
  ]);
  await appendRows(connection, 'run', 'test', rows);
}

/** The run in which tests were taken out of the record. */
export interface TestDrop {
  readonly runId: string;
  readonly at: Date;
}

/** Writes that a test is none any more. Inside a transaction of the caller. */
export async function recordTestDrop(
  connection: Connection,
  model: string,
  test: string,
  { runId, at }: TestDrop,
): Promise<void> {
  await connection.run(
    `INSERT INTO run.test
     SELECT * REPLACE (
       (SELECT max(ordinal) FROM run.test) + 1 AS ordinal, $1 AS run_id, 'dropped' AS state, NULL AS failures,
       CAST($2 AS TIMESTAMP) AS tested_at)
     FROM run.current_test WHERE model = $3 AND test = $4`,
    [runId, timestampText(at), model, test],
  );
}

/**
 * Of a row of run.current_test, whether the table of its failing rows is as the test left it: there is nothing to keep, or
 * the run that kept it came to its end.
 */
export const IS_KEPT = `(failure_count = 0 AND failures IS NULL
  OR run_id IN (SELECT run_id FROM run.invocation WHERE store_failures))`;

/**
 * The fingerprints under which tests last passed (or warned), by `testKey`.
 * @param kept whether to leave out those whose failing rows were not kept then
 */
export async function readPassedTests(connection: Connection, { kept = false } = {}): Promise<Map<string, string>> {
  const rows = await connection.rows<{ model: string; test: string; fingerprint: string }>(
    `SELECT model, test, fingerprint FROM run.current_test WHERE state <> 'failed'${kept ? ` AND ${IS_KEPT}` : ''}`,
  );
  return new Map(rows.map(({ model, test, fingerprint }) => [testKey(model, test), fingerprint]));
}

export const testKey = (model: string, test: string) => `${model}/${test}`;
