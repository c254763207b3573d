import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import type { Preparation } from '../plan/prepare.ts';
import { nextName } from '../table/compile.ts';

/**
 * What the runner did not make is never touched: neither what has the model's name, nor what has the name under which
 * it is built.
 * @throws usage MODEL_NAME_TAKEN
 */
export function refuseTaken({ name, path }: ModelSource, { input, relations }: Preparation): void {
  const taken = relations.has(name) && !input.recorded.has(name) ? name : nextName(name);
  if (taken !== name && !relations.has(taken)) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'MODEL_NAME_TAKEN',
    message: `The file holds a ${relations.get(taken)} ${taken} that the runner of models did not make.`,
    place: { model: name, file: path },
    next: 'Drop or rename it, or rename the model.',
  });
}
