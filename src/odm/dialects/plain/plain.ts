import type { Dialect } from '../dialect.ts';

/** ODM as the standard says, of no system in particular. */
export const plain: Dialect = {
  name: 'plain',
  recognises: () => true,
  noValueSaysNothing: () => true,
};
