import { WarehouseError } from '../lib/errors.ts';
import { type Connection, identifier } from '../store/connection.ts';
import { errorClass } from '../store/error-class.ts';
import { makeBesideWorking, WORKING } from './beside-working.ts';

/**
 * Makes a file at `path` with all that is in the working file: schemas, tables with constraints, indexes and rows in
 * their order, views, macros, sequences, types, comments. Nothing of what was dropped or deleted is in its bytes.
 *
 * @param check as of `makeBesideWorking`
 * @throws data PUBLICATION_FOREIGN_KEY; those of `check`
 */
export async function copyAnew(
  working: string,
  path: string,
  check: (connection: Connection) => Promise<void>,
): Promise<void> {
  await makeBesideWorking(working, path, check, async (connection, database) => {
    const to = identifier(database);
    await connection.run(`USE ${to}`);
    try {
      await connection.run(`COPY FROM DATABASE ${WORKING} TO ${to}`);
    } catch (error) {
      throw errorClass((error as Error).message) === 'Constraint Error' ? foreignKey(error) : error;
    }
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
