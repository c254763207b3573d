import type { ModelSource, Qc } from '../../project/project.ts';
import { copyComments } from '../../store/comments.ts';
import { type Connection, literal, qualified } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import { timestampText } from '../../store/timestamp-text.ts';
import { contentNow, type Recorded } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';
import { type CatalogEntry, readCatalog } from '../table/catalog.ts';
import { relationOf, tableComment } from '../table/compile.ts';
import { QC_TEST } from '../test/qc.ts';
import { type PlannedTest, testFingerprint } from '../test/test-plan.ts';

/** A model that has a second version. */
export interface Validation {
  readonly model: string;
  /** The file of the second version. */
  readonly path: string;
  /** Whether both, as they are now, were found to give the same. */
  readonly isValidated: boolean;
}

/**
 * Writes down which models are validated: their second version gives what they give, both as they stand now. The comment
 * of each says so, or says so no more.
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
  return connection.transaction(async () => {
    await makeRecord(connection);
    const there = await readCatalog(connection);
    for (const of of former) await sayInComment(connection, there, of);
    const validations: Validation[] = [];
    for (const qc of second) {
      const isValidated = agreeing.has(qc.of.name);
      if (isValidated) await recordAgreement(connection, qc, runId, at);
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

async function makeRecord(connection: Connection): Promise<void> {
  if (await hasRelation(connection, 'run.validation')) return;
  await runSqlFile(connection, 'run-validation.sql');
  await copyComments(connection, 'run.validation', 'run.current_validation');
}

async function recordAgreement(connection: Connection, { of, source }: Qc, runId: string, at: Date): Promise<void> {
  await connection.run(
    `INSERT INTO run.validation
     SELECT $1, m.model, m.fingerprint, q.model, $2, q.fingerprint, CAST($3 AS TIMESTAMP)
     FROM run.current_model m, run.current_model q
     WHERE m.model = $4 AND q.model = $5 AND m.model NOT IN (SELECT model FROM run.current_validation)`,
    [runId, source.path, timestampText(at), of.name, source.name],
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
