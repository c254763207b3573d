import { describe, expect, it } from 'vitest';
import { bytes, count, counted, duration } from '../../src/report/figures.ts';

describe('figures', () => {
  it.each([
    [0, '0.0 s'],
    [449, '0.4 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [7_380_000, '2 h 03 min'],
  ])('writes %i ms as %s [REPORT-002]', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [1_500, '1.5 kB'],
    [999_999, '1.0 MB'],
    [300_000_000, '300 MB'],
    [2_000_000_000, '2.0 GB'],
  ])('writes %i bytes as %s [REPORT-002]', (size, text) => {
    expect(bytes(size)).toBe(text);
  });

  it('groups thousands, of numbers and of bigints', () => {
    expect([count(999), count(1000), count(12345678n)]).toEqual(['999', '1,000', '12,345,678']);
    expect([counted(1, 'row'), counted(2n, 'row')]).toEqual(['1 row', '2 rows']);
  });
});
