import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { statementText } from '../sql/lexer.ts';
import { sqlError, textOfModel, unplacedError } from '../sql/sql-error.ts';
import { LINES_BEFORE } from './compile.ts';
import { checkContract } from './contract.ts';
import { checkDemands } from './demands.ts';
import { checkMade } from './made.ts';

/**
 * The columns that the SELECT of a model will have, without running it.
 * @throws usage MODEL_SQL: DuckDB's own message at the place in the model's file.
 */
export async function describeModel(connection: Connection, source: ModelSource): Promise<TableColumn[]> {
  try {
    return await describe(connection, statementText(source.sql));
  } catch (error) {
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', LINES_BEFORE);
  }
}

/**
 * The columns of what is built of a model.
 * @throws usage MODEL_SQL for a view whose tables are there no more.
 */
export async function describeBuilt(connection: Connection, source: ModelSource): Promise<TableColumn[]> {
  try {
    return await describe(connection, qualified(source.name));
  } catch (error) {
    throw unplacedError(source, error);
  }
}

/**
 * Holds the columns that the SELECT of a model gives against its properties and what is read in models of its schema.
 * @throws usage MODEL_COLUMN_TWICE; those of `checkContract`, `checkMade` and `checkDemands`.
 */
export async function checkColumns(
  connection: Connection,
  source: ModelSource,
  columns: readonly TableColumn[],
): Promise<void> {
  checkTwice(source, columns);
  await checkContract(connection, source, columns);
  checkMade(source, columns);
  checkDemands(source, columns);
}

/** DuckDB would call the second K_1 without a word. */
function checkTwice({ name, path }: ModelSource, columns: readonly TableColumn[]): void {
  const seen = new Map<string, TableColumn & { place: number }>();
  for (const [i, column] of columns.entries()) {
    const first = seen.get(column.name.toLowerCase());
    seen.set(column.name.toLowerCase(), { ...column, place: i + 1 });
    if (first === undefined) continue;
    const both = first.name === column.name ? column.name : `${first.name} and ${column.name}, to SQL one name`;
    throw new WarehouseError({
      kind: 'usage',
      code: 'MODEL_COLUMN_TWICE',
      message: `Columns ${first.place} and ${i + 1} are both called ${both}.`,
      place: { model: name, file: path },
      next: 'Give one of them another name with AS, or leave it out: SELECT * EXCLUDE (...), JOIN ... USING (...).',
    });
  }
}
