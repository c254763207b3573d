import { WarehouseError } from '../../lib/errors.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import { checkColumns, describeModel } from '../table/columns.ts';
import { dropOther } from '../table/compile.ts';
import { VALIDITY } from '../table/made.ts';
import { bindTest } from '../test/failures.ts';
import { type BrokenTest, isSelected, type PlannedTest } from '../test/test-plan.ts';
import { type AnalysedModel, type Analysis, isBroken } from './analyse.ts';
import { planModels } from './plan.ts';
import type { Preparation } from './prepare.ts';

/**
 * The same with what DuckDB says of the SELECTs that would be run, over the columns that each model will have by then, and
 * with what contracts say of these. Each model that would be built becomes an empty table of its columns: for a database
 * that is thrown away.
 *
 * @param now what the age of data is measured against
 */
export async function bindPlan(connection: Connection, preparation: Preparation, now: Date): Promise<Preparation> {
  const { input, plan } = preparation;
  const analyses = new Map<string, Analysis>(input.analyses);
  /** Models whose columns are not known, because something is wrong with them or with what they read. */
  const unknown = new Set<string>();
  const isKnown = (table: string) => !unknown.has(table);
  const made = plan.filter(({ name, action }) => analyses.has(name) && action !== 'skip').map(({ name }) => name);
  for (const name of made) {
    const analysis = analyses.get(name)!;
    if (isBroken(analysis) || !analysis.reads.every(isKnown)) unknown.add(name);
    else {
      const error = await wrongIn(() => makeEmpty(connection, analysis, preparation));
      if (error === undefined) continue;
      unknown.add(name);
      analyses.set(name, { source: analysis.source, error });
    }
  }
  const isBound = ({ reads }: PlannedTest) => reads.some((table) => made.includes(table)) && reads.every(isKnown);
  const brokenTests: BrokenTest[] = [...preparation.brokenTests];
  for (const test of preparation.tests.filter((one) => isSelected(one, input) && isBound(one))) {
    const error = await wrongIn(() => bindTest(connection, test, now));
    if (error !== undefined) brokenTests.push({ test, error });
  }
  const bound = { ...input, analyses };
  return { ...preparation, input: bound, plan: planModels(bound), brokenTests };
}

async function makeEmpty(connection: Connection, { source }: AnalysedModel, { relations }: Preparation): Promise<void> {
  const columns = await describeModel(connection, source);
  await checkColumns(connection, source, columns);
  const { name, properties } = source;
  const validity = properties.materialized === 'snapshot' ? VALIDITY : [];
  const all = [...columns, ...validity.map((column): TableColumn => ({ name: column, type: 'TIMESTAMP' }))];
  for (const statement of dropOther(name, 'table', relations.get(name))) await connection.run(statement);
  const list = all.map((column) => `${identifier(column.name)} ${column.type}`).join(', ');
  await connection.run(`CREATE OR REPLACE TABLE ${qualified(name)} (${list})`);
}

/** What a person is to correct of it. */
async function wrongIn(work: () => Promise<void>): Promise<WarehouseError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof WarehouseError && error.kind !== 'fault') return error;
    throw error;
  }
}
