import { z } from 'zod';

/** A condition on the number of rows that fail: `error_if` and `warn_if`, in dbt's words. */
export interface Threshold {
  /** In one form, however it was written: `>= 5%`. */
  readonly said: string;
  readonly comparison: '>' | '>=' | '<' | '<=' | '=' | '!=' | 'between';
  readonly bound: number;
  /** The upper bound of `between`. */
  readonly to?: number;
  /** Whether the bounds are percent of the rows of the model. */
  readonly isShare: boolean;
}

const COMPARED = /^(>=|<=|<>|!=|==|=|>|<)? *(\d+(?:\.\d+)?) *(%?)$/;
const BETWEEN = /^between +(\d+(?:\.\d+)?) *(%?) +and +(\d+(?:\.\d+)?) *(%?)$/i;

/** Other words for a comparison; a number without one is what it takes at least. */
const SAME: Readonly<Record<string, Threshold['comparison']>> = { '': '>=', '==': '=', '<>': '!=' };

/** `10`, `"5%"`, `">10"`, `"!=0"`, `"between 1 and 5"`; undefined for anything else. */
export function readThreshold(written: string | number): Threshold | undefined {
  const text = String(written).trim();
  const between = BETWEEN.exec(text);
  if (between !== null) return betweenOf(between);
  const compared = COMPARED.exec(text);
  if (compared === null) return undefined;
  const [, sign = '', bound, percent] = compared;
  const comparison = SAME[sign] ?? (sign as Threshold['comparison']);
  return withWords({ comparison, bound: Number(bound), isShare: percent !== '' });
}

function betweenOf([, bound, percent, to, other]: RegExpExecArray): Threshold | undefined {
  if (percent !== other || Number(to) < Number(bound)) return undefined;
  return withWords({ comparison: 'between', bound: Number(bound), to: Number(to), isShare: percent !== '' });
}

function withWords({ comparison, bound, to, isShare }: Omit<Threshold, 'said'>): Threshold {
  const unit = isShare ? '%' : '';
  const said = `${comparison} ${bound}${unit}${to === undefined ? '' : ` and ${to}${unit}`}`;
  return { said, comparison, bound, isShare, ...(to !== undefined && { to }) };
}

/** Whether no number of rows could make a difference: `0`, which any number is at least. */
const isAlways = ({ comparison, bound }: Threshold) => comparison === '>=' && bound === 0;

const NEXT =
  'Write a number of rows (10: as many or more), a share of the rows of the model ("5%"), or a comparison (">10", "!=0", "between 1 and 5").';

export const threshold = z
  .union([z.string(), z.number()], 'must be a number of rows, a share or a comparison')
  .transform((written, context): Threshold => {
    const read = readThreshold(written);
    if (read !== undefined && !isAlways(read)) return read;
    const message = read === undefined ? 'is no condition on a number of rows' : 'holds whatever the test finds';
    context.addIssue({ code: 'custom', message, params: { next: NEXT } });
    return z.NEVER;
  });
