import type { Budget } from './budget.ts';
import { wrongValue } from './complaint.ts';
import { percentFormat } from './format.ts';
import { printed } from './print.ts';
import { capital, compare, isEqual, isNumber, itemsOf, kindOf, present, settled, Tuple, type Value } from './value.ts';

/** The operators that take both of their sides; `and` and `or` are the evaluation's. */
export function operate(operator: string, a: Value, b: Value, budget: Budget): Value {
  switch (operator) {
    case '==':
      return isEqual(a, b);
    case '!=':
      return !isEqual(a, b);
    case 'in':
      return contains(settled(b), settled(a));
    case 'not in':
      return !contains(settled(b), settled(a));
    case '~':
      return joined(printed(a), printed(b), budget);
  }
  const [left, right] = [present(a), present(b)];
  switch (operator) {
    case '<':
      return compare(left, right) < 0;
    case '>':
      return compare(left, right) > 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>=':
      return compare(left, right) >= 0;
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return joined(left, right, budget);
      if (Array.isArray(left) && Array.isArray(right)) return listOf([...left, ...right], budget);
      if (left instanceof Tuple && right instanceof Tuple)
        return new Tuple(listOf([...left.items, ...right.items], budget));
      break;
    case '*':
      if (typeof right === 'bigint' && (typeof left === 'string' || Array.isArray(left))) {
        return repeated(left, right, budget);
      }
      break;
    case '%':
      if (typeof left === 'string') return percentFormat(left, right instanceof Tuple ? right.items : [right], budget);
  }
  if (isNumber(left) && isNumber(right)) return calculated(operator, left, right, budget);
  throw wrongValue(
    `${capital(kindOf(left))} ${operator} ${kindOf(right)} is nothing.`,
    operator === '+' ? 'Join texts and other values with ~.' : undefined,
  );
}

function joined(left: string, right: string, budget: Budget): string {
  budget.text(left.length + right.length);
  return left + right;
}

function listOf(items: Value[], budget: Budget): Value[] {
  budget.list(items.length);
  return items;
}

function repeated(what: string | Value[], times: bigint, budget: Budget): Value {
  const count = times < 0n ? 0 : Number(times);
  if (typeof what === 'string') {
    budget.text(what.length * count);
    return what.repeat(count);
  }
  budget.list(what.length * count);
  return Array.from({ length: count }, () => what).flat() as Value[];
}

/** Whether a text stands in a text, or a value in a list or among the keys of a dict. */
export function contains(container: Value, value: Value): boolean {
  if (typeof container === 'string') {
    if (typeof value !== 'string') throw wrongValue(`${capital(kindOf(value))} cannot be in a text.`);
    return container.includes(value);
  }
  return itemsOf(container).some((item) => isEqual(item, value));
}

function calculated(operator: string, left: bigint | number, right: bigint | number, budget: Budget): Value {
  if (Number(right) === 0 && ['/', '//', '%'].includes(operator)) throw wrongValue('A number is divided by zero.');
  if (typeof left === 'bigint' && typeof right === 'bigint' && operator !== '/' && !(operator === '**' && right < 0n)) {
    return budget.integer(ofIntegers(operator, left, right, budget));
  }
  const result = ofFloats(operator, Number(left), Number(right));
  if (!Number.isFinite(result)) throw wrongValue(`${operator} has no finite result.`);
  return result;
}

function ofIntegers(operator: string, left: bigint, right: bigint, budget: Budget): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '//':
      return floorDivided(left, right);
    case '%':
      return left - right * floorDivided(left, right);
    case '**':
      // Of what is not 0, 1 or -1, a higher power has more bits than are allowed.
      if (right > 128n && left * left > 1n) budget.integer(2n ** 129n);
      return left ** right;
    default:
      throw wrongValue(`There is no operator ${operator}.`);
  }
}

/** Python rounds down, BigInt towards zero. */
function floorDivided(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

function ofFloats(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return left - right * Math.floor(left / right);
    case '**':
      return left ** right;
    default:
      throw wrongValue(`There is no operator ${operator}.`);
  }
}
