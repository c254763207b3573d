import { type Connection, identifier } from '../store/connection.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { connected } from './warehouse.ts';

/** The working file, beside a new one. A name that no publication can have, whose file DuckDB calls by it. */
export const WORKING = '_working';

/**
 * Makes a file at `path` out of the working file, which is attached to it as `WORKING`.
 *
 * @param check called with the working file open for reading, so that nobody else can write to it.
 * @param fill writes into the database of the new file, whose name it is given. The working file is in use: the macros
 * that views call are looked for there.
 */
export async function makeBesideWorking(
  working: string,
  path: string,
  check: (connection: Connection) => Promise<void>,
  fill: (connection: Connection, database: string) => Promise<void>,
): Promise<void> {
  const file = await WarehouseFile.open(path, { attach: { path: working, name: WORKING }, allowedDirectories: [] });
  await connected(file, async (connection) => {
    const row = await connection.row<{ name: string }>('SELECT current_database() AS name');
    const database = row!.name;
    await connection.run(`USE ${WORKING}`);
    await check(connection);
    await fill(connection, database);
    await connection.run(`USE ${identifier(database)}`);
    await connection.run('CHECKPOINT');
  });
}
