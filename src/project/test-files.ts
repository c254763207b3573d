import { z } from 'zod';
import { withConfig } from './config-call.ts';
import { isCustomTest } from './custom-tests.ts';
import type { Problem } from './problem.ts';
import type { TestFile } from './project.ts';
import type { SqlFile } from './sql-file.ts';
import type { Templates } from './template/render.ts';
import { severity } from './test-kinds.ts';
import { readSqlFiles, type TextFiles } from './text-files.ts';
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

/** Reads the files of tests/ and of the folders in it, but for tests/generic/, in the order of their names. */
export async function readTestFiles(root: string, { paths, problems }: TextFiles, templates: Templates): Promise<Read> {
  const own = paths.filter((path) => !isCustomTest(path));
  const { files, problems: ofNames } = await readSqlFiles(root, own, MISNAMED);
  const read = files.map((file) => readOne(file, templates));
  return {
    tests: read.flatMap(({ tests }) => tests),
    problems: [...problems, ...ofNames, ...sameName(files), ...read.flatMap((one) => one.problems)],
  };
}

const MISNAMED = { code: 'TEST_FILE', message: 'A test ends in .sql, in lower-case letters.' };

/** A test is called as its file, whatever the folder: so its failing rows are kept, and it is known again. */
function sameName(files: readonly SqlFile[]): Problem[] {
  return files.flatMap(({ name, path }, index) => {
    const other = files.slice(0, index).find((one) => one.name === name);
    if (other === undefined) return [];
    return [
      {
        kind: 'usage',
        code: 'TEST_FILE',
        message: `${other.path} is a test ${name} too.`,
        place: { file: path },
        next: 'Rename one of them.',
      },
    ];
  });
}

/** dbt has such a file in any folder of tests or macros. */
const GENERIC = /^\s*\{%[-+]?\s*test\s/m;

function generic(name: string, path: string): Problem {
  return {
    kind: 'usage',
    code: 'TEST_FILE',
    message: 'The file defines a kind of test, with arguments, and is no test itself.',
    place: { file: path },
    next: `Move it to tests/generic/${name}.sql, under the name of the kind.`,
  };
}

function readOne({ name, path, sql: written }: SqlFile, templates: Templates): Read {
  if (GENERIC.test(written)) return { tests: [], problems: [generic(name, path)] };
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
