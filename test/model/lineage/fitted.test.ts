import { describe, expect, it } from 'vitest';
import { copyOf } from '../../../src/model/lineage/lineage.ts';
import { deduplicated, fitted, type Part, renamed } from '../../../src/model/lineage/shape.ts';
import { said } from './said.ts';

const of = (column: string) => copyOf({ table: 'main.t', column });
const column = (name: string | undefined, from: string): Part => ({ name, lineage: of(from) });
const rest = (from: string, isSome = false): Part => ({ rest: of(from), isSome });
const held = (parts: readonly Part[], names: readonly string[]) =>
  fitted(parts, names).map(({ name, lineage }) => `${name}: ${said(lineage)}`);

describe('what was found, held against the columns that DuckDB says there are', () => {
  it('is taken where number and names agree, whatever their case, with the names of DuckDB [LINEAGE-003]', () => {
    const parts = [column('a', 'x'), column(undefined, 'y')];
    expect(held(parts, ['A', 'count_star()'])).toEqual(['A: = t.x', 'count_star(): = t.y']);
  });

  it('is unknown for a column of another name, and for no other [LINEAGE-003]', () => {
    expect(held([column('a', 'x'), column('b', 'y')], ['a', 'c'])).toEqual(['a: = t.x', 'c: ?']);
  });

  it('is unknown for all where the number is another [LINEAGE-003]', () => {
    expect(held([column('a', 'x'), column('b', 'y')], ['a'])).toEqual(['a: ?']);
    expect(held([column('a', 'x')], ['a', 'b'])).toEqual(['a: ?', 'b: ?']);
  });

  it('fills a place of unknown number between those that are known [LINEAGE-003]', () => {
    const parts = [column('a', 'x'), rest('s'), column('z', 'y')];
    expect(held(parts, ['a', 'f', 'g', 'z'])).toEqual(['a: = t.x', 'f: = t.s', 'g: = t.s', 'z: = t.y']);
    expect(held(parts, ['a'])).toEqual(['a: ?']);
  });

  it('takes any of several such places for what stands between the first and the last [LINEAGE-003]', () => {
    const parts = [rest('s'), column('b', 'x'), rest('u')];
    expect(held(parts, ['f', 'b', 'g'])).toEqual(['f: = t.s t.u t.x', 'b: = t.s t.u t.x', 'g: = t.s t.u t.x']);
  });

  it('takes places of at least one column for one each where there are no more columns [LINEAGE-003]', () => {
    expect(held([rest('s', true), rest('u', true)], ['f', 'g'])).toEqual(['f: = t.s', 'g: = t.u']);
  });
});

describe('names', () => {
  const names = (parts: readonly Part[]) => parts.map((part) => ('rest' in part ? '*' : part.name));

  // As DuckDB 1.5 gives them for SELECT * FROM (SELECT 1 AS a, 2 AS a, 3 AS A, 4 AS a_1).
  it('are made different as DuckDB does [LINEAGE-003]', () => {
    const parts = ['a', 'a', 'A', 'a_1'].map((name) => column(name, 'x'));
    expect(names(deduplicated(parts))).toEqual(['a', 'a_1', 'A_2', 'a_1_1']);
  });

  it('are given to the first columns by a table alias [LINEAGE-003]', () => {
    expect(names(renamed([column('a', 'x'), column('b', 'y')], ['q']))).toEqual(['q', 'b']);
    expect(names(renamed([column('a', 'x'), rest('s')], ['q', 'r']))).toEqual(['q', 'r', '*']);
  });
});
