import { z } from 'zod';
import { columnName, modelName, type Scalar, scalar, text } from './vocabulary.ts';

/**
 * What must hold of a model. Each is a question whose answer must be no rows.
 *
 * - `not_null`: no NULL (and, being SDTM, no '') in the column.
 * - `unique`: no two rows with the same values in the columns.
 * - `accepted_values`: nothing but these; NULL is accepted (say `not_null` too where it is not).
 * - `relationships`: every value that is not NULL stands in that column of that model.
 * - `sql`: the SELECT returns nothing.
 */
export type ModelTest = TestCommon &
  (
    | { readonly kind: 'not_null'; readonly column: string }
    | { readonly kind: 'unique'; readonly columns: readonly string[] }
    | {
        readonly kind: 'accepted_values';
        readonly column: string;
        readonly values: readonly Scalar[];
      }
    | { readonly kind: 'relationships'; readonly column: string; readonly to: string; readonly toColumn: string }
    | { readonly kind: 'sql'; readonly sql: string; readonly column?: string }
  );

interface TestCommon {
  /** Unique within the model: `not_null_USUBJID`, `unique_USUBJID_AESEQ`, or the name it was given. */
  readonly name: string;
  readonly severity: Severity;
  /** What it asserts, in words. */
  readonly description?: string;
}

export const SEVERITIES = ['warn', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

const common = {
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _')
    .optional(),
  severity: z.enum(SEVERITIES).default('error'),
  description: text.optional(),
};

const holds = z.literal(true, 'takes no arguments');

/**
 * `not_null` stands for `{not_null: true}`.
 * @param examples the tests that say nothing by their name alone, with what they say beside it.
 */
function expanded(examples: Readonly<Record<string, string>>) {
  return (written: unknown, context: z.RefinementCtx) => {
    if (typeof written !== 'string') return written;
    if (!Object.hasOwn(examples, written)) return { [written]: true };
    const params = { next: `Write {${written}: ${examples[written]}}, with what you mean in its place.` };
    context.addIssue({ code: 'custom', message: `must say more than ${written}`, params });
    return z.NEVER;
  };
}

function exactlyOne(kinds: readonly string[]) {
  return (test: object, context: z.RefinementCtx) => {
    const found = kinds.filter((kind) => (test as Record<string, unknown>)[kind] !== undefined);
    if (found.length !== 1) context.addIssue({ code: 'custom', message: `must be exactly one of ${kinds.join(', ')}` });
  };
}

const COLUMN_KINDS = ['not_null', 'unique', 'accepted_values', 'relationships', 'sql'] as const;

/** A test in the list of a column. */
export const columnTest = z.preprocess(
  expanded({ accepted_values: '[F, M]', relationships: '{to: sdtm.dm, column: USUBJID}', sql: '"SELECT ..."' }),
  z
    .strictObject({
      not_null: holds.optional(),
      unique: holds.optional(),
      accepted_values: z.array(scalar).min(1).optional(),
      relationships: z.strictObject({ to: modelName, column: columnName }).optional(),
      sql: text.optional(),
      ...common,
    })
    .superRefine(exactlyOne(COLUMN_KINDS)),
);
export type WrittenColumnTest = z.infer<typeof columnTest>;

/** A test in the list of a dataset. */
export const datasetTest = z.preprocess(
  expanded({ unique: '[USUBJID, AESEQ]', sql: '"SELECT ..."' }),
  z
    .strictObject({ unique: z.array(columnName).min(1).optional(), sql: text.optional(), ...common })
    .superRefine(exactlyOne(['unique', 'sql'])),
);
export type WrittenDatasetTest = z.infer<typeof datasetTest>;

type Nameless<Test> = Test extends unknown ? Omit<Test, 'name'> & { name?: string } : never;

function testOfColumn(column: string, test: WrittenColumnTest): Nameless<ModelTest> {
  const { name, severity, description, relationships } = test;
  const said = { name, severity, description };
  if (test.not_null) return { kind: 'not_null', ...said, column };
  if (test.unique) return { kind: 'unique', ...said, columns: [column] };
  if (test.accepted_values) return { kind: 'accepted_values', ...said, column, values: test.accepted_values };
  if (relationships) {
    return { kind: 'relationships', ...said, column, to: relationships.to, toColumn: relationships.column };
  }
  return { kind: 'sql', ...said, sql: test.sql!, column };
}

function testOfDataset(test: WrittenDatasetTest): Nameless<ModelTest> {
  const { name, severity, description } = test;
  const said = { name, severity, description };
  if (test.unique) return { kind: 'unique', ...said, columns: test.unique };
  return { kind: 'sql', ...said, sql: test.sql! };
}

function ordinaryName(test: Nameless<ModelTest>): string {
  if (test.kind === 'sql') return 'sql';
  if (test.kind === 'unique') return ['unique', ...test.columns].join('_');
  return `${test.kind}_${test.column}`;
}

/** All tests of a model, those of the dataset first, each under a name of its own, whatever its case. */
export function modelTests(
  ofDataset: readonly WrittenDatasetTest[],
  ofColumns: Readonly<Record<string, readonly WrittenColumnTest[]>>,
): ModelTest[] {
  const tests = ofDataset.map(testOfDataset);
  for (const [column, written] of Object.entries(ofColumns)) {
    for (const test of written) tests.push(testOfColumn(column, test));
  }
  const taken = new Set<string>();
  return tests.map((test) => {
    const base = test.name ?? ordinaryName(test);
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    taken.add(name.toLowerCase());
    return { ...test, name } as ModelTest;
  });
}
