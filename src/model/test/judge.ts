import { compareWith } from '../../lib/decimal.ts';
import type { Severity } from '../../project/test-kinds.ts';
import type { Threshold } from '../../project/threshold.ts';

export type TestState = 'passed' | 'warned' | 'failed';

interface Thresholds {
  readonly severity: Severity;
  readonly errorIf?: Threshold;
  readonly warnIf?: Threshold;
}

/**
 * What a test comes to, as in dbt: of severity error it fails where `error_if` is met; else, and of severity warn, it
 * warns where `warn_if` is met. One that is left out is met by any row.
 * @param total the rows that a share is of
 */
export function judge({ severity, errorIf, warnIf }: Thresholds, failures: bigint, total: bigint): TestState {
  if (severity === 'error' && isMet(errorIf, failures, total)) return 'failed';
  return isMet(warnIf, failures, total) ? 'warned' : 'passed';
}

function isMet(threshold: Threshold | undefined, failures: bigint, total: bigint): boolean {
  if (threshold === undefined) return failures > 0n;
  const { comparison, bound, to = bound, isShare } = threshold;
  // Of no rows at all, any that fails is all of them.
  const [whole, part] = total === 0n ? [1n, failures > 0n ? 1n : 0n] : [total, failures];
  const against = (one: number) => (isShare ? compareWith(100n * part, whole, one) : compareWith(failures, 1n, one));
  const compared = against(bound);
  switch (comparison) {
    case '>':
      return compared > 0;
    case '>=':
      return compared >= 0;
    case '<':
      return compared < 0;
    case '<=':
      return compared <= 0;
    case '=':
      return compared === 0;
    case '!=':
      return compared !== 0;
    case 'between':
      return compared >= 0 && against(to) <= 0;
  }
}

/** Whether how many rows there are has a part in it. */
export function needsTotal({ errorIf, warnIf }: Thresholds): boolean {
  return (errorIf?.isShare ?? false) || (warnIf?.isShare ?? false);
}

/** `An error if >= 5% of the rows fail, a warning if any does.`; undefined where nothing is said. */
export function thresholdsInWords({ severity, errorIf, warnIf }: Thresholds): string | undefined {
  if (errorIf === undefined && warnIf === undefined) return undefined;
  const said = (threshold: Threshold | undefined) => threshold?.said ?? '> 0';
  const warning = `a warning if ${said(warnIf)}`;
  if (severity === 'warn') return `Of the rows that fail: ${warning}.`;
  return `Of the rows that fail: an error if ${said(errorIf)}, else ${warning}.`;
}
