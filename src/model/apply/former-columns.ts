import { type Connection, qualified } from '../../store/connection.ts';
import { describe } from '../../store/describe.ts';
import { nextName } from '../table/compile.ts';

/** Whether what was built of a model has the columns of what is in place: names, types and order. */
export async function hasFormerColumns(connection: Connection, model: string): Promise<boolean> {
  const [next, former] = [
    await describe(connection, qualified(nextName(model))),
    await describe(connection, qualified(model)),
  ];
  return JSON.stringify(next) === JSON.stringify(former);
}
