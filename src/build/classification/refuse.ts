import { isDeepStrictEqual } from 'node:util';
import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { own } from '../../lib/own.ts';
import { type Cell, wayText, wayTo } from '../../model/classification/cell.ts';
import type { ClassifiedColumn, ClassifiedModel } from '../../model/classification/propagate.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { type Classification, isAbove } from '../../project/classification.ts';
import { CONFIGURATION_FILE } from '../../project/find-project.ts';
import type { ModelSource, Project, Publication } from '../../project/project.ts';
import { propertyError } from '../../project/property-error.ts';
import { isWhole } from '../publication.ts';
import type { Classes } from './classify.ts';
import { rememberedIn } from './remembered.ts';

/** @throws usage CLASSIFICATION_LOWER: a model declares less than what comes in, and gives no reason. */
export function refuseLowered({ models }: Classes, { input, plan }: Pick<Preparation, 'input' | 'plan'>): void {
  const planned = new Set(plan.map(({ name }) => name));
  // What is not built yet by a SELECT that is less may be declared so already.
  const isLeft = ({ model, column }: Lowered) => !planned.has(model) && rememberedIn(column.inherited) !== undefined;
  const lowered = [...models.values()].flatMap(loweredIn).filter((one) => !isLeft(one));
  const [first] = lowered;
  if (first === undefined) return;
  const { model, column, declared } = first;
  const { name, inherited, classification } = column;
  const others = lowered.length === 1 ? '' : ` ${more(lowered.length - 1)} declared too low.`;
  const { source } = input.analyses.get(model)!;
  throw propertyError(source, declaredAt(source, column), {
    code: 'CLASSIFICATION_LOWER',
    message: `${name} is declared ${declared}, and what it comes from is ${classification}: ${wayText({ ...column, from: inherited })}.${others}`,
    next: `Declare it ${classification}, or write declassify: {to: ${declared}, because: ...} in its place, with the reason.`,
  });
}

interface Lowered {
  readonly model: string;
  readonly column: ClassifiedColumn;
  readonly declared: Classification;
}

function loweredIn({ name: model, columns }: ClassifiedModel): Lowered[] {
  return columns.flatMap((column): Lowered[] => {
    const { declared, inherited } = column;
    const isLower = declared !== undefined && isAbove(inherited.classification, declared);
    return isLower ? [{ model, column, declared }] : [];
  });
}

/** By the column itself, or for all columns of the model. */
function declaredAt({ properties }: ModelSource, { column }: ClassifiedColumn): string[] {
  const isOwn = column !== null && own(properties.columns, column)?.classification !== undefined;
  return isOwn ? ['columns', column, 'classification'] : ['classification'];
}

/** @throws usage PUBLICATION_CLASSIFIED */
export function refusePublication(
  project: Pick<Project, 'locate'>,
  publication: Publication,
  above: readonly Cell[],
): void {
  const { name, level } = publication;
  const first = above[0];
  if (first === undefined) return;
  const isWritten = !isDeepStrictEqual(project.locate(['publications']), project.locate([]));
  const shows = isWritten
    ? ' shows the whole file'
    : ', which is the whole file where publications: is not written, shows it';
  const whole = isWhole(publication) ? `${shows}, and so` : ' shows';
  const leave = isWhole(publication) ? 'list what it is to show' : 'leave them out';
  throw new WarehouseError({
    kind: 'usage',
    code: 'PUBLICATION_CLASSIFIED',
    message: `publications.${name}${whole} ${told(first)}. Its level is ${level}.${otherText(above)}`,
    place: isWritten ? project.locate(['publications', name, 'level']) : { file: CONFIGURATION_FILE },
    next: `${isWritten ? 'Say' : `Write publications: { ${name}: ... } and say`} level: ${highestOf(above)} where whoever reads it may see that; else ${leave}, or declassify in the models what tells nothing.${earlierText(above)}`,
  });
}

/** @throws usage EXPORT_CLASSIFIED */
export function refuseExports(project: Pick<Project, 'locate' | 'exports'>, above: readonly Cell[]): void {
  const first = above[0];
  if (first === undefined) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'EXPORT_CLASSIFIED',
    message: `exports writes ${told(first)}. Its level is ${project.exports.level}.${otherText(above)}`,
    place: project.locate(['exports', 'level']),
    next: `Say level: ${highestOf(above)} where whoever reads it may see that; else export other datasets, or declassify in the models what tells nothing.${earlierText(above)}`,
  });
}

/** `sdtm.dm.ARM, which is unblinding: sdtm.dm.ARM ← staged.treatment.arm ← source kits` */
function told(cell: Cell): string {
  const way = wayTo(cell).length === 0 ? '' : `: ${wayText(cell)}`;
  return `${cell.name}, which is ${cell.classification}${way}`;
}

function otherText([, ...others]: readonly Cell[]): string {
  if (others.length === 0) return '';
  const names = others.map(({ name }) => name);
  return ` ${more(others.length)} above it too: ${listed(names)}.`;
}

/** Rows that failed stay, whatever the models are now, and so do those of models that build on former rows. */
function earlierText(above: readonly Cell[]): string {
  const table = above.map(rememberedIn).find((one) => one !== undefined);
  if (table === undefined) return '';
  const way = table.startsWith('failures.')
    ? 'drop that table of the working file in a client'
    : 'have it made anew (--full-refresh, of an incremental model), or declassify in its properties';
  return ` If the rows in ${table} were classified too high in earlier runs, ${way}.`;
}

const more = (count: number) => (count === 1 ? 'One other is' : `${count} others are`);

function highestOf(cells: readonly Cell[]): Classification {
  return cells.reduce((a, b) => (isAbove(b.classification, a.classification) ? b : a)).classification;
}
