import { WarehouseError } from '../lib/errors.ts';
import { errorClass, isOfFile, isOfMachine } from '../store/error-class.ts';
import { noRoom } from '../store/no-room.ts';
import type { Dataset } from './dataset.ts';
import { differs } from './read-back.ts';

/**
 * Runs a step of an export. What DuckDB says when it stumbles over data may hold values of it, and in a read-back whole
 * lines: of that only its class is told.
 * @throws data EXPORT_SQL where the dataset cannot be read to its end (a view that fails on its data); fault
 * EXPORT_READ_BACK where the file cannot be; STORE_NO_ROOM; whatever is not DuckDB's as it is.
 */
export async function withValuesHidden<Result>(
  dataset: Dataset,
  step: 'read' | 'read back',
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const said = (error as Error).message;
    const kind = errorClass(said);
    if (error instanceof WarehouseError || kind === undefined) throw error;
    const full = noRoom(error);
    if (full !== undefined) throw full;
    if (isOfMachine(said) || isOfFile(said)) throw error;
    throw step === 'read back' ? differs(dataset, `which DuckDB cannot read (${kind})`) : unreadable(dataset, kind);
  }
}

function unreadable({ name, table }: Dataset, kind: string): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'EXPORT_SQL',
    message: `${name}: ${table} cannot be read to its end (${kind}).`,
    place: { model: table },
    next: `Nothing was exported. Run FROM ${table} in a client to see the value that it stumbles over.`,
  });
}
