import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { RenderedSql } from './sql-file.ts';
import { testName } from './test-kinds.ts';
import { columnName, modelName, projectPath, scalar, text } from './vocabulary.ts';

const cell = z.union(
  [z.null(), scalar, z.array(scalar)],
  'must be text, a number, true or false, a list of these, or null',
);
export type Cell = z.infer<typeof cell>;

/** A row by the names of its columns. */
export type GivenRow = Readonly<Record<string, Cell>>;

/**
 * The rows of CSV with a header: an empty field is NULL, `""` the empty text. As in a seed, an empty line is a row of one
 * column, and wrong where there are several.
 * @throws Error what is wrong with it
 */
export function csvRows(csv: string): GivenRow[] {
  const [header = [], ...lines]: (string | null)[][] = parse(csv, {
    bom: true,
    cast: (field, { quoting }) => (field === '' && !quoting ? null : field),
  });
  const names = header.map((name) => name?.trim() ?? '');
  const seen = new Set<string>();
  for (const name of names) {
    if (!columnName.safeParse(name).success) throw new Error(`its header has no name of a column in "${name}"`);
    if (seen.has(name.toLowerCase())) throw new Error(`its header names ${name} twice`);
    seen.add(name.toLowerCase());
  }
  return lines.map((line) => Object.fromEntries(line.map((field, i) => [names[i], field])));
}

/** CSV is read as rows. */
function fromCsv(written: unknown, context: z.RefinementCtx): unknown {
  if (typeof written !== 'string') return written;
  try {
    return csvRows(written);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is no CSV with a header: ${(error as Error).message}` });
    return z.NEVER;
  }
}

/** Of two names that SQL takes for one, the second would be taken. */
function checkNames(named: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const names = Object.keys(named);
  const lower = names.map((name) => name.toLowerCase());
  const again = names.find((_, i) => lower.indexOf(lower[i]) < i);
  if (again === undefined) return;
  const first = names[lower.indexOf(again.toLowerCase())];
  context.addIssue({ code: 'custom', path: [again], message: `is ${first} again: SQL does not heed case` });
}

const table = {
  rows: z
    .preprocess(fromCsv, z.array(z.record(columnName, cell).superRefine(checkNames)))
    .meta({ short: { type: 'string' } })
    .optional(),
  /** How dbt says that rows are CSV; here their form shows it. */
  format: z.enum(['dict', 'csv']).optional(),
  /** A CSV file of the project, instead of rows. */
  fixture: projectPath
    .regex(/^tests\/.+\.csv$/, 'must be a CSV file in tests/, such as tests/fixtures/ae.csv')
    .optional(),
};

function checkTable({ rows, fixture }: { rows?: unknown; fixture?: string }, context: z.RefinementCtx): void {
  if ((rows === undefined) !== (fixture === undefined)) return;
  context.addIssue({ code: 'custom', message: 'must have either rows or fixture' });
}

const CALL = /^(ref|source)\(\s*('[^'\\]+'|"[^"\\]+")(\s*,\s*('[^'\\]+'|"[^"\\]+"))?\s*\)$/;

/** `ref('ae')`, `source('edc', 'ae')` */
export const isCall = (input: string) => CALL.test(input);

/** A table by its name, or as templates name it. */
const input = z.union(
  [modelName, z.string().regex(CALL)],
  "must be the name of a table: schema.name, in lower case, or ref('name') or source('source', 'name')",
);

/** A unit test as dbt writes it, in the properties of its model. */
export const unitTest = z.strictObject({
  name: testName,
  description: text.optional(),
  /** The model of the file, its schema written or not: dbt names it. */
  model: text.optional(),
  given: z.array(z.strictObject({ input, ...table }).superRefine(checkTable)).default([]),
  /** Instead of those of warehouse.yml. */
  vars: z.record(columnName, scalar).superRefine(checkNames).default({}),
  expect: z.strictObject(table).superRefine(checkTable),
});
export type WrittenUnitTest = z.infer<typeof unitTest>;

/** Rows that stand for a table, or that a SELECT is to make. */
export interface UnitRows {
  readonly rows: readonly GivenRow[];
  /** Where they are written, below the properties of the model: `['unit_tests', 0, 'expect']`. */
  readonly path: readonly PropertyKey[];
}

/** What the SELECT of a model is to make of given rows. */
export interface UnitTest {
  readonly name: string;
  readonly description?: string;
  readonly given: readonly (UnitRows & { readonly input: string })[];
  readonly vars: WrittenUnitTest['vars'];
  /** The SELECT of a template that its vars make another. */
  readonly select?: RenderedSql;
  readonly expect: UnitRows;
  readonly path: readonly PropertyKey[];
}

/** The unit tests of a model. @param fixtures the rows of the fixtures that they name, by path */
export function unitTestsOf(
  written: readonly WrittenUnitTest[],
  fixtures: ReadonlyMap<string, readonly GivenRow[]> = new Map(),
): UnitTest[] {
  const rowsOf = ({ rows, fixture }: { rows?: GivenRow[]; fixture?: string }) => rows ?? fixtures.get(fixture!) ?? [];
  return written.map(({ given, expect, model: _model, ...rest }, i): UnitTest => {
    const path = ['unit_tests', i];
    return {
      ...rest,
      given: given.map((one, g) => ({ input: one.input, rows: rowsOf(one), path: [...path, 'given', g] })),
      expect: { rows: rowsOf(expect), path: [...path, 'expect'] },
      path,
    };
  });
}

/** What names a fixture, with its place below the properties. */
export function fixturesOf(written: readonly WrittenUnitTest[]): { fixture: string; path: readonly PropertyKey[] }[] {
  return written
    .flatMap(({ given, expect }, i) => [
      ...given.map(({ fixture }, g) => ({ fixture, path: ['unit_tests', i, 'given', g, 'fixture'] })),
      { fixture: expect.fixture, path: ['unit_tests', i, 'expect', 'fixture'] },
    ])
    .filter((one): one is { fixture: string; path: (string | number)[] } => one.fixture !== undefined);
}

/** Refuses two unit tests of one name. */
export function checkUnitTests(tests: readonly WrittenUnitTest[], context: z.RefinementCtx): void {
  const names = new Set<string>();
  for (const [i, { name }] of tests.entries()) {
    if (names.has(name.toLowerCase())) {
      const path = ['unit_tests', i, 'name'];
      context.addIssue({ code: 'custom', path, message: 'is the name of another unit test' });
    }
    names.add(name.toLowerCase());
  }
}
