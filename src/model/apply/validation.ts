import type { ModelSource, Qc } from '../../project/project.ts';
import { copyComments } from '../../store/comments.ts';
import { type Connection, literal, qualified } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import { timestampText } from '../../store/timestamp-text.ts';
import { contentNow, type Recorded } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';
import { readOutdated } from '../plan/stale.ts';
import { type CatalogEntry, readCatalog } from '../table/catalog.ts';
import { relationOf, tableComment } from '../table/compile.ts';
import { QC_TEST } from '../test/qc.ts';
import { type PlannedTest, testFingerprint } from '../test/test-plan.ts';

/** A model that has a second version. */
export interface Validation {
  readonly model: string;
  /** The file of the second version. */
  readonly path: string;
  /** Whether both are up to date, and what is in place of them was found to be the same. */
  readonly isValidated: boolean;
}

/**
 * Writes down which models are validated: their second version gives what they give, both as they stand now. One that was
 * is so no more once either of them is not up to date: what is in place, be it a view, or what stands in their files may
 * be another by then. The comment of each says so, or says so no more.
 */
export async function recordValidations(
  connection: Connection,
  preparation: Preparation,
  recorded: Recorded,
  second: readonly Qc[],
  { runId, at }: { readonly runId: string; readonly at: Date },
): Promise<Validation[]> {
  const former = await readFormer(connection, preparation, second);
  if (second.length + former.length === 0) return [];
  const agreeing = await readAgreeing(connection, preparation, recorded);
  const outdated = await readOutdated(connection, preparation.input, recorded);
  return connection.transaction(async () => {
    await makeRecord(connection);
    const there = await readCatalog(connection);
    for (const of of former) {
      await endAgreement(connection, of, at);
      await sayInComment(connection, there, of);
    }
    const validations: Validation[] = [];
    for (const qc of second) {
      const isUpToDate = !outdated.has(qc.of.name) && !outdated.has(qc.source.name);
      const isValidated = isUpToDate && agreeing.has(qc.of.name);
      if (isValidated) await recordAgreement(connection, qc, runId, at);
      else await endAgreement(connection, qc.of, at);
      await sayInComment(connection, there, qc.of, isValidated ? qc.source : undefined);
      validations.push({ model: qc.of.name, path: qc.source.path, isValidated });
    }
    return validations;
  });
}

/** The models that were validated once, and have no second version any more. */
async function readFormer(
  connection: Connection,
  { input }: Preparation,
  second: readonly Qc[],
): Promise<ModelSource[]> {
  if (!(await hasRelation(connection, 'run.validation'))) return [];
  const have = new Set(second.map(({ of }) => of.name));
  const rows = await connection.rows<{ model: string }>('SELECT DISTINCT model FROM run.validation ORDER BY model');
  const sources = rows.filter(({ model }) => !have.has(model)).map(({ model }) => input.analyses.get(model)?.source);
  return sources.filter((source) => source !== undefined);
}

/** The models of which the comparison last found nothing, on what is there now. */
async function readAgreeing(
  connection: Connection,
  { tests, input }: Preparation,
  recorded: Recorded,
): Promise<ReadonlySet<string>> {
  const content = contentNow(input, recorded);
  const rows = await connection.rows<{ model: string; fingerprint: string }>(
    `SELECT model, fingerprint FROM run.current_test WHERE kind = '${QC_TEST}' AND state = 'passed'`,
  );
  const passed = new Map(rows.map(({ model, fingerprint }) => [model, fingerprint]));
  const agreeing = tests.filter(({ kind, model }) => kind === QC_TEST && passed.has(model!));
  const isSame = (test: PlannedTest) => passed.get(test.model!) === testFingerprint(test, content);
  return new Set(agreeing.filter(isSame).map(({ model }) => model!));
}

/** Made anew, with what stands in it, in a file of before there was a column for when it ended. */
async function makeRecord(connection: Connection): Promise<void> {
  const isMade = await connection.row(
    `SELECT 1 FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'run'
       AND table_name = 'validation' AND column_name = 'ended_at'`,
  );
  if (isMade !== undefined) return;
  await runSqlFile(connection, 'run-validation.sql');
  await copyComments(connection, 'run.validation', 'run.current_validation');
}

async function recordAgreement(connection: Connection, { of, source }: Qc, runId: string, at: Date): Promise<void> {
  const isRecorded = await connection.row('SELECT 1 FROM run.current_validation WHERE model = $1', [of.name]);
  if (isRecorded !== undefined) return;
  await endAgreement(connection, of, at);
  await connection.run(
    `INSERT INTO run.validation
     SELECT $1, m.model, m.fingerprint, q.model, $2, q.fingerprint, CAST($3 AS TIMESTAMP), NULL
     FROM run.current_model m, run.current_model q WHERE m.model = $4 AND q.model = $5`,
    [runId, source.path, timestampText(at), of.name, source.name],
  );
}

async function endAgreement(connection: Connection, { name }: ModelSource, at: Date): Promise<void> {
  await connection.run(
    'UPDATE run.validation SET ended_at = CAST($1 AS TIMESTAMP) WHERE model = $2 AND ended_at IS NULL',
    [timestampText(at), name],
  );
}

/** @param by the second version that gives the same; undefined where none does */
async function sayInComment(
  connection: Connection,
  there: ReadonlyMap<string, CatalogEntry>,
  of: ModelSource,
  by?: ModelSource,
): Promise<void> {
  const found = there.get(of.name);
  const comment = tableComment(of, by && `Validated: ${by.path}, written independently, gives the same.`);
  if (found === undefined || found.comment === comment) return;
  await connection.run(
    `COMMENT ON ${relationOf(of.properties).toUpperCase()} ${qualified(of.name)} IS ${literal(comment)}`,
  );
}
