import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { likeliest, schemaOf, shortName } from '../../project/model-name.ts';
import { isPattern, matchesModel } from '../../project/model-pattern.ts';
import { nearest } from '../../project/nearest.ts';
import { QC } from '../../project/qc.ts';
import { RULES } from '../../project/rules.ts';
import type { Selectable } from './selectable.ts';
import { unknown } from './unknown.ts';

type Models = Selectable['models'];

/**
 * `sdtm.ae`, or `ae`: a name without a schema is a model before the second version or the rule of that name, and these
 * before a generated one; `sdtm.*`, `*.ae` (`*` any characters, `?` one).
 * @throws usage SELECT_UNKNOWN (nothing has that name), SELECT_AMBIGUOUS (a short name that several of the project's own
 * models have).
 */
export function byName(name: string, models: Models): string[] {
  const found = meant(name, models);
  if (found.length === 0) throw unknownName(name, models);
  if (found.length > 1 && !isPattern(name)) throw ambiguous(name, found);
  return found;
}

function meant(name: string, models: Models): string[] {
  const found = [...models.keys()].filter((model) => matchesModel(name, model));
  if (isPattern(name)) return found;
  const own = found.filter((model) => !models.get(model)?.generated);
  const built = own.filter((model) => !isBeside(model));
  return [built, own, found].find(({ length }) => length > 0) ?? [];
}

/** What stands beside the models of models/ and seeds/: it is asked for by its whole name. */
const isBeside = (model: string) => [QC, RULES].some((schema) => model.startsWith(`${schema}.`));

/** @throws usage SELECT_EMPTY, with what a selector looks like and the models that there are. */
export function nameless(text: string, models: Models): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'SELECT_EMPTY',
    message: `'${text}' names no model.`,
    next: `Write a name or a pattern: ae, sdtm.ae, sdtm.*, +ae (and what it reads) or ae+ (and what reads it). ${namesOf(models)}`,
  });
}

function unknownName(name: string, models: Models): WarehouseError {
  const names = [...models.keys()];
  const short = names.map((model) => (name.includes('.') ? model : shortName(model)));
  const near = nearest(name, short);
  const others = near === undefined ? [] : meant(near, models);
  const meantOne = others.length > 1 ? anyOf(others) : near;
  return unknown(`No model is called ${name}.`, meantOne, namesOf(models));
}

function ambiguous(name: string, found: readonly string[]): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'SELECT_AMBIGUOUS',
    message: `${name} may be ${anyOf(found)}.`,
    next: `Name the schema too, as in ${likeliest([...found].sort())}.`,
  });
}

const MOST_NAMED = 8;

/** Their names, or where they are many, the schemas as patterns: `excluded.* (5), sdtm.* (20)`. */
function namesOf(models: Models): string {
  if (models.size === 0) return 'There are no models yet.';
  const all = [...models.keys()].sort();
  const schemas = [...new Set(all.map(schemaOf))];
  const patterns = schemas.map((schema) => `${schema}.* (${all.filter((name) => schemaOf(name) === schema).length})`);
  return `The models are ${listed(all.length > MOST_NAMED ? patterns : all, MOST_NAMED)}: see warehouse list.`;
}

const anyOf = (models: readonly string[]) => [...models].sort().join(' or ');
