import { describe, expect, it } from 'vitest';
import { parseDisplayFormat } from '../../../src/export/xpt/display-format.ts';

describe('parseDisplayFormat', () => {
  it.each([
    ['8.2', { name: '', width: 8, decimals: 2 }],
    ['8.', { name: '', width: 8, decimals: 0 }],
    ['DATE9.', { name: 'DATE', width: 9, decimals: 0 }],
    ['date9.', { name: 'DATE', width: 9, decimals: 0 }],
    ['E8601DA.', { name: 'E8601DA', width: 0, decimals: 0 }],
    ['BEST12.', { name: 'BEST', width: 12, decimals: 0 }],
    ['COMMA10.3', { name: 'COMMA', width: 10, decimals: 3 }],
    ['$20.', { name: '$', width: 20, decimals: 0 }],
    ['$CHAR200.', { name: '$CHAR', width: 200, decimals: 0 }],
    ['YYMMDD10', { name: 'YYMMDD', width: 10, decimals: 0 }],
    ['$ABCDEFG1.', { name: '$ABCDEFG', width: 1, decimals: 0 }],
  ])('reads %s [EXPORT-009]', (text, expected) => {
    expect(parseDisplayFormat(text)).toEqual(expected);
  });

  it.each(['', '.', 'ABCDEFGHI.', '$ABCDEFGH.', '8,2', 'DATE 9.', '8.2.1', 'é8.', '1234.'])(
    'refuses %j [EXPORT-009]',
    (text) => {
      expect(parseDisplayFormat(text)).toBeUndefined();
    },
  );
});
