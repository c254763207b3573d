import { WarehouseError } from '../lib/errors.ts';
import { type Connection, identifier } from '../store/connection.ts';
import { errorClass } from '../store/error-class.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { connected } from './warehouse.ts';

/** A name that no publication can have, whose file DuckDB calls by it. */
const WORKING = '_working';

/**
 * Makes a file at `path` with all that is in the working file: schemas, tables with constraints, indexes and rows in
 * their order, views, macros, sequences, types, comments. Nothing of what was dropped or deleted is in its bytes.
 *
 * @param check called with the working file open for reading, so that nobody else can write to it.
 * @throws data PUBLICATION_FOREIGN_KEY; those of `check`
 */
export async function copyAnew(
  working: string,
  path: string,
  check: (connection: Connection) => Promise<void>,
): Promise<void> {
  const file = await WarehouseFile.open(path, { attach: { path: working, name: WORKING }, allowedDirectories: [] });
  await connected(file, async (connection) => {
    const row = await connection.row<{ name: string }>('SELECT current_database() AS name');
    const database = identifier(row!.name);
    await connection.run(`USE ${WORKING}`);
    await check(connection);
    await connection.run(`USE ${database}`);
    try {
      await connection.run(`COPY FROM DATABASE ${WORKING} TO ${database}`);
    } catch (error) {
      throw errorClass((error as Error).message) === 'Constraint Error' ? foreignKey(error) : error;
    }
    await connection.run('CHECKPOINT');
  });
}

/** DuckDB copies tables by name, and rows before those that they refer to are refused. The runner makes none such. */
function foreignKey(cause: unknown): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'PUBLICATION_FOREIGN_KEY',
    message:
      'The whole file cannot be published: it has to be made anew, because it has held what is above the level of the publication, and a table that another program made in it has foreign keys, which DuckDB cannot copy.',
    next: 'Take the foreign keys away, or list what is published (publications: schemas, models).',
    cause,
  });
}
