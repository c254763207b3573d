import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { sqlError } from '../../src/model/sql/sql-error.ts';
import { noRoom } from '../../src/store/no-room.ts';
import { runCli } from '../cli/world.ts';

/** As DuckDB 1.5.5 says it on a file system of 8 MB and past the limit of a file's size, and Node of a file. */
const FULL = [
  'IO Error: Could not write file "/w/main.duckdb": No space left on device',
  'TransactionContext Error: Failed to commit: Could not write file "/w/main.duckdb.wal": No space left on device',
  'FATAL Error: Failed to create checkpoint because of error: Could not write file "/w/main.duckdb": No space left on device',
  "Out of Memory Error: failed to offload data block of size 256.0 KiB (7.1 MiB/7.1 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
  'TransactionContext Error: Failed to commit: Could not write file "/w/main.duckdb.wal": File too large',
  'ENOSPC: no space left on device, write',
  'EFBIG: file too large, write',
  'EDQUOT: disk quota exceeded, write',
];

describe('a full disk', () => {
  it.each(FULL)('is told by its own code: %s [STORE-003]', (message) => {
    const error = noRoom(new Error(message));
    expect(error).toMatchObject({
      kind: 'fault',
      code: 'STORE_NO_ROOM',
      message: `There is no room left on the disk. ${message.split('\n')[0]}`,
      next: expect.stringContaining('Make room'),
    });
  });

  it.each([
    'Out of Memory Error: could not allocate block of size 256.0 KiB',
    'IO Error: Permission denied',
    "Conversion Error: Could not convert string 'No space left on device' to INT32",
    'Invalid Input Error: No space left on device',
  ])('is not %s [STORE-003]', (message) => expect(noRoom(new Error(message))).toBe(undefined));

  it('leaves an error alone that has a code already [STORE-003]', () => {
    const error = new WarehouseError({
      kind: 'fault',
      code: 'LEDGER_WRITE',
      message: 'ENOSPC: no space left on device',
    });
    expect(noRoom(error)).toBe(undefined);
  });

  it('is a fault of the machine, not of the model that met it [STORE-003]', () => {
    expect(sqlError({ path: 'models/a/b.sql', sql: 'SELECT 1' }, new Error(FULL[0]), 'MODEL_SQL')).toMatchObject({
      kind: 'fault',
      code: 'STORE_NO_ROOM',
    });
  });

  it('is told so by every command, with exit code 1 [STORE-003]', async () => {
    const init = async () => {
      throw new Error(FULL[1]);
    };
    const { code, log } = await runCli(['init', 'x'], { init });
    expect(code).toBe(1);
    expect(log).toMatch(/^error STORE_NO_ROOM \(fault\)\n {2}There is no room left on the disk\. /);
  });
});
