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

/** The same without its schema, for the file that the rows pass through. */
export function failureName(test: Named): string {
  const model = shownModel(test);
  const joined = model === '' ? test.name : `${model.replace('.', '_')}__${test.name}`;
  return isUnambiguous(model, test) ? joined : `${joined}_${sha256Hex(`${model}\n${test.name}`).slice(0, 8)}`;
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
