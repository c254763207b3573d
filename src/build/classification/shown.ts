import { type Cell, highest } from '../../model/classification/cell.ts';
import { ofColumn, ofWhole } from '../../model/classification/propagate.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { isAbove } from '../../project/classification.ts';
import { isPattern } from '../../project/model-pattern.ts';
import type { Publication } from '../../project/project.ts';
import { FILLED_SCHEMAS } from '../../project/reserved-schemas.ts';
import { isShown, isWhole, type Publishable, saidOf } from '../publication.ts';
import { type Classes, ofTable } from './classify.ts';
import { conditionName } from './conditions.ts';

/** What stands in the file, beside the models, or will: tables of the warehouse itself and of others. */
interface Standing {
  readonly names: readonly string[];
  /** Those of schema failures. */
  readonly failures: ReadonlyMap<string, Cell>;
}

/** What a publication shows above its level, in the order of its tables and columns. */
export function shownAbove(
  publication: Publication,
  classes: Classes,
  { input }: Pick<Preparation, 'input'>,
  standing: Standing,
): Cell[] {
  const models = [...input.analyses.keys()];
  const isModel = (name: string) => input.analyses.has(name);
  // By a model that may be none any more.
  const isMade = (name: string) => input.recorded.has(name);
  const rest = [...standing.failures.keys(), ...standing.names.filter(isMade)];
  const names = isWhole(publication) ? rest : [...standing.names, ...listed(publication)];
  const others = [...new Set(names)].filter((name) => !isModel(name));
  const there: Publishable[] = [
    ...models.map((name) => ({ name, isModel: true })),
    ...others.map((name) => ({ name, isModel: isMade(name) })),
  ];
  const shown = there.filter((one) => isWhole(publication) || isShown(publication, one));
  const cells = shown.flatMap(({ name }) => {
    return isModel(name) ? ofModel(publication, classes, name) : [ofOther(classes, standing, name)];
  });
  if (isWhole(publication)) cells.unshift(loaded(classes));
  return cells.filter(({ classification }) => isAbove(classification, publication.level));
}

/** What is in raw and state, and in what the warehouse makes of these. */
const loaded = ({ all }: Classes): Cell => ({
  classification: all.classification,
  name: 'all that was loaded',
  from: all,
});

/** What it names, which may come to be only while it is built; of a schema of the warehouse's own, whatever will be in it. */
function listed({ schemas = [], models = [], columns = {}, where = {} }: Publication): string[] {
  const own = schemas.filter(isFilled).map((schema) => `${schema}.*`);
  return [...own, ...[...models, ...Object.keys(columns), ...Object.keys(where)].filter((name) => !isPattern(name))];
}

/** Of `failures` it is known beforehand which tables there will be. */
const isFilled = (schema: string) => FILLED_SCHEMAS.includes(schema) && schema !== 'failures';

function ofModel({ name: publication, columns, where }: Publication, classes: Classes, name: string): Cell[] {
  const model = classes.models.get(name);
  const listed = saidOf(columns, name);
  const chosen =
    saidOf(where, name) === undefined ? undefined : classes.conditions.get(conditionName(publication, name));
  const cells = model === undefined ? [] : (listed?.map((column) => ofColumn(model, column)) ?? model.columns);
  // Which rows there are is seen whatever is said of the columns.
  return [...cells, ...(model ? [model.rows] : []), ...(chosen ? [chosen.rows] : [])];
}

/** recon shows what rules say of records, and what leaves them out. */
const told = ({ models }: Classes): Cell =>
  highest([...models.values()].filter(({ name }) => /^(rules|excluded)\./.test(name)).map(ofWhole));

function ofOther(classes: Classes, { failures }: Standing, name: string): Cell {
  const kept = failures.get(name);
  if (kept !== undefined) return kept;
  const from = highest([ofTable(classes, name), ...(name.startsWith('recon.') ? [told(classes)] : [])]);
  return { classification: from.classification, name, from };
}
