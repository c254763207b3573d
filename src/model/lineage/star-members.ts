import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom } from './lineage.ts';
import { findColumn, type Relation, settled, type Tables } from './relation.ts';
import type { Scope } from './scope.ts';
import { isRest, type Part, sameName } from './shape.ts';

/** A column of a star, and the table that it stands for. */
export interface Member {
  readonly part: Part;
  /** undefined for fields of a struct. */
  readonly relation: Relation | undefined;
}

/** The columns of a star, less those that it leaves out, by their own names. */
export function membersOf(star: SyntaxNode, { tables }: Scope): Member[] {
  const except = exceptions(star);
  const name = star.relation_name as string | undefined;
  if (!name) return ofAll(tables, except);
  const relation = relationCalled(name, tables);
  if (relation !== undefined) return ofRelation(relation, except);
  // No table around these, and no parameter of a macro, is meant by it.
  const struct = settled(findColumn(tables, name), `there is no table and no column ${name}`);
  return [{ part: { rest: derivedFrom(struct) }, relation: undefined }];
}

/** The columns that a star stands for, those too that it leaves out. */
export function columnsBehind({ relation_name: name }: SyntaxNode, { tables }: Scope): readonly Part[] {
  if (!name) return tables.relations.flatMap(({ parts }) => parts);
  return relationCalled(name as string, tables)?.parts ?? [];
}

const relationCalled = (name: string, { relations }: Scope['tables']) =>
  relations.find(({ alias }) => sameName(alias, name));

/** A name in EXCLUDE or RENAME, each part before that of the column perhaps left out. */
export interface QualifiedName {
  readonly catalog?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column: string;
}

export function exceptions({ exclude_list = [], qualified_exclude_list = [] }: SyntaxNode): readonly QualifiedName[] {
  return [
    ...(exclude_list as string[]).map((column) => ({ column })),
    ...(qualified_exclude_list as readonly QualifiedName[]),
  ];
}

/** A part of the name that either side does not have fits: under an alias, a table has no schema. */
export function isMeant(
  { catalog, schema, table, column }: QualifiedName,
  part: Part,
  relation: Relation | undefined,
): boolean {
  if (isRest(part) || !sameName(part.name, column)) return false;
  if (relation === undefined) return true;
  const [ofDatabase, ofSchema] = relation.path;
  const fits = (said: string | undefined, is: string | undefined) => !said || is === undefined || sameName(is, said);
  return (!table || sameName(relation.alias, table)) && fits(schema, ofSchema) && fits(catalog, ofDatabase);
}

function ofRelation(relation: Relation, except: readonly QualifiedName[]): Member[] {
  const isLeftOut = (part: Part) => except.some((name) => isMeant(name, part, relation));
  return relation.parts.filter((part) => !isLeftOut(part)).map((part) => ({ part, relation }));
}

/** The columns of all tables; what USING has made one stands where the first of it does that is not left out. */
function ofAll(
  { relations, merged }: Pick<Tables, 'relations' | 'merged'>,
  except: readonly QualifiedName[],
): Member[] {
  const seen = new Set<unknown>();
  return relations.flatMap((relation) =>
    ofRelation(relation, except).flatMap(({ part }): Member[] => {
      const one = isRest(part) ? undefined : [...merged.values()].find(({ members }) => members.has(part));
      if (one === undefined || isRest(part)) return [{ part, relation }];
      if (seen.has(one)) return [];
      seen.add(one);
      return [{ part: { name: part.name, lineage: one.lineage, isAlias: one.isAlias === true }, relation }];
    }),
  );
}
