import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom } from './lineage.ts';
import type { Relation, Tables } from './relation.ts';
import { resolve } from './resolve.ts';
import type { Scope } from './scope.ts';
import { type Column, isOpen, isRest, lineageOfPart, type Part, sameName } from './shape.ts';
import { listOfNames, namesChosenBy } from './star-names.ts';

/** The columns that `*`, `t.*` or `s.*` of a struct stands for, with EXCLUDE, REPLACE and RENAME; `{}` is a plain `*`. */
export function starParts(star: SyntaxNode, scope: Scope): Part[] {
  const name = star.relation_name as string | undefined;
  if (!name) return changed(star, allParts(scope.tables, exceptions(star)), scope);
  const relation = relationCalled(name, scope);
  if (relation !== undefined) return changed(star, partsOf(relation, exceptions(star)), scope);
  return [{ rest: derivedFrom(resolve([name], scope)) }];
}

/** The columns that COLUMNS(...) stands for: of those of its star, the ones that its expression chooses. */
export function chosen(star: SyntaxNode, scope: Scope): Part[] {
  const expression = star.expr as SyntaxNode | null | undefined;
  if (!expression) return starParts(star, scope);
  const all = starParts({ ...starOf(expression), columns: true }, scope);
  return filtered(all, expression, scope);
}

/** The columns whose names an expression over the list of all names gives, in their own order. */
export function filtered(all: readonly Part[], expression: SyntaxNode, scope: Scope): Part[] {
  const any = derivedFrom(...all.map(lineageOfPart));
  if (isOpen(all)) return [{ rest: any }];
  const names = (all as Column[]).map((column) => column.name);
  if (names.includes(undefined)) return [{ rest: any }];
  const question = namesChosenBy(expression, names as string[]);
  const wanted = listOfNames(question) ?? scope.walker.facts.ask({ kind: 'names', expression: question });
  if (wanted === undefined) return [{ rest: any }];
  return all.filter((part) => wanted.some((name) => sameName((part as Column).name, name)));
}

/** The star over whose names the expression of a COLUMNS() is; all columns where it holds none. */
function starOf(expression: SyntaxNode): SyntaxNode {
  const [first] = (expression.children ?? []) as SyntaxNode[];
  return first?.class === 'STAR' ? first : {};
}

function relationCalled(name: string, { tables, outer }: Scope): Relation | undefined {
  const own = tables.relations.find(({ alias }) => sameName(alias, name));
  return own ?? (outer && relationCalled(name, outer));
}

/** Names that EXCLUDE leaves out, each perhaps of one table. */
type Exceptions = readonly { readonly table: string; readonly column: string }[];

function exceptions({ exclude_list = [], qualified_exclude_list = [] }: SyntaxNode): Exceptions {
  const plain = (exclude_list as string[]).map((column) => ({ table: '', column }));
  return [...plain, ...(qualified_exclude_list as Exceptions)];
}

const isException = (relation: Relation, part: Part, except: Exceptions) =>
  except.some(
    ({ table, column }) => !isRest(part) && sameName(part.name, column) && (!table || sameName(relation.alias, table)),
  );

function partsOf(relation: Relation, except: Exceptions): Part[] {
  return relation.parts.filter((part) => !isException(relation, part, except));
}

/** The columns of all tables; what USING has made one stands where the first of it does that is not left out. */
function allParts({ relations, merged }: Pick<Tables, 'relations' | 'merged'>, except: Exceptions): Part[] {
  const seen = new Set<unknown>();
  return relations.flatMap((relation) =>
    partsOf(relation, except).flatMap((part): Part[] => {
      const one = isRest(part) ? undefined : [...merged.values()].find(({ members }) => members.has(part));
      if (one === undefined) return [part];
      if (seen.has(one)) return [];
      seen.add(one);
      return [{ name: (part as Column).name, lineage: one.lineage, isAlias: one.isAlias === true }];
    }),
  );
}

function changed(star: SyntaxNode, parts: readonly Part[], scope: Scope): Part[] {
  const replaced = (star.replace_list ?? []) as { key: string; value: SyntaxNode }[];
  const names = (star.rename_list ?? []) as { key: { column: string }; value: string }[];
  return parts.map((part): Part => {
    if (isRest(part)) {
      const all = replaced.map(({ value }) => scope.walker.expression(value, scope));
      return all.length === 0 ? part : { rest: derivedFrom(part.rest, ...all) };
    }
    const replacement = replaced.find(({ key }) => sameName(part.name, key));
    const given = names.find(({ key }) => sameName(part.name, key.column))?.value ?? replacement?.key;
    const lineage = replacement === undefined ? part.lineage : scope.walker.expression(replacement.value, scope);
    return { name: given ?? part.name, lineage, isAlias: given !== undefined || part.isAlias === true };
  });
}
