import type { BaseColumn, Lineage } from '../model/lineage/lineage.ts';
import { modelLineage } from '../model/lineage/model-lineage.ts';
import { openReader, type Reader } from '../model/lineage/reader.ts';
import type { MacroCatalog } from '../model/reading/macro-catalog.ts';
import { statementText } from '../model/sql/lexer.ts';
import { eachParsed } from '../model/sql/syntax.ts';
import type { ModelSource } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { defineFile } from '../store/define-once.ts';
import { type InsertRow, insertRows } from '../store/insert-rows.ts';

/** A model whose lineage is not known yet as it stands now. */
interface Pending {
  readonly model: string;
  readonly fingerprint: string;
  readonly sql_hash: string;
  readonly reads: string;
}

/**
 * Writes where the columns of models come from: `recon.column_lineage`. Of a model that is as it was, what is there
 * stands; what is there of one that is no more goes.
 * @param macros those of the file
 */
export async function recordColumnLineage(
  connection: Connection,
  sources: readonly ModelSource[],
  macros: MacroCatalog,
): Promise<void> {
  await defineFile(connection, 'recon/lineage.sql');
  const pending = await pendingModels(connection);
  const gone = await connection.rows('FROM recon._lineage ANTI JOIN run.current_model USING (model)');
  if (pending.length === 0 && gone.length === 0) return;
  const byName = new Map(sources.map((source) => [source.name, source]));
  const reader = await openReader(connection, macros);
  const rows: InsertRow[] = [];
  const known = pending.flatMap((one) => {
    const source = byName.get(one.model);
    return source === undefined ? [] : [{ ...one, source }];
  });
  await eachParsed(connection, known, selectOfModel, async ({ source, ...one }) => {
    rows.push(...(await lineageRows(reader, source, one)));
  });
  await connection.transaction(async () => {
    for (const table of ['recon.column_lineage', 'recon._lineage']) await connection.run(forget(table));
    await insertRows(connection, 'recon.column_lineage', rows);
    const done = pending.map(({ model, fingerprint }) => ({ model, fingerprint }));
    await insertRows(connection, 'recon._lineage', done);
  });
}

const selectOfModel = ({ source }: { readonly source: ModelSource }) => statementText(source.sql);

function pendingModels(connection: Connection): Promise<Pending[]> {
  return connection.rows<Pending>(
    `SELECT model, fingerprint, sql_hash, reads::VARCHAR AS reads
     FROM run.current_model ANTI JOIN recon._lineage USING (model, fingerprint) ORDER BY model`,
  );
}

/** What is there of models that are no more, or not as they were. */
const forget = (table: string) => `
  DELETE FROM ${table} WHERE model NOT IN (
    SELECT model FROM run.current_model SEMI JOIN recon._lineage USING (model, fingerprint))`;

/** The rows of recon.column_lineage of one model. */
export async function lineageRows(
  reader: Reader,
  source: ModelSource,
  { sql_hash, reads }: Pick<Pending, 'sql_hash' | 'reads'>,
): Promise<InsertRow[]> {
  const { columns, rows } = await modelLineage(reader, { source, sqlHash: sql_hash });
  const row = (columnName: string | null) => (values: InsertRow) => ({
    model: source.name,
    column_name: columnName,
    ...values,
  });
  const tables = source.origins === undefined ? tablesRead(reader, Object.keys(JSON.parse(reads) as object)) : [];
  return [
    ...columns.flatMap(({ name, lineage }) => valueRows(lineage).map(row(name))),
    ...tables.map((table) => ({ from_table: table, kind: 'rows' })).map(row(null)),
    ...fromRows(rows, () => 'rows').map(row(null)),
  ];
}

function valueRows(lineage: Lineage): InsertRow[] {
  const { isCopy, ordering } = lineage;
  const kindOf = (column: BaseColumn) => (isCopy ? 'copy' : ordering?.has(column) ? 'order' : 'derived');
  const rows = fromRows(lineage, kindOf);
  return rows.length > 0 ? rows : [{ kind: 'constant' }];
}

function fromRows({ from, unknown }: Lineage, kindOf: (column: BaseColumn) => string): InsertRow[] {
  const rows = [...from].map((column) => ({
    from_table: column.table,
    from_column: column.column,
    kind: kindOf(column),
  }));
  const sorted = rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return unknown === undefined ? sorted : [...sorted, { kind: 'unknown', reason: unknown }];
}

const key = ({ from_table, from_column }: InsertRow) => JSON.stringify([from_table, from_column]);

/** Tables by their name as the file has it, and files; variables are neither. */
function tablesRead({ schema }: Reader, reads: readonly string[]): string[] {
  const tables = reads.filter((name) => !name.startsWith('getvariable('));
  return tables.map((name) => {
    const dot = name.indexOf('.');
    return schema.table([name.slice(0, dot), name.slice(dot + 1)])?.columns[0].table ?? name;
  });
}
