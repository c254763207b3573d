import { expect, it } from 'vitest';
import { csv } from '../../src/report/csv.ts';

it('writes RFC 4180: quotes where they are needed, nothing for a missing value [REPORT-009]', () => {
  const rows = [
    ['plain', 1.5, true],
    ['with, comma', 9007199254740993n, null],
    ['say "aha"', -0.25, undefined],
    ['two\nlines', 0, ''],
    ['carriage\rreturn', 1, '日本'],
  ];
  expect(csv(['text', 'a "number"', 'c'], rows)).toBe(
    'text,"a ""number""",c\n' +
      'plain,1.5,true\n' +
      '"with, comma",9007199254740993,\n' +
      '"say ""aha""",-0.25,\n' +
      '"two\nlines",0,""\n' +
      '"carriage\rreturn",1,日本\n',
  );
});

it('has its header where there are no rows [REPORT-009]', () => {
  expect(csv(['A', 'B'], [])).toBe('A,B\n');
});
