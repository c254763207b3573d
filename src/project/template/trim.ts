import { textArgument } from './arguments.ts';
import type { Value } from './value.ts';

/** Without white space, or these characters, at its beginning and end, or at one of them. */
export function trimmed(text: string, characters: Value | undefined, only?: 'start' | 'end'): string {
  const set = characters === undefined || characters === null ? undefined : new Set(textArgument('strip', characters));
  const goes = (character: string) => (set === undefined ? /\s/.test(character) : set.has(character));
  const all = [...text];
  const stays = (character: string) => !goes(character);
  const first = only === 'end' ? 0 : all.findIndex(stays);
  const last = only === 'start' ? all.length - 1 : all.findLastIndex(stays);
  return first < 0 ? '' : all.slice(first, last + 1).join('');
}
