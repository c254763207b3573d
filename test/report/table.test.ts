import { describe, expect, it } from 'vitest';
import { recordTable, table } from '../../src/report/table.ts';
import { displayWidth } from '../../src/report/text.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

describe('table', () => {
  it('sets numbers right and text left [REPORT-002]', () => {
    const rows = [
      ['sdtm.ae', 1191, 'MILD'],
      ['sdtm.dm', 306n, null],
    ];
    expect(table(['model', 'rows', 'worst'], rows, { width: 80, missing: 'NULL' })).toBe(
      lines(
        'model    rows  worst', //
        '-------  ----  -----',
        'sdtm.ae  1191  MILD',
        'sdtm.dm   306  NULL',
      ),
    );
  });

  it('aligns wide characters [REPORT-002]', () => {
    expect(
      table(
        ['a', 'b'],
        [
          ['日本', 'x'],
          ['abc', 'y'],
        ],
        { width: 80 },
      ),
    ).toBe(lines('a     b', '----  -', '日本  x', 'abc   y'));
  });

  it('cuts the widest column first where there is no room [REPORT-002]', () => {
    const text = table(['id', 'text'], [['0012', 'x'.repeat(100)]], { width: 20 });
    expect(text).toBe(lines('id    text', `----  ${'-'.repeat(14)}`, `0012  ${'x'.repeat(13)}…`));
  });

  it('leaves out columns that find no room and says how many [REPORT-002]', () => {
    const columns = Array.from({ length: 10 }, (_, i) => `column${i}`);
    const text = table(columns, [columns], { width: 30 });
    const printed = text.trimEnd().split('\n');
    expect(printed[0]).toBe('colum…  colum…  colum…  colum…');
    expect(printed.at(-1)).toBe('(and 6 more columns)');
    expect(Math.max(...printed.map(displayWidth))).toBeLessThanOrEqual(30);
  });

  it('keeps control characters of the data from the terminal [REPORT-001]', () => {
    expect(table(['a\u001b'], [['b\nc']], { width: 80 })).toBe(lines('a\\u{1b}', '-------', 'b\\nc'));
  });

  it('shows a head where there are no rows', () => {
    expect(table(['a', 'bb'], [], { width: 80 })).toBe(lines('a  bb', '-  --'));
  });
});

it('shows records under the keys that any of them has [REPORT-002]', () => {
  expect(recordTable([{ site: '01', subjects: 3 }, { site: '02' }], { width: 80 })).toBe(
    lines('site  subjects', '----  --------', '01           3', '02'),
  );
});
