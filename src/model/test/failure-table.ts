import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../lib/hash.ts';
import { type PlannedTest, shownModel } from './test-plan.ts';

type Named = Pick<PlannedTest, 'name' | 'model' | 'gate'>;

/**
 * The table of schema `failures` that keeps the failing rows of a test: `failures.sdtm_ae__unique_USUBJID_AESEQ`. It has
 * eight digits of a hash at its end where another test could have the same name without.
 */
export function failureTable(test: Named): string {
  return `failures.${failureName(test)}`;
}

/** The same without its schema. */
export function failureName(test: Named): string {
  const model = shownModel(test);
  const joined = model === '' ? test.name : `${model.replace('.', '_')}__${test.name}`;
  return isUnambiguous(model, test) ? joined : `${joined}_${sha256Hex(`${model}\n${test.name}`).slice(0, 8)}`;
}

/** The file that its rows pass through. A name may have more bytes than a file system takes. */
export function failureFile(directory: string, test: Named): string {
  return join(directory, `${sha256Hex(failureName(test)).slice(0, 32)}.parquet`);
}

/** Removes what runs have left there that were killed or did not come to their end: it is rows of data. */
export function emptyFailures(directory: string): void {
  const files = readdirSync(directory).filter((name) => /^[0-9a-f]{32}\.parquet$/.test(name));
  for (const name of files) rmSync(join(directory, name), { force: true });
}

/**
 * Whether no other test can have the same joined name: those of models `a_b.c` and `a.b_c` would, and SQL does not heed
 * the case of the name of a file in tests/. Names of one model's own tests differ in more than case.
 */
function isUnambiguous(model: string, test: Named): boolean {
  const isOfFile = test.model === undefined;
  if (isOfFile && test.name !== test.name.toLowerCase()) return false;
  return model === '' ? !test.name.includes('__') : /^[^_.]+\.(?!.*__).*[^_]$/.test(model);
}
