import { WarehouseError } from '../lib/errors.ts';
import { isOfData } from './error-class.ts';

/**
 * What the system, or DuckDB in its words, says where a disk is full, or holds no file of that size; and DuckDB where a
 * query that does not fit into memory has filled what it may use of the disk beside it.
 */
const FULL =
  /no space left on device|not enough space on the disk|disk quota exceeded|file too large|failed to offload data block/i;

/** STORE_NO_ROOM for an error that says that the disk is full; undefined for any other. */
export function noRoom(error: unknown): WarehouseError | undefined {
  if (!(error instanceof Error) || error instanceof WarehouseError) return undefined;
  if (!FULL.test(error.message) || isOfData(error.message)) return undefined;
  return new WarehouseError({
    kind: 'fault',
    code: 'STORE_NO_ROOM',
    message: `There is no room left on the disk. ${error.message.split('\n', 1)[0]}`,
    next: 'What was under way was given up; what was committed before stays. Make room for .warehouse/, where DuckDB also puts what does not fit into memory, and for target/, and run it again.',
    cause: error,
  });
}
