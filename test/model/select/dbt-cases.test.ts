import { describe, expect, it } from 'vitest';
import { parseSelection } from '../../../src/model/select/selector.ts';
import { type Given, selector } from './selectable.ts';

/**
 * The graph, tags and answers that dbt tests its own selection with (dbt-core, test/unit/test_graph_selection.py): a
 * binary tree, with schemas in the place of its packages.
 */
const TREE: Record<string, Given> = {
  'x.a': { properties: { tags: ['abc'] } },
  'y.b': { reads: ['x.a'], properties: { tags: ['abc', 'bcef'] } },
  'x.c': { reads: ['x.a'], properties: { tags: ['abc', 'bcef'] } },
  'y.d': { reads: ['y.b'] },
  'x.e': { reads: ['y.b'], properties: { tags: ['efg', 'bcef'] } },
  'y.f': { reads: ['x.c'], properties: { tags: ['efg', 'bcef'] } },
  'x.g': { reads: ['x.c'], properties: { tags: ['efg'] } },
};
const letters = (names: readonly string[]) => names.map((name) => name.slice(2)).sort();
const select = selector(TREE);

describe('selection gives what dbt gives [MODEL-100]', () => {
  it.each([
    // One selector.
    ['x.a', '', 'a'],
    ['tag:abc', '', 'abc'],
    ['x.c+', '', 'cfg'],
    ['x.a+1', '', 'abc'],
    ['+y.f', '', 'acf'],
    ['1+y.f', '', 'cf'],
    ['@x.c', '', 'acfg'],
    // Unions.
    ['tag:abc a', '', 'abc'],
    ['tag:abc d', '', 'abcd'],
    ['x.a b', '', 'ab'],
    ['tag:abc tag:bcef', '', 'abcef'],
    // Without what is excluded.
    ['*', 'tag:abc', 'defg'],
    ['x.a+', 'b', 'acdefg'],
    ['x.a+', 'tag:efg', 'abcd'],
    ['tag:abc tag:bcef', 'tag:efg', 'abc'],
    ['tag:abc tag:bcef', 'tag:efg a', 'bc'],
    // Intersections.
    ['a,a', '', 'a'],
    ['+c,c+', '', 'c'],
    ['a,b', '', ''],
    ['tag:abc,tag:bcef', '', 'bc'],
    ['*,tag:abc,a', '', 'a'],
    ['a,tag:abc,*', '', 'a'],
    // Intersections, excluded and joined.
    ['tag:abc,tag:bcef', 'c', 'b'],
    ['tag:bcef,tag:efg', 'tag:bcef,@b', 'f'],
    ['tag:bcef,tag:efg', 'tag:bcef,@a', ''],
    ['*,@a,+b', '*,tag:abc,tag:bcef', 'a'],
    ['tag:bcef,tag:efg *,tag:abc', '', 'abcef'],
    ['tag:bcef,tag:efg *,tag:abc', 'e f', 'abc'],
    ['tag:bcef,tag:efg *,tag:abc', 'tag:abc,tag:bcef', 'aef'],
    ['tag:bcef,tag:efg *,tag:abc', 'tag:abc,tag:bcef tag:abc,a', 'ef'],
  ])('--select "%s" --exclude "%s"', (include, exclude, expected) => {
    const words = (text: string) => (text === '' ? [] : [text]);
    expect(letters(select(words(include), words(exclude)))).toEqual([...expected]);
  });

  it('takes several flags for one with spaces', () => {
    expect(letters(select(['tag:bcef,tag:efg', '*,tag:abc'], ['e', 'f']))).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['a', 'fqn', 'a', 0, 0, false],
    ['256+a', 'fqn', 'a', 256, 0, false],
    ['16+a.b+32', 'fqn', 'a.b', 16, 32, false],
    ['+a.b.*+', 'fqn', 'a.b.*', Infinity, Infinity, false],
    ['@a.b', 'fqn', 'a.b', 0, 0, true],
    ['16+tag:a+32', 'tag', 'a', 16, 32, false],
    ['source:a+1', 'source', 'a', 0, 1, false],
    ['@source:a', 'source', 'a', 0, 0, true],
  ])('reads %s as it does', (text, method, value, parents, children, isWhole) => {
    const parsed = { text, method, argument: undefined, value, parents, children, isWhole };
    expect(parseSelection([text]).include).toEqual([[parsed]]);
  });

  it.each(['@a+', '@a.b+', '@a.b*+', '@tag:a+', '@source:a+'])('refuses %s as it does', (text) => {
    expect(() => parseSelection([text])).toThrow(
      expect.objectContaining({ kind: 'usage', code: 'SELECT_SYNTAX', message: `${text} has both @ and +.` }),
    );
  });
});
