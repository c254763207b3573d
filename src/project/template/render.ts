import { WarehouseError } from '../../lib/errors.ts';
import { nearest } from '../nearest.ts';
import type { Scalar } from '../vocabulary.ts';
import { bound, textArgument } from './arguments.ts';
import { Complaint } from './complaint.ts';
import { Evaluation, Return } from './evaluate.ts';
import { GLOBALS } from './globals.ts';
import { Output } from './output.ts';
import { type ParsedTemplate, parseTemplate, type TemplateText } from './parse.ts';
import { fromPlain, printed } from './print.ts';
import { refusals } from './refused.ts';
import { type Relations, refOf, relation, sourceOf } from './relations.ts';
import { Scope } from './scope.ts';
import { type Call, Missing, present, Thing, Tuple, type Value } from './value.ts';

/** What the templates of a project share. */
export interface TemplateContext extends Relations {
  readonly vars: Readonly<Record<string, Scalar>>;
  readonly target: string;
  /** Files of Jinja macros, which every template may use. */
  readonly macros: readonly ParsedTemplate[];
}

export interface RenderOptions {
  /** `schema.name` of the model that is rendered: `this`. */
  readonly model?: string;
  /** What is_incremental() says. */
  readonly incremental?: boolean;
  /** Values that variables have here in place of those of the project. A name counts whatever its case, as in SQL. */
  readonly vars?: TemplateContext['vars'];
  /** Macros that this template knows beside those of the project. */
  readonly macros?: readonly ParsedTemplate[];
  /** What is tested, `model`: the rows of `schema.name` for which the condition is true, or all of them. */
  readonly tested?: { readonly name: string; readonly where: string | undefined };
  /** Further names that the template knows, by values as YAML has them. */
  readonly given?: Readonly<Record<string, unknown>>;
}

export interface Rendered {
  readonly sql: string;
  /** The line of the template that each line of the SQL came from. */
  readonly lines: readonly number[];
  /** What config() was given, in order. */
  readonly config: readonly Said[];
}

/** A key that config() was given, its value as YAML would have it, and where. */
export interface Said {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

/** Renders the templates of a project. What a template becomes depends on its text and the context alone. */
export class Templates {
  readonly #context: TemplateContext;

  constructor(context: TemplateContext) {
    this.#context = context;
  }

  /**
   * @throws usage TEMPLATE_SYNTAX, TEMPLATE_UNDEFINED, TEMPLATE_VALUE, TEMPLATE_LIMIT, TEMPLATE_REFUSED, TEMPLATE_REF,
   * TEMPLATE_SOURCE, TEMPLATE_VAR, TEMPLATE_RAISED, each with file and line
   */
  render(text: TemplateText, options: RenderOptions = {}): Rendered {
    const statements = parseTemplate(text);
    const evaluation = new Evaluation(text.path);
    const config: Said[] = [];
    const output = new Output();
    placed(evaluation, () => {
      const scope = this.#scope(evaluation, options, config);
      evaluation.run(statements, scope, output);
    });
    return { sql: output.text, lines: output.lines, config };
  }

  #scope(
    evaluation: Evaluation,
    { model, tested, incremental, given, vars, macros = [] }: RenderOptions,
    config: Said[],
  ): Scope {
    const scope = new Scope(undefined, [...Object.entries(GLOBALS), ...refusals(), ...this.#functions(vars)]);
    scope.set('this', model === undefined ? new Missing('Only a model has a this.') : relationNamed(model));
    scope.set('is_incremental', (call) => {
      bound('is_incremental', call, []);
      return incremental ?? false;
    });
    scope.set('config', (call) => {
      config.push(...said(call, evaluation.here.line));
      return '';
    });
    for (const { path, statements } of [...this.#context.macros, ...macros]) {
      evaluation.define(path, statements, scope);
    }
    const own = new Scope(scope);
    for (const [name, value] of Object.entries(given ?? {})) own.set(name, fromPlain(value));
    if (tested !== undefined) own.set('model', relationNamed(tested.name, tested.where));
    return own;
  }

  #functions(other: TemplateContext['vars'] = {}): [string, Value][] {
    const { target } = this.#context;
    const vars = withValues(this.#context.vars, other);
    return [
      ['ref', refOf(this.#context)],
      ['source', sourceOf(this.#context)],
      ['var', (call) => variable(call, vars)],
      ['target', targetNamed(target)],
    ];
  }
}

/** What of dbt's target a project has: the connection and its schema are settled. */
function targetNamed(name: string): Thing {
  const absent = Object.entries(NOT_OF_TARGET).map(([member, next]) => [
    member,
    new Missing(`Target has no ${member}.`, next),
  ]);
  return new Thing('target', { name, ...Object.fromEntries(absent) });
}

const NOT_OF_TARGET: Readonly<Record<string, string>> = {
  schema: 'The schema of a model is its folder in models/: this.schema, or ref(...).schema of another.',
  database: 'There is one file: leave it out.',
  type: 'It is DuckDB always: write its SQL.',
};

/** `schema.name` as SQL names it, or those of its rows for which the condition is true. */
function relationNamed(name: string, where?: string): Thing {
  const dot = name.indexOf('.');
  return relation(name.slice(0, dot), name.slice(dot + 1), where);
}

/** The variables with other values for some of them. */
function withValues(vars: TemplateContext['vars'], other: TemplateContext['vars']): TemplateContext['vars'] {
  const values = new Map(Object.entries(other).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, values.get(name.toLowerCase()) ?? value]),
  );
}

/** `var('name')`, or `var('name', default)`. */
function variable(call: Call, vars: TemplateContext['vars']): Value {
  const [first, fallback] = bound('var', call, ['name', 'default']);
  const name = textArgument('var', first);
  if (Object.hasOwn(vars, name)) return fromPlain(vars[name]);
  if (fallback !== undefined) return fallback;
  const near = nearest(name, Object.keys(vars));
  const next =
    near === undefined ? 'Add it under vars: in warehouse.yml, or give a default.' : `Did you mean '${near}'?`;
  throw new Complaint('TEMPLATE_VAR', `There is no variable '${name}' in warehouse.yml.`, next);
}

/** `config(materialized='view')`, or with a dict of the same. */
function said({ args, named }: Call, line: number): Said[] {
  const [dict] = args;
  if (args.length > 1 || (dict !== undefined && !(dict instanceof Map))) {
    throw new Complaint(
      'TEMPLATE_CONFIG',
      'config() takes keys and values.',
      "Write {{ config(materialized='view') }}.",
    );
  }
  const entries = [...[...(dict ?? [])].map(([key, value]) => [printed(key), value] as const), ...named];
  return entries.map(([key, value]) => ({ key, value: plainOf(value), line }));
}

/** A value as YAML would have it. */
function plainOf(value: Value): unknown {
  const there = present(value);
  if (Array.isArray(there)) return there.map(plainOf);
  if (there instanceof Tuple) return there.items.map(plainOf);
  if (there instanceof Map)
    return Object.fromEntries([...there].map(([key, member]) => [printed(key), plainOf(member)]));
  if (typeof there === 'bigint') return Number.isSafeInteger(Number(there)) ? Number(there) : there;
  return typeof there === 'object' ? printed(there) : there;
}

/** Runs `work`; what goes wrong in it is told with the place at which the evaluation was. */
function placed(evaluation: Evaluation, work: () => void): void {
  try {
    work();
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    const { code, message, next } = complaint;
    const { path: file, line } = evaluation.here;
    throw new WarehouseError({ kind: 'usage', code, message, place: { file, line }, next, cause: error });
  }
}

function complaintOf(error: unknown): Complaint | undefined {
  if (error instanceof Complaint) return error;
  if (error instanceof Return) return new Complaint('TEMPLATE_VALUE', 'return() stands outside of a macro.');
  if (!(error instanceof RangeError)) return undefined;
  return new Complaint('TEMPLATE_LIMIT', 'An expression of the template is nested too deeply, or makes too much.');
}
