import { own } from '../../lib/own.ts';
import type { ColumnOrigin, ModelSource } from '../../project/project.ts';
import { describe } from '../../store/describe.ts';
import { asIncrement } from '../sql/increment.ts';
import { statementText } from '../sql/lexer.ts';
import { hashOfBoth, parseSelect, type Syntax } from '../sql/syntax.ts';
import { VALIDITY } from '../table/made.ts';
import { keptBy, withKept } from './kept-by.ts';
import { copyOf, derivedFrom, either, type Lineage, unknown } from './lineage.ts';
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
    const full = await parse(reader, source);
    const increment = source.incremental && (await parse(reader, asIncrement(source)));
    const hash = increment === undefined ? full.hash : hashOfBoth(full.hash, increment.hash);
    if (hash !== sqlHash) return every(names, 'it was built from another SELECT');
    if (source.properties.materialized === 'snapshot') return await ofSnapshot(reader, full, source, names);
    const lineage = await readLineage(reader, full.tree, names);
    const all = increment === undefined ? lineage : ofBoth(lineage, await readLineage(reader, increment.tree, names));
    return { ...all, rows: withKept(all.rows, keptBy(source.properties, all.columns)) };
  } catch (error) {
    // What is nested too deep for the stack, or does not parse any more.
    return every(names, error instanceof RangeError ? 'its SELECT is nested too deep' : 'its SELECT cannot be read');
  }
}

const parse = ({ connection }: Reader, { path, sql }: ModelSource) =>
  parseSelect(connection, { path, sql: statementText(sql) });

/** A snapshot has the time of each version beside the columns of its SELECT, and what former SELECTs gave. */
async function ofSnapshot(
  reader: Reader,
  { tree }: Syntax,
  source: ModelSource,
  names: readonly string[],
): Promise<SelectLineage> {
  const given = await describe(reader.connection, statementText(source.sql));
  const { columns, rows } = await readLineage(
    reader,
    tree,
    given.map(({ name }) => name),
  );
  const byName = new Map(columns.map(({ name, lineage }) => [name.toLowerCase(), lineage]));
  const ofAll = derivedFrom(...byName.values());
  const lineageOf = (name: string) => {
    const isValidity = VALIDITY.includes(name.toLowerCase());
    return byName.get(name.toLowerCase()) ?? (isValidity ? ofAll : unknown('it is of a former SELECT'));
  };
  return {
    columns: names.map((name) => ({ name, lineage: lineageOf(name) })),
    rows: withKept(rows, keptBy(source.properties, columns)),
  };
}

/** Of rows that were made by one SELECT or the other. */
function ofBoth(full: SelectLineage, increment: SelectLineage): SelectLineage {
  return {
    columns: full.columns.map((column, index) => {
      return { ...column, lineage: either(column.lineage, increment.columns[index].lineage) };
    }),
    rows: derivedFrom(full.rows, increment.rows),
  };
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
    const origin = own(origins, name);
    return { name, lineage: origin === undefined ? unknown('no item has the column') : lineageOf(origin) };
  });
  return { columns, rows: lineageOf(origins.item_group_oid) };
}
