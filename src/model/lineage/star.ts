import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, type Lineage } from './lineage.ts';
import type { Scope } from './scope.ts';
import { isRest, lineageOfPart, type Part, sameName } from './shape.ts';
import { columnsBehind, exceptions, isMeant, type Member, membersOf, type QualifiedName } from './star-members.ts';

/**
 * The columns that `*`, `t.*` or `s.*` of a struct stands for, with EXCLUDE, REPLACE and RENAME; `{}` is a plain `*`.
 *
 * @param isWithin whether they are called as in an expression over them: by their own names, whatever RENAME says, and
 *   what REPLACE puts there by the column that it is
 */
export function starParts(star: SyntaxNode, scope: Scope, isWithin = false): Part[] {
  const changes = changesOf(star, scope, isWithin);
  const done = new Set<Replacement>();
  let isBehindOpen = false;
  return membersOf(star, scope).flatMap((member): Part[] => {
    const { part } = member;
    if (isRest(part) || (part.name === undefined && changes.areStray)) {
      isBehindOpen = true;
      return [any(part, changes)];
    }
    const replacement = changes.replacements.find(({ key }) => sameName(part.name, key));
    if (replacement === undefined) return [renamed(member, changes)];
    // Of several columns of the name, the first is replaced and the others are left out.
    if (done.has(replacement)) return [];
    done.add(replacement);
    const { key, value, lineage } = replacement;
    if (isBehindOpen) return [{ rest: derivedFrom(lineage), isPatterned: true }];
    return [{ name: isWithin ? ownName(value) : key, lineage, isAlias: true }];
  });
}

interface Replacement {
  readonly key: string;
  readonly value: SyntaxNode;
  readonly lineage: Lineage;
}

/** What a star says of columns. */
interface Changes {
  readonly replacements: readonly Replacement[];
  readonly names: readonly { readonly key: QualifiedName; readonly value: string }[];
  /** Whether it names one that no column is known to be: any whose name is not known may be it. */
  readonly areStray: boolean;
}

function changesOf(star: SyntaxNode, scope: Scope, isWithin: boolean): Changes {
  const replacements = ((star.replace_list ?? []) as Replacement[]).map(({ key, value }) => {
    return { key, value, lineage: scope.walker.expression(value, scope) };
  });
  const names = (isWithin ? [] : (star.rename_list ?? [])) as Changes['names'];
  const columns = columnsBehind(star, scope);
  const isKnown = (name: string) => columns.some((part) => !isRest(part) && sameName(part.name, name));
  const said = [...names.map(({ key }) => key), ...exceptions(star)].map(({ column }) => column);
  const areStray = ![...said, ...replacements.map(({ key }) => key)].every(isKnown);
  return { replacements, names, areStray };
}

/** What may be any of the columns that are replaced or renamed. */
function any(part: Part, { replacements, names }: Changes): Part {
  const isChanged = replacements.length + names.length > 0;
  if (isRest(part) && !isChanged) return part;
  const rest = derivedFrom(lineageOfPart(part), ...replacements.map(({ lineage }) => lineage));
  return { rest, isPatterned: isChanged };
}

function renamed({ part, relation }: Member, { names }: Changes): Part {
  const name = names.find(({ key }) => isMeant(key, part, relation))?.value;
  return name === undefined ? part : { ...part, name, isAlias: true };
}

/** `a`, and of coalesce(a, b) the same; undefined where only DuckDB knows it. */
function ownName({ class: kind, type, column_names, children }: SyntaxNode): string | undefined {
  if (type === 'OPERATOR_COALESCE') return ownName((children as SyntaxNode[])[0]);
  return kind === 'COLUMN_REF' ? (column_names as string[]).at(-1) : undefined;
}
