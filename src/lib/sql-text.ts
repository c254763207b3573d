/** `"name"`, with quotes doubled: an SQL identifier, whatever its characters. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"` from `schema.name`: the schema is what stands before the first dot. */
export function qualified(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? identifier(name) : `${identifier(name.slice(0, dot))}.${identifier(name.slice(dot + 1))}`;
}

/** `'text'`, with quotes doubled: an SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
