import type { ColumnOrigin, ModelSource } from '../../project/project.ts';
import { statementText } from '../sql/lexer.ts';
import { parseSelect } from '../sql/syntax.ts';
import { copyOf, derivedFrom, type Lineage, unknown } from './lineage.ts';
import type { Reader } from './reader.ts';
import { readLineage, type SelectLineage } from './select-lineage.ts';

/** A model as it stands in the file. */
export interface BuiltModel {
  readonly source: ModelSource;
  /** Of the SELECT that it was built from: `Syntax.hash`. */
  readonly sqlHash: string;
}

/**
 * Where the columns of a model come from. A generated model of an item group says so itself: it picks items out of
 * lists. What was built from another SELECT than the one that there is now is unknown.
 */
export async function modelLineage(reader: Reader, { source, sqlHash }: BuiltModel): Promise<SelectLineage> {
  const dot = source.name.indexOf('.');
  const table = reader.schema.table([source.name.slice(0, dot), source.name.slice(dot + 1)]);
  const names = (table?.columns ?? []).map(({ column }) => column);
  if (source.origins !== undefined) return ofOrigins(reader, names, source.origins);
  try {
    const { tree, hash } = await parseSelect(reader.connection, { path: source.path, sql: statementText(source.sql) });
    return hash === sqlHash ? await readLineage(reader, tree, names) : every(names, 'it was built from another SELECT');
  } catch (error) {
    // What is nested too deep for the stack, or does not parse any more.
    return every(names, error instanceof RangeError ? 'its SELECT is nested too deep' : 'its SELECT cannot be read');
  }
}

function every(names: readonly string[], reason: string): SelectLineage {
  const lineage = unknown(reason);
  return { columns: names.map((name) => ({ name, lineage })), rows: lineage };
}

/** Which records there are is a matter of their item group. */
function ofOrigins(
  { schema }: Reader,
  names: readonly string[],
  origins: Readonly<Record<string, ColumnOrigin>>,
): SelectLineage {
  const lineageOf = ({ table, column, isCopy }: ColumnOrigin): Lineage => {
    const copy = copyOf(schema.elsewhere(table, column));
    return isCopy ? copy : derivedFrom(copy);
  };
  const columns = names.map((name) => {
    const origin = origins[name];
    return { name, lineage: origin === undefined ? unknown('no item has the column') : lineageOf(origin) };
  });
  return { columns, rows: lineageOf(origins.item_group_oid) };
}
