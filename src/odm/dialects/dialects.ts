import { WarehouseError } from '../../lib/errors.ts';
import type { DialectName } from '../../project/source.ts';
import type { Dialect, DocumentHead } from './dialect.ts';
import { openclinica } from './openclinica/openclinica.ts';
import { plain } from './plain/plain.ts';
import { rave } from './rave/rave.ts';
import { redcap } from './redcap/redcap.ts';
import { viedoc } from './viedoc/viedoc.ts';

const BY_NAME: Readonly<Record<DialectName, Dialect>> = { rave, openclinica, redcap, viedoc, plain };

/** In the order in which they are asked; plain takes what nobody knows. */
const DIALECTS: readonly Dialect[] = Object.values(BY_NAME);

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
