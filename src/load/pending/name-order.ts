import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { Source } from '../../project/source.ts';
import type { PendingPart } from '../pending-delivery.ts';
import { deliversTogether, replacesAll } from '../source-delivery.ts';

/**
 * The files of a CSV source that are delivered one by one, with what there is to load of each in the light of the
 * others: CSV files have no time of their own, so that those which are there have to stand as a build from nothing would
 * leave them, which goes by names. What decides is delivered again where it does not.
 * @param parts of all files of the source that are there, in the order of their names, each seen by itself
 * @param stand the names of the files whose deliveries stand now
 */
export function inNameOrder(
  source: Source,
  parts: readonly PendingPart[],
  stand: readonly string[],
): readonly PendingPart[] {
  if (source.format !== 'csv' || deliversTogether(source)) return parts;
  if (replacesAll(source)) return replacing(parts, stand);
  return source.keys.length > 0 ? following(parts, false) : parts;
}

/**
 * Where each file replaces those before: the last decides and, where it is known to have lines in quarantine, which let
 * the rows before it stand, those back to one that has none. The others land once, and have no say however they would
 * be read now.
 */
function replacing(parts: readonly PendingPart[], stand: readonly string[]): PendingPart[] {
  const from = Math.max(parts.findLastIndex(isWhole), 0);
  const replaced = parts
    .slice(0, from)
    .map((part): PendingPart => (hasOtherBytes(part) ? part : { ...part, reason: 'unchanged' }));
  const standing = parts.slice(from);
  const isAsItWas = [...replaced, ...standing].every(({ reason }) => reason === 'unchanged');
  if (isAsItWas && (standing.at(-1)?.last?.isLatest === false || standsOnOthers(standing, stand))) {
    return [...replaced, ...standing.map((part): PendingPart => ({ ...part, reason: 'came back' }))];
  }
  return [...replaced, ...following(standing, replaced.some(isPending))];
}

/**
 * Whether files stand that are gone or are replaced, by name, by the whole file that the others are to stand on. Where
 * there is no whole file, nothing that can be delivered would end them.
 */
function standsOnOthers(standing: readonly PendingPart[], stand: readonly string[]): boolean {
  const names = standing.map(({ file }) => file.name);
  return standing[0]?.last?.isComplete === true && stand.some((name) => !names.includes(name));
}

/**
 * Each file again that comes after one which is delivered now, or was delivered later than it. What is read anew keeps
 * its place, unless it comes after such a file.
 */
function following(parts: readonly PendingPart[], after: boolean): PendingPart[] {
  let follows = after;
  let latest = 0n;
  return parts.map((part): PendingPart => {
    const { last } = part;
    follows ||= last === undefined || last.turn < latest;
    if (last !== undefined && last.turn > latest) latest = last.turn;
    const following = follows;
    follows ||= isPending(part) && part.turn === undefined;
    if (!following) return part;
    return isPending(part) ? { ...part, turn: undefined } : { ...part, reason: 'comes after' };
  });
}

const isPending = ({ reason }: PendingPart) => reason !== 'unchanged';

const hasOtherBytes = ({ reason }: PendingPart) => reason === 'new file' || reason === 'changed';

/** Whether nothing of its bytes is known to be in quarantine. */
const isWhole = (part: PendingPart) => hasOtherBytes(part) || part.last!.isComplete;

/** Says which files are delivered again because of others whose names come before theirs. */
export function outOfOrder(source: Source, parts: readonly PendingPart[]): WarehouseEvent[] {
  const again = parts.filter(({ reason }) => reason === 'comes after');
  if (again.length === 0) return [];
  const first = again[0].last!.turn;
  const late = parts
    .slice(0, parts.indexOf(again.at(-1)!))
    .filter((part) => part.reason !== 'comes after' && (isPending(part) || part.last!.turn > first))
    .map(({ file }) => file.name);
  const names = again.map(({ file }) => file.name);
  return [
    {
      event: 'notice',
      code: 'SOURCE_ORDER',
      message:
        `Source ${source.name}: ${listed(names)} ${names.length === 1 ? 'is' : 'are'} delivered again, after ${listed(late)}, ` +
        `which ${late.length === 1 ? 'comes' : 'come'} before by name and came later. As in a build from nothing, files stand in the order of their names.`,
      next: `If ${listed(late)} ${late.length === 1 ? 'is' : 'are'} to have the last word, give ${late.length === 1 ? 'it a name that comes' : 'them names that come'} last: files of a source are best named by date, such as lab_2026-05.csv and lab_2026-06.csv.`,
    },
  ];
}
