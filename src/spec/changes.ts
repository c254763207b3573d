import { isMapping } from '../lib/mapping.ts';
import { own } from '../lib/own.ts';
import { align } from './yaml/align.ts';
import { isSame, keysAfter, type Mapping, type Path } from './yaml/patch.ts';
import { yamlLine } from './yaml/text.ts';

/** One thing that an import changes in a file. */
export interface Change {
  /** `columns.AETERM.label`, `tests[2]` */
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed' | 'renamed' | 'reordered';
  /** As YAML on one line; empty where there was nothing. */
  readonly before: string;
  readonly after: string;
}

/** What changes from `before` to `after`, key by key. */
export function changesOf(before: unknown, after: unknown, path: Path = []): Change[] {
  if (isSame(before, after, path)) return [];
  if (isMapping(before) && isMapping(after)) return ofMapping(before, after, path);
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isMapping)) {
    return ofList(before, after, path);
  }
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [{ key: keyOf(path), change, before: shown(before), after: shown(after) }];
}

function ofMapping(before: Mapping, after: Mapping, path: Path): Change[] {
  const had = Object.keys(before);
  const keys = keysAfter(had, before, after, path);
  const stays = new Set(keys.map(({ was }) => was));
  const gone = had.filter((key) => !stays.has(key));
  const changes = [...gone, ...keys.map(({ now }) => now)].flatMap((key): Change[] => {
    const was = keys.find(({ now }) => now === key)?.was;
    if (was === undefined || was === key) return changesOf(own(before, key), own(after, key), [...path, key]);
    return [{ key: keyOf([...path, was]), change: 'renamed', before: was, after: key }];
  });
  const order = keys.flatMap(({ was }) => was ?? []);
  const former = had.filter((key) => stays.has(key));
  if (order.join() === former.join()) return changes;
  return [...changes, { key: keyOf(path), change: 'reordered', before: former.join(', '), after: order.join(', ') }];
}

function ofList(before: readonly unknown[], after: readonly unknown[], path: Path): Change[] {
  const items = align(before, after);
  const changes = items.flatMap(({ before: b, after: a }) => {
    const below = [...path, a ?? b!];
    return changesOf(b === undefined ? undefined : before[b], a === undefined ? undefined : after[a], below);
  });
  const order = items.flatMap(({ before: b, after: a }) => (a === undefined ? [] : (b ?? [])));
  const former = [...order].sort((a, b) => a - b);
  if (order.join() === former.join()) return changes;
  const inOrder = (places: readonly number[]) => places.map((at) => `[${at}]`).join(', ');
  return [...changes, { key: keyOf(path), change: 'reordered', before: inOrder(former), after: inOrder(order) }];
}

const shown = (value: unknown) => (value === undefined ? '' : yamlLine(value));

function keyOf(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`)).join('');
}
