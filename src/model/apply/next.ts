import type { ModelSource } from '../../project/project.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { changeBetween, type Parts } from '../plan/fingerprint.ts';
import type { RecordedModel } from '../plan/plan.ts';
import { sqlError, textOfModel } from '../sql/sql-error.ts';
import type { RelationKind } from '../table/catalog.ts';
import { buildStatement, LINES_BEFORE, NEXT_MARK, nextName } from '../table/compile.ts';
import type { Overlay } from './overlay.ts';

/** What is known before a model is built. */
export interface Building {
  readonly source: ModelSource;
  /** What it is to be built from. */
  readonly parts: Parts;
  /** The tables among it. */
  readonly tables: readonly string[];
  /** What has the model's name now. */
  readonly current: RelationKind | undefined;
  /** What the record says of it. */
  readonly recorded: RecordedModel | undefined;
  /** Whether it is to be built from nothing, whatever is there (`--full-refresh`). */
  readonly fromNothing: boolean;
  readonly at: Date;
}

/**
 * Whether what is in place is a table that was made in the same way, so that its rows can be built on: by the same SQL,
 * properties and macros, of the same of what counts.
 * @param counts whether another content of a table, seed or variable that is read makes all rows others
 */
export function isMadeTheSame(
  { recorded, current, fromNothing, parts }: Pick<Building, 'recorded' | 'current' | 'fromNothing' | 'parts'>,
  counts: (read: string) => boolean,
): boolean {
  if (recorded === undefined || current !== 'table' || fromNothing) return false;
  const counted = ({ reads, ...others }: Parts): Parts => {
    return { ...others, reads: Object.fromEntries(Object.entries(reads).filter(([read]) => counts(read))) };
  };
  return changeBetween(counted(recorded.parts), counted(parts)) === undefined;
}

/** What is built as `_next_<name>`, to be put in place. */
export interface Next {
  /** Builds it, in the transaction that puts it in place; absent where it is there already. */
  readonly make?: () => Promise<void>;
  /** How much of the model was computed, in words, where it was not all of it: `3 of 120 subjects, 1 gone`. */
  readonly extent?: string;
  /** Writes what is to be known of it, in the transaction that puts it in place. */
  readonly record?: () => Promise<void>;
  /** Frees what it held on to, when it is in place or is not to be. */
  readonly close?: () => Promise<void>;
}

/**
 * Runs the SELECT of a model into `_next_<name>`, and commits it with the runner's mark.
 * @param overlay what it reads from in place of the file
 * @throws MODEL_SQL with the place in the model's file.
 */
export async function createNext(connection: Connection, source: ModelSource, overlay?: Overlay): Promise<void> {
  const table = nextName(source.name);
  const next = overlay?.inFile(table) ?? qualified(table);
  const make = () =>
    marked(connection, next, async () => {
      await runModelSql(connection, source, buildStatement(next, 'table', source.sql));
    });
  await (overlay === undefined ? make() : overlay.read(make));
}

/**
 * The same within the transaction that puts it in place, of which nothing is left if it is cut short. A table of many
 * rows is committed first, and the transaction begins anew.
 * @throws MODEL_SQL with the place in the model's file.
 */
export async function createWithin(connection: Connection, source: ModelSource): Promise<void> {
  const next = qualified(nextName(source.name));
  const rows = await runModelSql(connection, source, buildStatement(next, 'table', source.sql));
  if (rows < MANY_ROWS) return;
  await connection.run(`COMMENT ON TABLE ${next} IS '${NEXT_MARK}'; COMMIT; BEGIN`);
}

/** A table of fewer is one row group of DuckDB, which one thread scans in any case; of its own transaction, all are. */
const MANY_ROWS = 122_880n;

/**
 * Makes a table in a transaction of its own, with the mark by which the next run knows what this one left behind.
 * @param table quoted, with its schema
 */
export async function marked(connection: Connection, table: string, make: () => Promise<void>): Promise<void> {
  await connection.transaction(async () => {
    await make();
    await connection.run(`COMMENT ON TABLE ${table} IS '${NEXT_MARK}'`);
  });
}

/** Runs a statement that holds the model's SQL after one line of ours. @returns the rows that it made, of a table */
export async function runModelSql(connection: Connection, source: ModelSource, statement: string): Promise<bigint> {
  try {
    const row = await connection.row<{ Count?: bigint }>(statement);
    return row?.Count ?? 0n;
  } catch (error) {
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', LINES_BEFORE);
  }
}
