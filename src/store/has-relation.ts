import { type Connection, qualified } from './connection.ts';
import { errorClass } from './error-class.ts';

/**
 * Whether the database in use, or the session, has a table or view of that name: `schema.name`. It is looked up as any
 * query would: to ask for the list of all that there is takes ten times as long, and a command asks this often.
 */
export async function hasRelation(connection: Connection, name: string): Promise<boolean> {
  try {
    await connection.run(`SELECT 1 FROM ${qualified(name)} LIMIT 0`);
    return true;
  } catch (error) {
    if (error instanceof Error && errorClass(error.message) === 'Catalog Error') return false;
    throw error;
  }
}
