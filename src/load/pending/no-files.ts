import { describePlace, WarehouseError } from '../../lib/errors.ts';
import type { WarehouseEvent } from '../../lib/events.ts';
import { filesThere } from '../../project/glob.ts';
import { nearest } from '../../project/nearest.ts';
import type { Project } from '../../project/project.ts';
import type { Source } from '../../project/source.ts';

/**
 * What to say of a source whose files match nothing. One that has delivered may have had its files moved away since; one
 * that never has is misspelt, or its transfer is missing, unless it is said to be optional.
 * @throws usage SOURCE_NO_FILES
 */
export async function noFiles(
  { root, locate }: Pick<Project, 'root' | 'locate'>,
  source: Source,
  hasDelivered: boolean,
): Promise<WarehouseEvent[]> {
  const { name, files, optional } = source;
  const code = 'SOURCE_NO_FILES';
  const message = `Source ${name}: no file matches ${files.join(', ')}.`;
  if (!hasDelivered && optional) return [];
  const place = locate(['sources', name, 'files']);
  const meant = await nearestFile(root, files);
  const near = meant === undefined ? '' : `Did you mean ${meant}? `;
  if (hasDelivered) {
    const next = `${near}Put the file back or correct the path (${describePlace(place)}), if it is not to be gone.`;
    return [{ event: 'notice', code, message: `${message} What it delivered before stands.`, next }];
  }
  throw new WarehouseError({
    kind: 'usage',
    code,
    message: `${message} It has never delivered anything.`,
    place,
    next: `${near}Nothing was loaded. Put the file there, correct the path, or say "optional: true" under the source if it is still to come.`,
  });
}

/** A file in one of the folders that are named whose path is near to what was written. */
async function nearestFile(root: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const there = await filesThere(root, [file.replace(/[^/]*$/, '*')]);
    const meant = nearest(file, there);
    if (meant !== undefined) return meant;
  }
  return undefined;
}
