import { expect, it } from 'vitest';
import { judge, thresholdsInWords } from '../../../src/model/test/judge.ts';
import { readThreshold } from '../../../src/project/threshold.ts';

const said = (severity: 'error' | 'warn', errorIf?: string, warnIf?: string) => ({
  severity,
  ...(errorIf !== undefined && { errorIf: readThreshold(errorIf) }),
  ...(warnIf !== undefined && { warnIf: readThreshold(warnIf) }),
});

/** The table of docs.getdbt.com/reference/resource-configs/severity: error_if first, warn_if then; of warn only the latter. */
it.each([
  [said('error'), 0n, 'passed'],
  [said('error'), 1n, 'failed'],
  [said('warn'), 1n, 'warned'],
  [said('error', '>1000', '>10'), 1001n, 'failed'],
  [said('error', '>1000', '>10'), 1000n, 'warned'],
  [said('error', '>1000', '>10'), 10n, 'passed'],
  [said('warn', '>1000', '>10'), 1001n, 'warned'],
  [said('warn', '>1000', '>10'), 10n, 'passed'],
  [said('error', '>10'), 5n, 'warned'],
  [said('error', undefined, '>10'), 1n, 'failed'],
  [said('error', 'between 2 and 3'), 2n, 'failed'],
  [said('error', 'between 2 and 3'), 4n, 'warned'],
  [said('warn', undefined, '=0'), 0n, 'warned'],
])('of %j, %i rows are %s [MODEL-123]', (thresholds, failures, state) => {
  expect(judge(thresholds, failures, 100n)).toBe(state);
});

it.each([
  ['5%', 5n, 100n, 'failed'],
  ['5%', 4n, 100n, 'warned'],
  ['>5%', 5n, 100n, 'warned'],
  ['0.1%', 1n, 1000n, 'failed'],
  ['0.1%', 1n, 1001n, 'warned'],
  ['0.07%', 7n, 10_000n, 'failed'],
  ['0.07%', 6n, 10_000n, 'warned'],
  ['=0.57%', 57n, 10_000n, 'failed'],
  ['between 0.29% and 0.57%', 57n, 10_000n, 'failed'],
  ['>0.07%', 7n, 10_000n, 'warned'],
  ['0.0000007%', 7n, 1_000_000_000n, 'failed'],
  ['0.0000007%', 6n, 1_000_000_000n, 'warned'],
  ['50%', 1n, 0n, 'failed'],
  ['50%', 0n, 0n, 'passed'],
])('a share of %s: %i of %i rows are %s [MODEL-123]', (errorIf, failures, total, state) => {
  expect(judge(said('error', errorIf), failures, total)).toBe(state);
});

it('says its thresholds in words [MODEL-123]', () => {
  expect(thresholdsInWords(said('error'))).toBeUndefined();
  expect(thresholdsInWords(said('error', '5%'))).toBe(
    'Of the rows that fail: an error if >= 5%, else a warning if > 0.',
  );
  expect(thresholdsInWords(said('warn', undefined, '>10'))).toBe('Of the rows that fail: a warning if > 10.');
});
