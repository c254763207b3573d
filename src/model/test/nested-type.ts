import { identifier } from '../../lib/sql-text.ts';

/** A type as DuckDB writes it, with the types that it is made of. */
export type NestedType =
  | { readonly kind: 'plain'; readonly type: string }
  | { readonly kind: 'list'; readonly element: NestedType; readonly size: string }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: NestedType }[] }
  | { readonly kind: 'map'; readonly key: NestedType; readonly value: NestedType };

/** Reads `STRUCT(a INTEGER, "b c" DECIMAL(3,1)[])`; a UNION is plain. */
export function nestedType(type: string): NestedType {
  const [, element, size] = /^(.*)\[(\d*)\]$/s.exec(type) ?? [];
  if (element !== undefined) return { kind: 'list', element: nestedType(element), size };
  const [, kind, inside] = /^(STRUCT|MAP)\((.*)\)$/s.exec(type) ?? [];
  if (kind === undefined) return { kind: 'plain', type };
  const parts = partsOf(inside);
  if (kind === 'MAP') return { kind: 'map', key: nestedType(parts[0]), value: nestedType(parts[1]) };
  return { kind: 'struct', fields: parts.map(fieldOf) };
}

/** The same type with texts in place of all that is not nested: what a cast to it leaves as it is written. */
export function textsOf(type: NestedType): string {
  if (type.kind === 'plain') return 'VARCHAR';
  if (type.kind === 'list') return `${textsOf(type.element)}[${type.size}]`;
  if (type.kind === 'map') return `MAP(${textsOf(type.key)}, ${textsOf(type.value)})`;
  return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${textsOf(field.type)}`).join(', ')})`;
}

/** @param text `"b c" DECIMAL(3,1)[]` */
function fieldOf(text: string): { name: string; type: NestedType } {
  const [, name, type] = /^("(?:[^"]|"")*"|\S+) (.*)$/s.exec(text)!;
  return { name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name, type: nestedType(type) };
}

/** Splits at the commas that stand in no quotes and no parentheses. */
function partsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|, |./gs)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === ', ' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}
