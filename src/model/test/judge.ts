import { type Decimal, decimalIn } from '../../lib/decimal.ts';
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
  const { comparison, isShare } = threshold;
  const [lower, upper] = [threshold.bound, threshold.to ?? threshold.bound].map((one) => decimalIn(String(one))!);
  const scale = Math.max(0, -lower.power, -upper.power);
  // Of no rows at all, any that fails is all of them.
  const [whole, part] = total === 0n ? [1n, failures > 0n ? 1n : 0n] : [total, failures];
  // 100 * part against bound * whole, in whole numbers: a quotient would be rounded, and 0.07 is no number of a machine.
  const found = (isShare ? 100n * part : failures) * 10n ** BigInt(scale);
  const of = ({ digits, power }: Decimal) => BigInt(digits) * 10n ** BigInt(power + scale) * (isShare ? whole : 1n);
  const [bound, to] = [of(lower), of(upper)];
  switch (comparison) {
    case '>':
      return found > bound;
    case '>=':
      return found >= bound;
    case '<':
      return found < bound;
    case '<=':
      return found <= bound;
    case '=':
      return found === bound;
    case '!=':
      return found !== bound;
    case 'between':
      return found >= bound && found <= to;
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
