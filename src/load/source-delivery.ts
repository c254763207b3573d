import { WarehouseError } from '../lib/errors.ts';
import { listed } from '../lib/listed.ts';
import type { Covers, Source } from '../project/source.ts';

/** No dialect of today knows that what it sends is complete: without a declaration, ODM covers nothing. */
export function coversOf(source: Source): Covers {
  return source.covers ?? 'increment';
}

/**
 * What absence from a delivery means in force: whatever is declared, only a delivery that was read whole removes by what
 * it does not hold and, of ODM, only a Snapshot that holds item groups.
 */
export function coversInForce(
  source: Source,
  { isSnapshot, isComplete }: { readonly isSnapshot: boolean; readonly isComplete: boolean },
): Covers {
  return isComplete && (source.format === 'csv' || isSnapshot) ? coversOf(source) : 'increment';
}

/** Whether a delivery of a CSV source replaces all that came before it. */
export function replacesAll(source: Source): boolean {
  return source.format === 'csv' && source.covers === 'study';
}

/** Whether all files of the source are parts of one delivery. */
export function deliversTogether(source: Source): boolean {
  return source.format === 'csv' && source.delivery === 'together';
}

/** Whether the files of the source are delivered one by one, each in the place of those before. */
export function replacesOneByOne(source: Source): boolean {
  return replacesAll(source) && !deliversTogether(source);
}

/**
 * Files that each replace all the others are as likely to be meant to stand side by side: that is not guessed.
 * @throws usage SOURCE_SEVERAL_FILES
 */
export function refuseSeveralFiles(source: Source, names: readonly string[]): void {
  if (source.format !== 'csv' || !replacesAll(source) || source.delivery !== undefined || names.length < 2) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'SOURCE_SEVERAL_FILES',
    message: `Source ${source.name} matches ${names.length} files, and does not say how they belong together: ${listed(names)}.`,
    place: { file: 'warehouse.yml' },
    next:
      `Nothing was loaded. Under sources: ${source.name}: say "delivery: together" if they stand side by side, such as a file for each site; ` +
      `"delivery: each" if each replaces the one before, in the order of their names, such as cumulative transfers; ` +
      `or "covers: increment" if each adds to those before.`,
  });
}
