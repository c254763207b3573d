import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

/** The readers of test/foreign/requirements.txt are here; in CI they must be. */
export const hasPython = existsSync(PYTHON) || process.env.CI !== undefined;

/**
 * A group of tests that need the readers of test/foreign/requirements.txt: skipped where .venv is absent, except in
 * CI, where they must run.
 */
export function describeWithPython(name: string, tests: () => void): void {
  if (hasPython) describe(name, tests);
  else describe.skip(`${name} (no .venv: see test/foreign/requirements.txt)`, tests);
}

/** What a script of this folder prints for files, as JSON. */
export function python<Result>(
  script:
    | 'read_xpt.py'
    | 'read_csv.py'
    | 'read_parquet.py'
    | 'open_age.py'
    | 'check_odm.py'
    | 'code_pages.py'
    | 'read_dbt_artifacts.py'
    | 'render_jinja.py'
    | 'read_spec.py'
    | 'edit_spec.py',
  ...files: string[]
): Result {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(execFileSync(PYTHON, [path, ...files], { encoding: 'utf8', maxBuffer: 1 << 28 })) as Result;
}
