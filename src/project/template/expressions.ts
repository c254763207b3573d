import { nearest } from '../nearest.ts';
import { keyArgument } from './arguments.ts';
import { ASKS, askedWith } from './asks.ts';
import type { Budget } from './budget.ts';
import { Complaint, wrongValue } from './complaint.ts';
import { filtered } from './filters.ts';
import { attributeOf, memberOf, sliceOf } from './members.ts';
import { operate } from './operators.ts';
import { printed } from './print.ts';
import type { Scope } from './scope.ts';
import type { CallExpression, Expression, Identifier, Of } from './syntax.ts';
import {
  type Call,
  type Callable,
  capital,
  isNumber,
  isTrue,
  itemsOf,
  kindOf,
  Missing,
  NOTHING,
  present,
  settled,
  Tuple,
  type Value,
} from './value.ts';

/** Works out expressions by Python's rules. What is not there may be asked for, and not used. */
export class Expressions {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  value(node: Expression, scope: Scope): Value {
    this.#budget.step();
    switch (node.type) {
      case 'IntegerLiteral':
        if (!Number.isSafeInteger(node.value)) throw wrongValue('The number has more digits than are read exactly.');
        return BigInt(node.value);
      case 'FloatLiteral':
      case 'StringLiteral':
        return node.value;
      case 'ArrayLiteral':
        return node.value.map((item) => settled(this.value(item, scope)));
      case 'TupleLiteral':
        return new Tuple(node.value.map((item) => settled(this.value(item, scope))));
      case 'ObjectLiteral':
        return new Map(
          [...node.value].map(([key, value]) => [this.#key(key, scope), settled(this.value(value, scope))]),
        );
      case 'Identifier':
        return named(node.value, scope);
      case 'CallExpression':
        return this.called(node, scope);
      case 'MemberExpression':
        return this.#member(node, scope);
      case 'BinaryExpression':
        return this.#binary(node, scope);
      case 'UnaryExpression':
        return unary(node.operator.value, this.value(node.argument, scope));
      case 'FilterExpression':
        return this.filtered(this.value(node.operand, scope), node.filter, scope);
      case 'TestExpression':
        return asked(node, this.value(node.operand, scope));
      case 'SelectExpression':
        return isTrue(this.value(node.test, scope)) ? this.value(node.lhs, scope) : NOTHING;
      case 'Ternary':
        return this.value(isTrue(this.value(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope);
      default:
        throw wrongValue('This cannot stand here.');
    }
  }

  /** @param caller what a call block hands to the macro */
  called({ callee, args }: CallExpression, scope: Scope, caller?: Callable): Value {
    const called = present(this.value(callee, scope));
    if (typeof called !== 'function') throw wrongValue(`${capital(kindOf(called))} cannot be called.`);
    return called(this.#arguments(args, scope, caller));
  }

  filtered(value: Value, filter: Identifier | CallExpression, scope: Scope): Value {
    if (filter.type === 'Identifier') return filtered(filter.value, value, this.#arguments([], scope));
    return filtered((filter.callee as Identifier).value, value, this.#arguments(filter.args, scope));
  }

  #arguments(args: readonly Expression[], scope: Scope, caller?: Callable): Call {
    const positional: Value[] = [];
    const named = new Map<string, Value>(caller && [['caller', caller]]);
    for (const argument of args) {
      if (argument.type === 'KeywordArgumentExpression') {
        once(named, argument.key.value);
        named.set(argument.key.value, this.value(argument.value, scope));
      } else if (argument.type === 'SpreadExpression') {
        positional.push(...itemsOf(this.value(argument.argument, scope)));
      } else if (argument.type === 'KeywordSpreadExpression') {
        const dict = present(this.value(argument.argument, scope));
        if (!(dict instanceof Map)) throw wrongValue(`** needs a dict, not ${kindOf(dict)}.`);
        for (const [key, value] of dict) {
          once(named, printed(key));
          named.set(printed(key), value);
        }
      } else {
        positional.push(this.value(argument, scope));
      }
    }
    return { args: positional, named, budget: this.#budget };
  }

  #key(node: Expression, scope: Scope): Value {
    return keyArgument(this.value(node, scope));
  }

  #member({ object, property, computed }: Of<'MemberExpression'>, scope: Scope): Value {
    const of = this.value(object, scope);
    if (property.type === 'SliceExpression') {
      const { start, stop, step } = property;
      return sliceOf(of, this.#bound(start, scope), this.#bound(stop, scope), this.#bound(step, scope) ?? 1);
    }
    const isName = !computed && property.type === 'Identifier';
    return isName ? attributeOf(of, property.value) : memberOf(of, present(this.value(property, scope)));
  }

  #bound(node: Expression | undefined, scope: Scope): number | undefined {
    const value = node === undefined ? null : this.value(node, scope);
    if (value === null) return undefined;
    if (typeof value !== 'bigint') throw wrongValue(`A slice needs whole numbers, not ${kindOf(value)}.`);
    return Number(value);
  }

  #binary({ operator: { value: operator }, left, right }: Of<'BinaryExpression'>, scope: Scope): Value {
    const a = this.value(left, scope);
    if (operator === 'and') return isTrue(a) ? this.value(right, scope) : a;
    if (operator === 'or') return isTrue(a) ? a : this.value(right, scope);
    if (COMPARISONS.has(operator) && left.type === 'BinaryExpression' && COMPARISONS.has(left.operator.value)) {
      throw wrongValue('Two comparisons in a row cannot be read.', 'Join them with and.');
    }
    return operate(operator, a, this.value(right, scope), this.#budget);
  }
}

function once(named: ReadonlyMap<string, Value>, name: string): void {
  if (named.has(name)) throw wrongValue(`The argument ${name} is given twice.`);
}

/** Python reads `1 < x < 3` as two comparisons, the parser as one of its outcome. */
const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=', 'in', 'not in']);

function named(name: string, scope: Scope): Value {
  const found = scope.get(name);
  if (found !== undefined) return found;
  const near = nearest(name, scope.names());
  const next =
    near === undefined ? `Set it, or say what stands for it: ${name} | default('').` : `Did you mean ${near}?`;
  return new Missing(`${name} is not defined.`, next);
}

function unary(operator: string, value: Value): Value {
  if (operator === 'not') return !isTrue(value);
  const number = present(value);
  if (!isNumber(number)) throw wrongValue(`${operator} needs a number, not ${kindOf(number)}.`);
  return operator === '-' ? -number : number;
}

function asked({ negate, test: { value: name } }: Of<'TestExpression'>, value: Value): boolean {
  const ask = ASKS.get(name);
  if (ask === undefined) {
    const near = nearest(name, ASKS.keys());
    throw new Complaint('TEMPLATE_UNDEFINED', `There is no test ${name}.`, near && `Did you mean ${near}?`);
  }
  return askedWith(name, ask, [])(name === 'defined' || name === 'undefined' ? value : settled(value)) !== negate;
}
