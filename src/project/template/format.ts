import type { Budget } from './budget.ts';
import { wrongValue } from './complaint.ts';
import { fixedText } from './numbers.ts';
import { printed, quoted } from './print.ts';
import { isNumber, kindOf, type Value } from './value.ts';

const PERCENT = /%(%|(0?)(\d{0,2})(?:\.(\d{1,2}))?([sdifr]))/g;

/** Python's `'%s of %d' % (a, b)`, with %s, %r, %d, %i and %f, a width of up to 99 and a precision. */
export function percentFormat(format: string, values: readonly Value[], budget: Budget): string {
  const left = [...values];
  const unknown = format.replace(PERCENT, '').indexOf('%');
  if (unknown >= 0)
    throw wrongValue('The format has a % of a kind that is not known: %s, %d and %f are, and %% for %.');
  const text = format.replace(
    PERCENT,
    (_, all: string, zero: string, width: string, precision: string, kind: string) => {
      if (all === '%') return '%';
      if (left.length === 0) throw wrongValue('The format asks for more values than there are.');
      const shown = formatted(left.shift()!, kind, precision);
      return zero === '' || 'sr'.includes(kind) ? shown.padStart(Number(width)) : zeroFilled(shown, Number(width));
    },
  );
  if (left.length > 0) throw wrongValue('The format asks for fewer values than there are.');
  budget.text(text.length);
  return text;
}

function formatted(value: Value, kind: string, precision: string | undefined): string {
  if (kind === 's') return printed(value).slice(0, precision === undefined ? undefined : Number(precision));
  if (kind === 'r') return quoted(value);
  if (!isNumber(value)) throw wrongValue(`%${kind} needs a number, not ${kindOf(value)}.`);
  if (kind === 'f') return fixedText(Number(value), Number(precision ?? 6));
  return String(BigInt(typeof value === 'bigint' ? value : Math.trunc(value)));
}

/** Zeros between the sign of a number and its digits, up to a width. */
export function zeroFilled(number: string, width: number): string {
  const [, sign, digits] = /^([+-]?)(.*)$/s.exec(number)!;
  return sign + digits.padStart(width - sign.length, '0');
}

/** Python's `'{} and {name}'.format(a, name=b)`, without what may follow a colon. */
export function braceFormat(format: string, args: readonly Value[], named: ReadonlyMap<string, Value>, budget: Budget) {
  let next = 0;
  const text = format.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (all, field: string | undefined) => {
    if (all === '{{' || all === '}}') return all[0];
    if (field === undefined) throw wrongValue('The format has a brace without its pair.');
    const name = field === '' ? String(next++) : field;
    const value = /^\d+$/.test(name) ? args[Number(name)] : named.get(name);
    if (value === undefined) throw wrongValue(`The format has {${field}}, and no such value is given.`);
    return printed(value);
  });
  budget.text(text.length);
  return text;
}
