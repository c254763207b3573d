import { describe, expect, it } from 'vitest';
import { isClosed, statementsOf, statementText, tokensOf, withoutLayout } from '../../../src/model/sql/lexer.ts';

const texts = (sql: string) => tokensOf(sql).map(({ text }) => text);

describe('tokensOf', () => {
  it('leaves out comments, which may nest', () => {
    expect(texts('select 1 /* a /* b */ c */ -- d\n, 2')).toEqual(['select', '1', ',', '2']);
  });

  it('keeps together what stands in quotes', () => {
    expect(texts(`'a''b;' "c;""d" e'f\\';' $$g;$$ $t$h $$ ; $t$ $1`)).toEqual([
      `'a''b;'`,
      `"c;""d"`,
      `e'f\\';'`,
      '$$g;$$',
      '$t$h $$ ; $t$',
      '$',
      '1',
    ]);
  });

  it('ends with text that is not closed', () => {
    expect(texts("'a").join('')).toBe("'a");
    expect(texts('/* a').join('')).toBe('/*a');
  });
});

describe('statementsOf', () => {
  it('cuts at semicolons outside of quotes and comments', () => {
    expect(statementsOf("select ';'; -- ;\n;select 2;").map(withoutLayout)).toEqual(["select ';'", 'select 2']);
  });

  it('gives the text of the first without its semicolon, with its place kept', () => {
    expect(statementText('-- about\nselect 1 ; -- end')).toBe('-- about\nselect 1');
  });
});

it.each([
  ['a > 1 AND (b = \')\' OR "(" = 2) -- )', true],
  ['a > 5) AND (a > 100', false],
  ['(a', false],
  ['a; b', false],
  ['a /* b', false],
  ["a = 'b", false],
  ['a /* ) */ + 1', true],
])('knows whether an expression stays between the parentheses around it: %s', (sql, closed) => {
  expect(isClosed(sql)).toBe(closed);
});
