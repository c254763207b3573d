import { canonicalJson } from '../../lib/canonical-json.ts';
import { WarehouseError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { listed } from '../../lib/listed.ts';
import { nearest } from '../../project/nearest.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertiesFile, propertyError } from '../../project/property-error.ts';
import type { UnitTest } from '../../project/unit-test.ts';
import type { Connection } from '../../store/connection.ts';
import { declaredTables } from '../reading/declared.ts';
import type { MacroCatalog } from '../reading/macro-catalog.ts';
import { type Known, readingOf } from '../reading/reading.ts';
import { setVariables, type Variables } from '../reading/variables.ts';
import { textOfModel } from '../sql/sql-error.ts';
import { assertionOfUnitTest } from './assertion.ts';
import type { BrokenTest, PlannedTest } from './test-plan.ts';
import type { CompiledTest } from './tests.ts';

/** A unit test, ready to be run: it stands with the tests of its model, and is run before that is built. */
export interface PlannedUnitTest extends PlannedTest {
  readonly source: ModelSource;
  readonly unit: UnitTest;
  /** Whether the SELECT may read more tables than it is given. */
  readonly hides: boolean;
  /** The variables while it runs, and those that the project has. */
  readonly variables: Variables;
  readonly ofProject: Variables;
}

/** Reads the SELECT of a model for each of its unit tests, whether or not the tables that it reads are there. */
export async function planUnitTests(
  connection: Connection,
  source: ModelSource,
  macros: MacroCatalog,
  known: Known,
): Promise<(PlannedUnitTest | BrokenTest)[]> {
  const planned: (PlannedUnitTest | BrokenTest)[] = [];
  for (const unit of source.unitTests ?? []) {
    planned.push(await planUnitTest(connection, { source: { ...source, ...unit.select }, unit }, macros, known));
  }
  return planned;
}

interface Unit {
  /** With the SELECT that the variables of the test make. */
  readonly source: ModelSource;
  readonly unit: UnitTest;
}

async function planUnitTest(
  connection: Connection,
  { source, unit }: Unit,
  macros: MacroCatalog,
  known: Known,
): Promise<PlannedUnitTest | BrokenTest> {
  const test = compiled(source, unit);
  try {
    const variables = variablesFor({ source, unit }, known.variables);
    const inputs = unit.given.map(({ input }) => input);
    const asGiven = { ...known, names: new Set([...known.names, ...inputs]), variables };
    const reading = await readingOf(connection, textOfModel(source), macros, asGiven, declaredTables(source));
    checkInputs({ source, unit }, reading.reads);
    const { sqlHash: sql, macros: reached, seeds } = reading;
    const asked = { sql, macros: { ...reached }, variables: { ...reading.variables }, seeds, ...rowsOf(unit) };
    const hash = sha256Hex(canonicalJson({ ...asked, asserts: test.asserts }));
    return {
      ...test,
      reads: reading.reads,
      gate: source.name,
      hash,
      source,
      unit,
      hides: reading.hides,
      variables,
      ofProject: known.variables,
    };
  } catch (error) {
    if (error instanceof WarehouseError && error.kind !== 'fault') return { test, error };
    throw error;
  }
}

function compiled(source: ModelSource, unit: UnitTest): CompiledTest {
  const { name: model, sql } = source;
  const asserts = assertionOfUnitTest(unit);
  return {
    model,
    name: unit.name,
    severity: 'error',
    sql,
    path: `${propertiesFile(source)}, unit test ${unit.name}`,
    ...asserts,
  };
}

/** What is given and expected, where a number and its text are two. */
function rowsOf({ given, expect }: UnitTest) {
  const text = (rows: UnitTest['expect']['rows']) =>
    JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? { integer: String(value) } : value));
  return { given: given.map(({ input, rows }) => [input, text(rows)]), expect: text(expect.rows) };
}

/** Those of the test in place of those of the project, by the project's names. */
function variablesFor(unit: Unit, known: Variables): Variables {
  const own = Object.entries(unit.unit.vars).map(([written, value]) => {
    const name = Object.keys(known).find((one) => one.toLowerCase() === written.toLowerCase());
    if (name !== undefined) return [name, value] as const;
    const near = nearest(written, Object.keys(known));
    const next = near === undefined ? 'Add it under vars: in warehouse.yml.' : `Did you mean ${near}?`;
    throw unitError(unit, ['vars', written], `There is no variable ${written} in warehouse.yml.`, next);
  });
  return { ...known, ...Object.fromEntries(own) };
}

/** What a model reads is given, and nothing else: what is left out would be read from the file. */
function checkInputs(unit: Unit, reads: readonly string[]): void {
  const given = unit.unit.given.map(({ input }) => input);
  const unread = given.findIndex((input) => !reads.includes(input));
  if (unread >= 0) {
    const near = nearest(given[unread], reads);
    const next = near === undefined ? `It reads ${listed(reads)}.` : `Did you mean ${near}?`;
    throw unitError(unit, ['given', unread, 'input'], `${unit.source.name} does not read ${given[unread]}.`, next);
  }
  const missing = reads.filter((table) => !given.includes(table));
  if (missing.length === 0) return;
  const message = `${unit.source.name} reads ${listed(missing)}, which given does not have.`;
  throw unitError(
    unit,
    ['given'],
    message,
    `Add {input: ${missing[0]}, rows: []} to given, with the rows that matter.`,
  );
}

/** @param path below the unit test */
export function unitError(
  { source, unit }: Unit,
  path: readonly PropertyKey[],
  message: string,
  next: string,
): WarehouseError {
  const said = `Unit test ${unit.name}: ${message}`;
  return propertyError(source, [...unit.path, ...path], { code: 'UNIT_TEST', message: said, next });
}

/** Runs `work` with the variables of a unit test in place of those of the project. */
export async function withVariables<Result>(
  connection: Connection,
  { own, ofProject }: { readonly own: Variables; readonly ofProject: Variables },
  work: () => Promise<Result>,
): Promise<Result> {
  await setVariables(connection, own);
  try {
    return await work();
  } finally {
    await setVariables(connection, ofProject);
  }
}
