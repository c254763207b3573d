import { decimalIn } from '../../lib/decimal.ts';
import type { NestedType } from './nested-type.ts';

/** A value of texts, as the binding gives those of `VARCHAR[]`, of structs and of maps. */
export type Texts =
  | null
  | string
  | { readonly items: readonly Texts[] }
  | { readonly entries: Readonly<Record<string, Texts>> }
  | { readonly entries: readonly { readonly key: Texts; readonly value: Texts }[] };

/**
 * Whether a value that was cast from a text is the one that the text says: a cast rounds 1.5 to 2, and takes the time
 * off a date and the day off a time.
 *
 * @param written the text as it was read, element by element
 * @param made the value cast back to text, element by element
 */
export function isSameValue(type: NestedType, written: Texts, made: Texts): boolean {
  if (written === null || made === null) return written === made;
  if (type.kind === 'plain') return isSameText(type.type, written as string, made as string);
  const [these, those] = [partsOf(type, written), partsOf(type, made)];
  return these.every((one, i) => isSameValue(one.type, one.value, those[i].value));
}

function partsOf(type: Exclude<NestedType, { kind: 'plain' }>, value: Texts): { type: NestedType; value: Texts }[] {
  if (type.kind === 'list') {
    return (value as { items: readonly Texts[] }).items.map((item) => ({ type: type.element, value: item }));
  }
  if (type.kind === 'struct') {
    const { entries } = value as { entries: Readonly<Record<string, Texts>> };
    return type.fields.map((field) => ({ type: field.type, value: entries[field.name] }));
  }
  const { entries } = value as { entries: readonly { key: Texts; value: Texts }[] };
  return entries.flatMap((one) => [
    { type: type.key, value: one.key },
    { type: type.value, value: one.value },
  ]);
}

/** DuckDB has another way of writing some values, which are the same all the same; one of another type, such as a UNION, only where it is a number. */
function isSameText(type: string, written: string, made: string): boolean {
  if (written === made) return true;
  const [, isSame = isSameNumber] = RULES.find(([types]) => types.test(type)) ?? [];
  return isSame(written, made);
}

const RULES: readonly [RegExp, (written: string, made: string) => boolean][] = [
  // Their cast loses nothing.
  [/^(VARCHAR|JSON|BLOB|BIT|UUID|ENUM\(.*\))$/s, () => true],
  [/^BOOLEAN$/, (written, made) => written.toLowerCase() === made],
  [/^DOUBLE$/, (written, made) => isRounded(written, Number(made))],
  [/^FLOAT$/, (written, made) => isRounded(written, Math.fround(Number(made)))],
  [/^TIMESTAMP WITH TIME ZONE$/, (written, made) => clock(written).fraction === clock(made).fraction],
  [/^(DATE|TIME)/, (written, made) => isSameClock(clock(written), clock(made))],
  [/^INTERVAL$/, (written) => !exactFractions(written).includes('.')],
];

function isSameNumber(written: string, made: string): boolean {
  const [one, other] = [decimalIn(written), decimalIn(made)];
  if (one === undefined || other === undefined) return false;
  return one.sign === other.sign && one.digits === other.digits && one.power === other.power;
}

/** More digits than JavaScript writes of a number. */
const MOST_DIGITS = 100;

/** Whether a text is a number to as many digits as it has: 0.1 is, and 9007199254740993 is that of no double. */
function isRounded(written: string, made: number): boolean {
  if (!Number.isFinite(made)) return /^[+-]?(inf|infinity|nan)$/i.test(written);
  const digits = decimalIn(written)?.digits.length ?? MOST_DIGITS + 1;
  return digits <= MOST_DIGITS && isSameNumber(written, made.toPrecision(digits));
}

/** A date or time of day, each part with its zeros, and its fraction of a second. */
function clock(text: string): { rest: string; fraction: string } {
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
  const rest = text
    .replace(/\.\d+/, '')
    .replaceAll('/', '-')
    .replace(/(?<=\d)T(?=\d)/, ' ')
    .replace(/ ?(Z|UTC|[+-]00(:?00)?)$/, '')
    .replace(/(?<=:\d\d[+-]\d\d):?00$/, '')
    .replace(/(?<!\d)\d(?!\d)/g, '0$&')
    .replace(/^([^:]*\d\d:\d\d)(?!:)(?=$|[+-])/, '$1:00');
  return { rest, fraction: fraction.replace(/0+$/, '') };
}

function isSameClock(written: ReturnType<typeof clock>, made: ReturnType<typeof clock>): boolean {
  const isDay = made.rest === `${written.rest} 00:00:00`;
  return written.fraction === made.fraction && (made.rest === written.rest || isDay);
}

/** An interval without the fractions that DuckDB holds exactly: it cuts those of months and years, and at 1 µs. */
function exactFractions(text: string): string {
  return text
    .replace(/\.0+(?!\d)/g, '')
    .replace(/(:\d\d)\.\d{1,6}0*(?!\d)/g, '$1')
    .replace(/\.\d{1,3}0*(?=\s*(ms|msecs?|milliseconds?)\b)/gi, '')
    .replace(/\.\d{1,6}0*(?=\s*(w|weeks?|d|days?|h|hours?|hrs?|m|mins?|minutes?|s|secs?|seconds?)\b)/gi, '');
}
