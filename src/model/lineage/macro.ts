import type { MacroBody } from '../reading/macro-catalog.ts';
import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, type Lineage, NONE, unknown } from './lineage.ts';
import { methodOf } from './resolve.ts';
import { anyQuery, type Query, type Scope, type Variable, within } from './scope.ts';
import { sameName } from './shape.ts';

/** What the value of a scalar macro comes from; undefined where the call is of none. Of overloads, any may be meant. */
export function callOfMacro(call: SyntaxNode, scope: Scope): Lineage | undefined {
  const bodies = bodiesOf(call, scope, false);
  if (bodies.length === 0) return undefined;
  return derivedFrom(
    ...bodies.map((body) => {
      const inner = bodyScope(call, body, scope);
      if (body.tree === undefined || inner === undefined) return unknown(`the macro ${nameOf(call)} cannot be read`);
      return scope.walker.expression((body.tree.select_list as SyntaxNode[])[0], inner);
    }),
  );
}

/** What a call of a table macro gives; undefined where the call is of none. */
export function callOfTableMacro(call: SyntaxNode, scope: Scope): Query | undefined {
  const bodies = bodiesOf(call, scope, true);
  if (bodies.length === 0) return undefined;
  const [body] = bodies;
  const inner = bodyScope(call, body, scope);
  if (bodies.length === 1 && body.tree !== undefined && inner !== undefined)
    return scope.walker.query(body.tree, inner);
  return anyQuery(unknown(`which of the macros ${nameOf(call)} is called is not known`));
}

const nameOf = (call: SyntaxNode) => String(call.function_name).toLowerCase();

/** The overloads that may be meant: those of as many parameters, or else those that more may be left out of. */
function bodiesOf(call: SyntaxNode, scope: Scope, isTable: boolean): MacroBody[] {
  const given = (call.children as unknown[]).length + before(call, scope);
  const bodies = scope.walker.facts.macros(nameOf(call)).filter((body) => body.isTable === isTable);
  const exact = bodies.filter(({ parameters }) => parameters.length === given);
  const longer = bodies.filter(({ parameters }) => parameters.length >= given);
  return [exact, longer, bodies].find((some) => some.length > 0) ?? [];
}

/** Of `a.f(1)`, the first argument is not among the children; it counts anyway. */
const before = (call: SyntaxNode, scope: Scope) => (methodOf(call, scope) === undefined ? 0 : 1);

/** A macro is put in the place of its call, where WITH clauses hide the tables that it was written for. */
function bodyScope(call: SyntaxNode, body: MacroBody, scope: Scope): Scope | undefined {
  const name = nameOf(call);
  if (scope.macros.includes(name)) return undefined;
  const variables = new Map(
    body.parameters.map((parameter) => [parameter.toLowerCase(), argument(call, body, parameter, scope)]),
  );
  return { ...within(scope), isClause: scope.isClause, variables, macros: [...scope.macros, name] };
}

function argument(call: SyntaxNode, { parameters }: MacroBody, parameter: string, scope: Scope): Variable {
  const children = call.children as SyntaxNode[];
  const isNamed = (child: SyntaxNode) => parameters.some((one) => sameName(one, String(child.alias)));
  const named = children.find((child) => sameName(parameter, String(child.alias)));
  const positional = children.filter((child) => !isNamed(child));
  const node = named ?? positional[parameters.indexOf(parameter) - before(call, scope)];
  // A default value has no columns.
  if (node === undefined) return () => NONE;
  let own: Lineage | undefined;
  return (at) => {
    own ??= scope.walker.expression(node, scope);
    return scope.isClause ? derivedFrom(own, captured(node, scope, at)) : own;
  };
}

/** Outside of a select list DuckDB puts the argument in as it is written: in a subquery its names may be others. */
function captured(node: SyntaxNode, scope: Scope, at: Scope): Lineage {
  return scope.walker.expression(node, { ...at, variables: scope.variables });
}
