import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { isPattern, matchesModel } from '../../project/model-pattern.ts';
import { nearest } from '../../project/nearest.ts';
import type { Graph } from './graph.ts';

/**
 * The models that any of the patterns selects; all of them where there is none.
 *
 * `sdtm.ae`, or `ae`: a name without a schema is the project's own model before a generated one; `sdtm.*`, `*.ae` (`*`
 * any characters, `?` one); with a plus before it all that it reads, with a plus after it all that reads it.
 *
 * @param generated the models that the warehouse wrote itself
 * @throws usage SELECT_EMPTY (no name), SELECT_UNKNOWN (nothing has that name), SELECT_AMBIGUOUS (a short name that
 * several of the project's own models have).
 */
export function selectModels(patterns: readonly string[], graph: Graph, generated: ReadonlySet<string>): Set<string> {
  if (patterns.length === 0) return new Set(graph.order);
  const selected = new Set<string>();
  for (const pattern of patterns) {
    const [, upstream, name, downstream] = /^(\+?)(.*?)(\+?)$/s.exec(pattern)!;
    if (name.trim() === '') throw nameless(pattern, graph.order);
    for (const model of named(name, graph.order, generated)) {
      selected.add(model);
      if (upstream) for (const other of graph.ancestors(model)) selected.add(other);
      if (downstream) for (const other of graph.descendants(model)) selected.add(other);
    }
  }
  return selected;
}

function named(name: string, models: readonly string[], generated: ReadonlySet<string>): string[] {
  const found = meant(name, models, generated);
  if (found.length === 0) throw unknown(name, models, generated);
  if (found.length > 1 && !isPattern(name)) throw ambiguous(name, found);
  return found;
}

function meant(name: string, models: readonly string[], generated: ReadonlySet<string>): string[] {
  const found = models.filter((model) => matchesModel(name, model));
  if (isPattern(name)) return found;
  const own = found.filter((model) => !generated.has(model));
  return own.length > 0 ? own : found;
}

function nameless(pattern: string, models: readonly string[]): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'SELECT_EMPTY',
    message: `'${pattern}' names no model.`,
    next: `Write a name or a pattern: ae, sdtm.ae, sdtm.*, +ae (and what it reads) or ae+ (and what reads it). ${namesOf(models)}`,
  });
}

function unknown(name: string, models: readonly string[], generated: ReadonlySet<string>): WarehouseError {
  const short = models.map((model) => (name.includes('.') ? model : model.slice(model.indexOf('.') + 1)));
  const near = nearest(name, short);
  const others = near === undefined ? [] : meant(near, models, generated);
  return new WarehouseError({
    kind: 'usage',
    code: 'SELECT_UNKNOWN',
    message: `No model is called ${name}.`,
    next: near === undefined ? namesOf(models) : `Did you mean ${others.length > 1 ? anyOf(others) : near}?`,
  });
}

function ambiguous(name: string, found: readonly string[]): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'SELECT_AMBIGUOUS',
    message: `${name} may be ${anyOf(found)}.`,
    next: 'Name the schema too.',
  });
}

const MOST_NAMED = 8;

/** Their names, or where they are many, the schemas as patterns: `excluded.* (5), sdtm.* (20)`. */
function namesOf(models: readonly string[]): string {
  if (models.length === 0) return 'There are no models yet.';
  const schemaOf = (model: string) => model.slice(0, model.indexOf('.'));
  const schemas = [...new Set(models.map(schemaOf))].sort();
  const patterns = schemas.map(
    (schema) => `${schema}.* (${models.filter((name) => schemaOf(name) === schema).length})`,
  );
  const names = models.length > MOST_NAMED ? patterns : [...models].sort();
  return `The models are ${listed(names, MOST_NAMED)}: see warehouse list.`;
}

const anyOf = (models: readonly string[]) => [...models].sort().join(' or ');
