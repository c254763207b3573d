import { z } from 'zod';
import { withConfig } from './config-call.ts';
import { sqlFiles } from './files.ts';
import type { Problem } from './problem.ts';
import type { SqlFile, TestFile } from './project.ts';
import type { Templates } from './template/render.ts';
import { severity } from './test-kinds.ts';
import { threshold } from './threshold.ts';
import { validateRead } from './validate.ts';
import { text } from './vocabulary.ts';
import { writtenSql } from './written-sql.ts';

/** How many rows are too many: of these rows no table tells a share. */
const rows = threshold.refine(
  ({ isShare }) => !isShare,
  'must be a number of rows: a file of tests/ has no model to be a share of',
);

/** What config() of a file of tests/ says. */
const testFileSchema = z.strictObject({
  severity,
  error_if: rows.optional(),
  warn_if: rows.optional(),
  description: text.optional(),
});

interface Read {
  readonly tests: readonly TestFile[];
  readonly problems: readonly Problem[];
}

/** Reads the files of tests/, in the order of their names. */
export async function readTestFiles(root: string, templates: Templates): Promise<Read> {
  const read = (await sqlFiles(root, 'tests')).map((file) => readOne(file, templates));
  return { tests: read.flatMap(({ tests }) => tests), problems: read.flatMap(({ problems }) => problems) };
}

/** dbt has such a file in any folder of tests or macros. */
const GENERIC = /^\s*\{%[-+]?\s*test\s/m;

function misplaced(name: string, path: string): Problem {
  return {
    kind: 'usage',
    code: 'TEST_FILE',
    message: 'The file defines a kind of test, with arguments, and is no test itself.',
    place: { file: path },
    next: `Move it to tests/generic/${name}.sql, under the name of the kind.`,
  };
}

function readOne({ name, path, sql: written }: SqlFile, templates: Templates): Read {
  if (GENERIC.test(written)) return { tests: [], problems: [misplaced(name, path)] };
  const { sql, template, config, problems } = writtenSql(templates, { path, text: written }, { takesConfig: true });
  const said = validateRead(withConfig(undefined, config, path), testFileSchema);
  if (said.valid === undefined) return { tests: [], problems: [...problems, ...said.problems] };
  const { severity, error_if, warn_if, description } = said.valid;
  const thresholds = { ...(error_if && { errorIf: error_if }), ...(warn_if && { warnIf: warn_if }) };
  const test = {
    name,
    path,
    sql,
    severity,
    ...thresholds,
    ...(description && { description }),
    ...(template && { template }),
  };
  return { tests: [test], problems };
}
