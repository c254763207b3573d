import { type Cell, wayTo } from '../../model/classification/cell.ts';
import type { ClassifiedColumn, ClassifiedModel } from '../../model/classification/propagate.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { readRecord } from '../../model/plan/record.ts';
import { readStale } from '../../model/plan/stale.ts';
import { readCatalog } from '../../model/table/catalog.ts';
import { type Classification, isAbove } from '../../project/classification.ts';
import type { Connection } from '../../store/connection.ts';
import { literal, qualified } from '../../store/connection.ts';
import { defineFile } from '../../store/define-once.ts';
import { insertRows } from '../../store/insert-rows.ts';
import type { Classes } from './classify.ts';
import { failingRows } from './failing-rows.ts';

const TABLE = 'recon.column_classification';

// A type, and no interface: as one it could not be inserted.
type Row = {
  readonly model: string;
  readonly column_name: string | null;
  readonly declared: string | null;
  readonly inherited: Classification;
  readonly effective: Classification;
  readonly comes_from: string | null;
  readonly reason: string | null;
};

/**
 * Writes how the columns of the models that are in place are classified, and the tables of failing rows:
 * `recon.column_classification`, and of the latter their comment too. Where that is there already, nothing is written.
 */
export async function recordClassification(
  connection: Connection,
  classes: Classes,
  preparation: Preparation,
): Promise<void> {
  await defineFile(connection, 'recon/classification.sql');
  const before = await connection.rows<Row>(`FROM ${TABLE} ORDER BY rowid`);
  const isClassified = classes.models.size > 0 || classes.all.classification !== 'none';
  if (!isClassified && before.length === 0) return;
  const comments = await failureComments(connection);
  const failures = failingRows(classes, preparation, [...comments.keys()]);
  const there = await builtColumns(connection);
  const models = [...classes.models.values()].flatMap((model) => rowsOfModel(model, there.get(model.name)));
  const left = await leftFromBefore(connection, preparation);
  const former = before.filter(({ model }) => there.has(model) && left(model));
  const rows = [
    ...highestOf([...models, ...former]),
    ...[...failures].flatMap(([name, cell]) => rowsOf(name, { column: null, inherited: cell, ...cell })),
  ];
  if (JSON.stringify(rows) !== JSON.stringify(before)) {
    await connection.transaction(async () => {
      await connection.run(`DELETE FROM ${TABLE}`);
      await insertRows(connection, TABLE, rows);
    });
  }
  for (const [name, cell] of failures) await commentOn(connection, name, cell, comments.get(name) ?? '');
}

/** Whether the table of a model holds, after a run too, what a former SELECT made: it is what it was. */
async function leftFromBefore(connection: Connection, preparation: Preparation): Promise<(model: string) => boolean> {
  const stale = await readStale(connection, preparation, await readRecord(connection, await readCatalog(connection)));
  const names = new Set(stale.map(({ name }) => name));
  return (model) => names.has(model) || !preparation.input.analyses.has(model);
}

/** Of each column the highest that is said of it, by model, in the order in which columns are first said. */
function highestOf(rows: readonly Row[]): Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify([row.model, row.column_name?.toLowerCase()]);
    const other = found.get(key) ?? row;
    const inherited = isAbove(row.inherited, other.inherited) ? row.inherited : other.inherited;
    found.set(key, { ...(isAbove(row.effective, other.effective) ? row : other), inherited });
  }
  return [...found.values()].sort((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0));
}

/** A column that only DuckDB could name stands for all that the table has beside those that are named. */
function rowsOfModel({ name, columns, rows }: ClassifiedModel, there: readonly string[] | undefined): Row[] {
  if (there === undefined) return [];
  const named = new Map(columns.map((column) => [column.column?.toLowerCase(), column]));
  const rest = named.get('*');
  const found = there.map((column): ClassifiedColumn | undefined => {
    const one = named.get(column.toLowerCase()) ?? rest;
    return one && { ...one, column };
  });
  return [rows, ...found].flatMap((column) => (column === undefined ? [] : rowsOf(name, column)));
}

function rowsOf(model: string, column: ClassifiedColumn): Row[] {
  const { classification, declared, because, inherited } = column;
  const isSaid = declared !== undefined || because !== undefined;
  if (classification === 'none' && inherited.classification === 'none' && !isSaid) return [];
  const way = wayTo(column).join(' ← ');
  return [
    {
      model,
      column_name: column.column,
      declared: declared ?? null,
      inherited: inherited.classification,
      effective: classification,
      comes_from: way === '' ? null : way,
      reason: because ?? null,
    },
  ];
}

/** The columns of the tables and views that models made, in order. */
async function builtColumns(connection: Connection): Promise<Map<string, string[]>> {
  const rows = await connection.rows<{ model: string; column: string }>(`
    SELECT schema_name || '.' || table_name AS model, column_name AS "column" FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name || '.' || table_name IN (SELECT model FROM run.current_model)
    ORDER BY model, column_index`);
  const columns = new Map<string, string[]>();
  for (const { model, column } of rows) {
    const list = columns.get(model) ?? [];
    columns.set(model, list);
    list.push(column);
  }
  return columns;
}

/** By the tables of failing rows that there are, with their schema. */
async function failureComments(connection: Connection): Promise<Map<string, string>> {
  const rows = await connection.rows<{ name: string; comment: string | null }>(`
    SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = 'failures' ORDER BY name`);
  return new Map(rows.map(({ name, comment }) => [name, comment ?? '']));
}

const SAID = / Classification: \w+\.$/;

async function commentOn(connection: Connection, name: string, cell: Cell, before: string): Promise<void> {
  const said = cell.classification === 'none' ? '' : ` Classification: ${cell.classification}.`;
  const comment = `${before.replace(SAID, '')}${said}`;
  if (comment === before) return;
  await connection.run(`COMMENT ON TABLE ${qualified(name)} IS ${literal(comment)}`);
}
