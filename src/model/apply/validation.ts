import type { Qc } from '../../project/project.ts';
import { copyComments } from '../../store/comments.ts';
import { type Connection, literal, qualified } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import { contentNow, type Recorded } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';
import { timestampText } from '../plan/record.ts';
import { readCatalog } from '../table/catalog.ts';
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
  if (second.length === 0) return [];
  const agreeing = await readAgreeing(connection, preparation, recorded);
  return connection.transaction(async () => {
    await makeRecord(connection);
    const validations: Validation[] = [];
    for (const qc of second) {
      const isValidated = agreeing.has(qc.of.name);
      if (isValidated) await recordAgreement(connection, qc, runId, at);
      await sayInComment(connection, qc, isValidated);
      validations.push({ model: qc.of.name, path: qc.source.path, isValidated });
    }
    return validations;
  });
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

async function sayInComment(connection: Connection, { of, source }: Qc, isValidated: boolean): Promise<void> {
  const found = (await readCatalog(connection)).get(of.name);
  const said = `Validated: ${source.path}, written independently, gives the same.`;
  const comment = tableComment(of, isValidated ? said : undefined);
  if (found === undefined || found.comment === comment) return;
  await connection.run(
    `COMMENT ON ${relationOf(of.properties).toUpperCase()} ${qualified(of.name)} IS ${literal(comment)}`,
  );
}
