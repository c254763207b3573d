import { z } from 'zod';
import { compareWith } from '../lib/decimal.ts';

/** The rules that come with the definitions of the study (sql/checks/). */
export const DEFINITION_RULES = ['type', 'length', 'significant_digits', 'codelist', 'range', 'mandatory'] as const;

/** What holds for every rule that says nothing of its own. */
export const DEFAULT_RULE = 'default';

/** So many findings, or so many in a hundred of what was looked at. */
export interface Limit {
  readonly count?: number;
  readonly percent?: number;
}

const LIMIT = 'must be a number of findings, 1 or more, or a share of what is checked, such as 5%';

const limit = z
  .union([z.int(LIMIT).min(1, LIMIT), z.string().regex(/^[0-9]+(\.[0-9]+)?\s*%$/, LIMIT)], LIMIT)
  .transform((written, context): Limit => {
    if (typeof written === 'number') return { count: written };
    const percent = Number.parseFloat(written);
    if (percent > 0 && percent <= 100) return { percent };
    context.addIssue({ code: 'custom', message: 'must be more than 0% and at most 100%' });
    return z.NEVER;
  });

/** `checks:` of warehouse.yml: by rule, how many findings are told and how many stop the build. */
export const checks = z.record(z.string(), z.strictObject({ warn: limit.optional(), stop: limit.optional() }));

type CheckSettings = z.infer<typeof checks>;

export interface Thresholds {
  readonly warn: Limit;
  readonly stop?: Limit;
}

/** What warehouse.yml says of a rule: its own words, else those of `default`; else to tell the first finding. */
export function thresholdsOf(checks: CheckSettings, rule: string): Thresholds {
  const [own, general] = [rule, DEFAULT_RULE].map((name) => (Object.hasOwn(checks, name) ? checks[name] : {}));
  return { warn: own.warn ?? general.warn ?? { count: 1 }, stop: own.stop ?? general.stop };
}

/** Whether findings are as many as a limit. @param checked what was looked at */
export function reaches({ count, percent }: Limit, findings: number, checked: number): boolean {
  if (count !== undefined) return findings >= count;
  return findings > 0 && compareWith(100n * BigInt(findings), BigInt(checked), percent!) >= 0;
}

/** `5`, `2.5 %` */
export function limitText({ count, percent }: Limit): string {
  return count === undefined ? `${percent} %` : `${count}`;
}
