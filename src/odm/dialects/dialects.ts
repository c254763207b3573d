import { WarehouseError } from '../../lib/errors.ts';
import type { Dialect, DocumentHead } from './dialect.ts';
import { openclinica } from './openclinica/openclinica.ts';
import { plain } from './plain/plain.ts';
import { rave } from './rave/rave.ts';
import { redcap } from './redcap/redcap.ts';

/** In the order in which they are asked; plain takes what nobody knows. */
export const DIALECTS: readonly Dialect[] = [rave, openclinica, redcap, plain];

export function dialectNamed(name: string): Dialect {
  const dialect = DIALECTS.find((one) => one.name === name);
  if (dialect !== undefined) return dialect;
  throw new WarehouseError({
    kind: 'usage',
    code: 'ODM_UNKNOWN_DIALECT',
    message: `There is no ODM dialect ${JSON.stringify(name)}.`,
    next: `Use one of ${DIALECTS.map((one) => one.name).join(', ')}.`,
  });
}

export function recognise(head: DocumentHead): Dialect {
  return DIALECTS.find((one) => one.recognises(head)) ?? plain;
}
