import type { Iso8601Form, Severity, WrittenColumnTest, WrittenDatasetTest } from './test-kinds.ts';
import type { Threshold } from './threshold.ts';
import type { Scalar } from './vocabulary.ts';

/**
 * What must hold of a model. Each is a question whose answer must be no rows.
 *
 * - `not_null`: no NULL (and, being SDTM, no '') in the column.
 * - `mandatory`: the same of several columns at once, which the properties say are mandatory.
 * - `unique`: no two rows with the same values in the columns.
 * - `accepted_values`: nothing but these; NULL is accepted (say `not_null` too where it is not).
 * - `codelist`: nothing but coded values of that codelist of the study's definitions, by OID or name; NULL is accepted.
 * - `relationships`: every value that is not NULL stands in that column of that model.
 * - `expression`: not false for any row; NULL is accepted, as by CHECK in SQL.
 * - `row_count`, `equal_rowcount`: as many rows as said, or as another model has.
 * - `not_negative`: no number below 0; NULL is accepted.
 * - `iso8601`: a date/time, duration or interval as SDTMIG 3.4, 4.4 has it; NULL is accepted.
 * - `freshness`: the newest time of the column, or the last delivery of the source, is no older than `after`; what is
 *   older than `until` too is another test's to tell.
 * - `sql`: the SELECT returns nothing.
 */
export type ModelTest = TestCommon &
  (
    | { readonly kind: 'not_null' | 'not_negative'; readonly column: string }
    | { readonly kind: 'unique'; readonly columns: readonly string[] }
    | { readonly kind: 'mandatory'; readonly columns: readonly string[] }
    | { readonly kind: 'accepted_values'; readonly column: string; readonly values: readonly Scalar[] }
    | { readonly kind: 'codelist'; readonly column: string; readonly codelist: string }
    | { readonly kind: 'relationships'; readonly column: string; readonly to: string; readonly toColumn: string }
    | { readonly kind: 'expression'; readonly expression: string; readonly column?: string }
    | { readonly kind: 'row_count'; readonly min?: number; readonly max?: number; readonly equals?: number }
    | { readonly kind: 'equal_rowcount'; readonly to: string }
    | { readonly kind: 'iso8601'; readonly column: string; readonly forms: readonly Iso8601Form[] }
    | Freshness
    | { readonly kind: 'sql'; readonly sql: string; readonly column?: string }
  );

interface Freshness {
  readonly kind: 'freshness';
  readonly column?: string;
  /** Instead of a column: a source of warehouse.yml. */
  readonly source?: string;
  /** As DuckDB takes an INTERVAL: `7 days`. */
  readonly after: string;
  readonly until?: string;
}

interface TestCommon {
  /** Unique within the model: `not_null_USUBJID`, `unique_USUBJID_AESEQ`, or the name it was given. */
  readonly name: string;
  readonly severity: Severity;
  /** dbt's: of severity error, what fails it; any row where it is left out. */
  readonly errorIf?: Threshold;
  /** What makes it warn, unless it has failed; any row where it is left out. */
  readonly warnIf?: Threshold;
  /** An SQL condition: only the rows for which it is true are tested. */
  readonly where?: string;
  /** What it asserts, in words. */
  readonly description?: string;
  /** Where it is written, from the top of the properties: `['columns', 'AETERM', 'tests', 0]`. */
  readonly at?: readonly PropertyKey[];
}

export type Nameless<Test> = Test extends unknown ? Omit<Test, 'name'> & { name?: string } : never;
type Said = Omit<TestCommon, 'name'> & { name?: string };

function saidOf({
  name,
  severity,
  error_if,
  warn_if,
  where,
  description,
}: WrittenColumnTest | WrittenDatasetTest): Said {
  return {
    name,
    severity,
    description,
    ...(error_if && { errorIf: error_if }),
    ...(warn_if && { warnIf: warn_if }),
    ...(where && { where }),
  };
}

/** What the tests of a column are said beside. */
export interface TestedColumn {
  readonly tests: readonly WrittenColumnTest[];
  /** Its own codelist, which a test may mean without naming it. */
  readonly codelist?: string;
}

function testsOfColumn(column: string, test: WrittenColumnTest, own: string | undefined): Nameless<ModelTest>[] {
  const { relationships, expression, freshness, accepted_values: values, iso8601: forms } = test;
  const said = saidOf(test);
  if (test.not_null) return [{ kind: 'not_null', ...said, column }];
  if (test.not_negative) return [{ kind: 'not_negative', ...said, column }];
  if (test.unique) return [{ kind: 'unique', ...said, columns: [column] }];
  if (values) return [{ kind: 'accepted_values', ...said, column, values }];
  if (test.codelist) {
    return [{ kind: 'codelist', ...said, column, codelist: test.codelist === true ? own! : test.codelist }];
  }
  if (relationships) {
    return [{ kind: 'relationships', ...said, column, to: relationships.to, toColumn: relationships.column }];
  }
  if (expression) return [{ kind: 'expression', ...said, column, expression }];
  if (forms) return [{ kind: 'iso8601', ...said, column, forms }];
  if (freshness) return freshnessTests(said, { column, ...freshness });
  return [{ kind: 'sql', ...said, sql: test.sql!, column }];
}

function testsOfDataset(test: WrittenDatasetTest): Nameless<ModelTest>[] {
  const { unique = test.unique_combination, expression, row_count, equal_rowcount, freshness } = test;
  const said = saidOf(test);
  if (unique) return [{ kind: 'unique', ...said, columns: unique }];
  if (expression) return [{ kind: 'expression', ...said, expression }];
  if (row_count) return [{ kind: 'row_count', ...said, ...row_count }];
  if (equal_rowcount) return [{ kind: 'equal_rowcount', ...said, to: equal_rowcount.to }];
  if (freshness) return freshnessTests(said, freshness);
  return [{ kind: 'sql', ...said, sql: test.sql! }];
}

interface WrittenFreshness {
  readonly column?: string;
  readonly source?: string;
  readonly warn_after?: string;
  readonly error_after?: string;
}

/** Two tests where there are two ages: what is past the second is the second's to tell. */
function freshnessTests(said: Said, { warn_after, error_after, ...of }: WrittenFreshness): Nameless<ModelTest>[] {
  const base = said.name ?? `freshness_${of.column ?? of.source}`;
  const tests: Nameless<ModelTest>[] = [];
  if (error_after) tests.push({ kind: 'freshness', ...said, ...of, name: base, severity: 'error', after: error_after });
  if (warn_after) {
    const name = error_after ? `${base}_warn` : base;
    const until = error_after && { until: error_after };
    tests.push({ kind: 'freshness', ...said, ...of, name, severity: 'warn', after: warn_after, ...until });
  }
  return tests;
}

function ordinaryName(test: Nameless<ModelTest>): string {
  if (test.kind === 'unique' || test.kind === 'mandatory') return [test.kind, ...test.columns].join('_');
  if (test.kind === 'equal_rowcount') return `equal_rowcount_${test.to.replace('.', '_')}`;
  if (test.kind === 'sql' || test.kind === 'row_count' || test.kind === 'freshness') return test.kind;
  return test.column === undefined ? test.kind : `${test.kind}_${test.column}`;
}

/**
 * All tests of a model, those of the dataset first, each under a name of its own, whatever its case.
 * @param reserved names that others have
 */
export function modelTests(
  ofDataset: readonly WrittenDatasetTest[],
  ofColumns: Readonly<Record<string, TestedColumn>>,
  reserved: readonly string[] = [],
): ModelTest[] {
  const placed = (tests: readonly Nameless<ModelTest>[], at: readonly PropertyKey[]) =>
    tests.map((test) => ({ ...test, at }));
  const tests = ofDataset.flatMap((test, i) => placed(testsOfDataset(test), ['tests', i]));
  for (const [column, { tests: written, codelist }] of Object.entries(ofColumns)) {
    written.forEach((test, i) => {
      tests.push(...placed(testsOfColumn(column, test, codelist), ['columns', column, 'tests', i]));
    });
  }
  return named(tests, reserved);
}

/** Gives each test a name that no other has, whatever its case. */
export function named(tests: readonly Nameless<ModelTest>[], reserved: readonly string[]): ModelTest[] {
  const taken = new Set<string>(reserved.map((name) => name.toLowerCase()));
  return tests.map((test) => {
    const base = test.name ?? ordinaryName(test);
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    taken.add(name.toLowerCase());
    return { ...test, name } as ModelTest;
  });
}
