import { type Connection, qualified } from '../../store/connection.ts';
import type { Preparation } from '../plan/prepare.ts';
import { recordTestDrop, type TestDrop, testKey } from '../plan/record.ts';
import { shownModel } from '../test/test-plan.ts';
import { EMPTY_TEXT } from '../test/tests.ts';

interface Row {
  readonly model: string;
  readonly test: string;
  readonly kind: string;
  readonly failures: string | null;
}

const CURRENT = 'SELECT model, test, kind, failures FROM run.current_test';

/**
 * Takes what is a test no more, removed or renamed, out of run.current_test, and drops its failing rows: all such tests,
 * or those of the selected models where others are left out.
 */
export async function retireTests(connection: Connection, preparation: Preparation, drop: TestDrop): Promise<void> {
  const rows = formerTests(await readTests(connection), preparation);
  if (rows.length === 0) return;
  await connection.transaction(() => dropTests(connection, rows, drop));
}

/** The tables of models, and of failing rows, that a run of this plan takes away, since they are of nothing any more. */
export async function tablesGoing(connection: Connection, preparation: Preparation): Promise<string[]> {
  const models = preparation.plan.filter(({ action }) => action === 'drop').map(({ name }) => name);
  const rows = await readTests(connection);
  const tests = [...rows.filter(({ model }) => models.includes(model)), ...formerTests(rows, preparation)];
  return [...models, ...tests.flatMap(({ failures }) => failures ?? [])];
}

const readTests = (connection: Connection) => connection.rows<Row>(`${CURRENT} ORDER BY ordinal`);

/** What is a test no more: all, or those of the selected models where others are left out. */
function formerTests(rows: readonly Row[], { input, tests, unitTests, brokenTests }: Preparation): Row[] {
  const isWhole = input.selected.size === input.analyses.size;
  const planned = new Set([...tests, ...unitTests].map((test) => testKey(shownModel(test), test.name)));
  const broken = new Set(brokenTests.map(({ test }) => testKey(test.model ?? '', test.name)));
  const isTest = ({ model, test, kind }: Row) =>
    planned.has(testKey(model, test)) ||
    // A file that is not understood has its last result under the model that it read then.
    broken.has(testKey(kind === 'file' ? '' : model, test)) ||
    (kind === EMPTY_TEXT && input.analyses.has(model));
  return rows.filter((row) => (isWhole || input.selected.has(row.model)) && !isTest(row));
}

/** The same for all tests of a model that is none any more. Inside a transaction of the caller. */
export async function retireTestsOf(connection: Connection, model: string, drop: TestDrop): Promise<void> {
  await dropTests(
    connection,
    await connection.rows<Row>(`${CURRENT} WHERE model = $1 ORDER BY ordinal`, [model]),
    drop,
  );
}

async function dropTests(connection: Connection, rows: readonly Row[], drop: TestDrop): Promise<void> {
  for (const { model, test, failures } of rows) {
    if (failures !== null) await connection.run(`DROP TABLE IF EXISTS ${qualified(failures)}`);
    await recordTestDrop(connection, model, test, drop);
  }
}
