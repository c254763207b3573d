import { WarehouseError } from '../../lib/errors.ts';
import { nearest } from '../../project/nearest.ts';

/** How a selector finds models; without one it is a name or, where it looks like one, a path. */
const METHODS = ['fqn', 'path', 'file', 'tag', 'config', 'source', 'state', 'result'] as const;
export type MethodName = (typeof METHODS)[number];

/** One selector: what is looked for, and how far around it. */
export interface Selector {
  /** As it was written: `2+config.materialized:view`. */
  readonly text: string;
  readonly method: MethodName;
  /** What stands behind the dot of the method: `materialized`. */
  readonly argument: string | undefined;
  /** `view`; empty where nothing is named. */
  readonly value: string;
  /** Steps from what is found to what it reads: 0 none, Infinity all. */
  readonly parents: number;
  /** Steps to what reads it. */
  readonly children: number;
  /** `@`: all that reads it, and all that these read. */
  readonly isWhole: boolean;
}

/** What is selected: a union of intersections, without another such union. */
export interface Selection {
  /** Empty: all. */
  readonly include: readonly (readonly Selector[])[];
  readonly exclude: readonly (readonly Selector[])[];
}

/**
 * Reads `--select` and `--exclude` as dbt writes them: a space, or another text, is a union; a comma an intersection.
 * @throws usage SELECT_METHOD (there is no such method), SELECT_SYNTAX.
 */
export function parseSelection(select: readonly string[] = [], exclude: readonly string[] = []): Selection {
  return { include: select.flatMap(intersections), exclude: exclude.flatMap(intersections) };
}

/** Whether any part of it uses the method. */
export function usesMethod({ include, exclude }: Selection, method: MethodName): boolean {
  return [...include, ...exclude].some((parts) => parts.some((part) => part.method === method));
}

function intersections(text: string): Selector[][] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  // A text of nothing is refused by who knows which models there are.
  return (words.length > 0 ? words : [text]).map((word) => word.split(',').map((part) => parseSelector(part, word)));
}

const SELECTOR = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/s;

/** @param word what it stands in: told where it is empty itself */
function parseSelector(part: string, word: string): Selector {
  const text = part === '' ? word : part;
  const [, at, parents, written, value, children] = SELECTOR.exec(part)!;
  if (at !== undefined && (parents !== undefined || children !== undefined)) {
    throw syntaxError(`${text} has both @ and +.`, '@ takes in more than both plus signs do: leave them out.');
  }
  const [method, argument] = written === undefined ? [defaultMethod(value), undefined] : methodOf(written);
  if ((method === 'config') !== (argument !== undefined)) {
    throw syntaxError(
      `${text} ${argument === undefined ? 'names no property' : `has a dot, which only config takes`}.`,
      'Write for example config.materialized:view, tag:nightly or state:modified.',
    );
  }
  const isWhole = at !== undefined;
  return { text, method, argument, value: value.trim(), parents: steps(parents), children: steps(children), isWhole };
}

/** dbt's rule, and that of a shell which completes the name of a file. */
const defaultMethod = (value: string): MethodName => (/[\\/]|\.(sql|ya?ml)$/i.test(value) ? 'path' : 'fqn');

/** `config.materialized` is the method config with an argument. */
function methodOf(written: string): [MethodName, string | undefined] {
  const dot = written.indexOf('.');
  const [name, argument] = dot < 0 ? [written, undefined] : [written.slice(0, dot), written.slice(dot + 1)];
  const method = METHODS.find((one) => one === name);
  if (method !== undefined) return [method, argument];
  const near = nearest(name, METHODS);
  throw new WarehouseError({
    kind: 'usage',
    code: 'SELECT_METHOD',
    message: `Models cannot be selected by ${name}.`,
    next: near === undefined ? `They can by ${METHODS.join(', ')}.` : `Did you mean ${near}:?`,
  });
}

/** A plus without a number is all the way. */
function steps(written: string | undefined): number {
  if (written === undefined) return 0;
  return written === '' ? Number.POSITIVE_INFINITY : Number(written);
}

function syntaxError(message: string, next: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code: 'SELECT_SYNTAX', message, next });
}
