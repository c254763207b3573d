import { describe, expect, it } from 'vitest';
import { checks, reaches, thresholdsOf } from '../../src/project/checks.ts';

const isReached = (written: string | number, findings: number, checked: number) =>
  reaches(thresholdsOf(checks.parse({ type: { warn: written } }), 'type').warn, findings, checked);

describe('a limit of findings', () => {
  it.each([
    [3, 3, 10, true],
    [3, 2, 2, false],
    ['5%', 5, 100, true],
    ['5%', 5, 101, false],
    // As numbers of a machine 0.07 * 10000 is 700.0000000000001, and 0.29 * 100 is 28.999999999999996.
    ['0.07%', 7, 10_000, true],
    ['0.07%', 6, 10_000, false],
    ['0.29%', 29, 10_000, true],
    ['0.3%', 29, 10_000, false],
    ['5%', 0, 0, false],
    ['5%', 1, 0, true],
  ])('of %s is reached by %i of %i: %s', (written, findings, checked, expected) => {
    expect(isReached(written, findings, checked)).toBe(expected);
  });
});
