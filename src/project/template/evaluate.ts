import { bound } from './arguments.ts';
import { Budget } from './budget.ts';
import { wrongValue } from './complaint.ts';
import { Expressions } from './expressions.ts';
import { loopOf } from './loop.ts';
import { mentions } from './mentions.ts';
import { Output } from './output.ts';
import { printed } from './print.ts';
import { Scope } from './scope.ts';
import { type Identifier, type Of, type Parameter, parameterNames, type Statement, type Target } from './syntax.ts';
import { type Call, type Callable, isTrue, itemsOf, Missing, Namespace, settled, Tuple, type Value } from './value.ts';

/** What ends a turn of a loop, the loop, or a macro. */
class Continue extends Error {}
class Break extends Error {}
export class Return extends Error {
  readonly value: Value;

  constructor(value: Value) {
    super();
    this.value = value;
  }
}

/** Where the evaluation is. */
interface Here {
  readonly path: string;
  line: number;
}

/** Runs the statements of templates by Jinja's rules, within one budget. */
export class Evaluation {
  readonly #budget = new Budget();
  readonly #expressions = new Expressions(this.#budget);
  #here: Here;

  constructor(path: string) {
    this.#here = { path, line: 1 };
  }

  /** The file and the line that are being evaluated, and after an error that which it came from. */
  get here(): Readonly<Here> {
    return this.#here;
  }

  /** Defines the macros of another file. */
  define(path: string, statements: readonly Statement[], scope: Scope): void {
    const back = this.#here;
    this.#here = { path, line: 1 };
    this.run(statements, scope, new Output());
    this.#here = back;
  }

  run(statements: readonly Statement[], scope: Scope, output: Output): void {
    for (const statement of statements) this.#statement(statement, scope, output);
  }

  #statement(node: Statement, scope: Scope, output: Output): void {
    this.#budget.step();
    switch (node.type) {
      case 'Comment':
        this.#here.line = Number(node.value);
        break;
      case 'StringLiteral':
        this.#write(node.value, output, true);
        break;
      case 'If':
        this.run(isTrue(this.#value(node.test, scope)) ? node.body : node.alternate, scope, output);
        break;
      case 'For':
        this.#for(node, scope, output);
        break;
      case 'Break':
        throw new Break();
      case 'Continue':
        throw new Continue();
      case 'Set':
        this.#set(node, scope);
        break;
      case 'Macro':
        scope.set(node.name.value, this.#macro(node.name.value, node.args, node.body, scope));
        break;
      case 'CallStatement': {
        const caller = this.#macro('caller', node.callerArgs ?? [], node.body, scope);
        this.#write(printed(this.#expressions.called(node.call, scope, caller)), output);
        break;
      }
      case 'FilterStatement': {
        const text = this.#captured(node.body, new Scope(scope));
        this.#write(printed(this.#expressions.filtered(text, node.filter, scope)), output);
        break;
      }
      default:
        this.#write(printed(this.#value(node, scope)), output);
    }
  }

  #value(node: Parameters<Expressions['value']>[0], scope: Scope): Value {
    return this.#expressions.value(node, scope);
  }

  #write(text: string, output: Output, advances = false): void {
    this.#budget.text(text.length);
    output.write(text, this.#here.line, advances);
  }

  /** What the statements print, as a text. */
  #captured(statements: readonly Statement[], scope: Scope): string {
    const output = new Output();
    this.run(statements, scope, output);
    this.#budget.text(output.text.length);
    return output.text;
  }

  #for({ loopvar, iterable, body, defaultBlock }: Of<'For'>, scope: Scope, output: Output): void {
    const [list, test] = iterable.type === 'SelectExpression' ? [iterable.lhs, iterable.test] : [iterable, undefined];
    const turn = (item: Value) => assign(loopvar, item, new Scope(scope));
    const all = itemsOf(this.#value(list, scope));
    const items = test === undefined ? [...all] : all.filter((item) => isTrue(this.#value(test, turn(item))));
    if (items.length === 0) this.run(defaultBlock, scope, output);
    for (const [index, item] of items.entries()) {
      const inner = turn(item);
      inner.set('loop', loopOf(items, index));
      try {
        this.run(body, inner, output);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      }
    }
  }

  #set({ assignee, value, body }: Of<'Set'>, scope: Scope): void {
    const set = value === null ? this.#captured(body, new Scope(scope)) : this.#value(value, scope);
    if (assignee.type === 'Identifier' || assignee.type === 'TupleLiteral') {
      assign(assignee, set, scope);
      return;
    }
    const member = assignee.type === 'MemberExpression' ? assignee : undefined;
    const of = member === undefined ? null : this.#value(member.object, scope);
    if (!(of instanceof Namespace) || member?.property.type !== 'Identifier') {
      throw wrongValue(
        'Only names, and members of a namespace, can be set.',
        'Write {% set ns = namespace(x=1) %} and {% set ns.x = 2 %}.',
      );
    }
    of.members.set(member.property.value, settled(set));
  }

  /** A macro as a function. It sees what stands where it is defined, not where it is called. */
  #macro(name: string, parameters: readonly Parameter[], body: readonly Statement[], scope: Scope): Callable {
    const { path, line } = this.#here;
    const names = parameterNames(parameters);
    return (call) => {
      const given = givenTo(name, names, body, call);
      return this.#budget.nested(() => {
        const back = this.#here;
        this.#here = { path, line };
        const inner = new Scope(scope);
        for (const [index, parameter] of parameters.entries()) {
          const absent = () => new Missing(`${name} is called without ${names[index]}.`);
          const fallback = () => (parameter.type === 'Identifier' ? absent() : this.#value(parameter.value, inner));
          inner.set(names[index], given[index] ?? fallback());
        }
        setOthers(inner, names, call);
        const result = this.#returned(body, inner);
        // Not after an error: it is told where it happened.
        this.#here = back;
        return result;
      });
    };
  }

  #returned(body: readonly Statement[], scope: Scope): Value {
    try {
      return this.#captured(body, scope);
    } catch (error) {
      if (error instanceof Return) return error.value;
      throw error;
    }
  }
}

/** What else a macro was given. */
function setOthers(scope: Scope, names: readonly string[], { args, named }: Call): void {
  const others = [...named].filter(([key]) => !names.includes(key));
  const caller = named.get('caller');
  if (caller !== undefined) scope.set('caller', caller);
  scope.set('varargs', new Tuple(args.slice(names.length)));
  scope.set('kwargs', new Map<Value, Value>(others.filter(([key]) => key !== 'caller')));
}

/**
 * The arguments of a macro by its parameters. It takes others, as in Jinja, only where it asks for them by varargs, kwargs
 * or caller.
 */
function givenTo(
  name: string,
  names: readonly string[],
  body: readonly Statement[],
  { args, named }: Call,
): (Value | undefined)[] {
  if (args.length > names.length && !mentions(body, 'varargs')) {
    throw wrongValue(`The macro ${name} takes not more than ${names.length} arguments.`);
  }
  const isOther = (key: string) => !names.includes(key) && mentions(body, key === 'caller' ? 'caller' : 'kwargs');
  const own = new Map([...named].filter(([key]) => !isOther(key)));
  return bound(`The macro ${name}`, { args: args.slice(0, names.length), named: own }, names);
}

/** `x`, or `x, y` of a pair. */
function assign(target: Target, value: Value, scope: Scope): Scope {
  if (target.type === 'Identifier') {
    scope.set(target.value, value);
    return scope;
  }
  const items = itemsOf(value);
  if (items.length !== target.value.length) {
    throw wrongValue(`${target.value.length} names are to take ${items.length} values.`);
  }
  for (const [index, name] of target.value.entries()) assign(name as Identifier, items[index], scope);
  return scope;
}
