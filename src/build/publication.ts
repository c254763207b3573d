import { WarehouseError } from '../lib/errors.ts';
import { matches } from '../project/glob.ts';
import { schemaOf } from '../project/model-name.ts';
import { isPattern, matchesModel } from '../project/model-pattern.ts';
import { nearest } from '../project/nearest.ts';
import type { Project, Publication } from '../project/project.ts';
import { RESERVED_SCHEMAS } from '../project/reserved-schemas.ts';

/** What a publication may show. */
export interface Publishable {
  /** `schema.name` */
  readonly name: string;
  /** Whether a model made it, rather than the warehouse itself. */
  readonly isModel: boolean;
}

/** Whether nothing is left out. */
export function isWhole({ schemas, models, columns, where }: Publication): boolean {
  return schemas === undefined && models === undefined && columns === undefined && where === undefined;
}

/**
 * Whether a publication that leaves something out shows a table or view: what it leaves out could be read in every
 * other table that has it too, so it shows only what it lists: under `schemas` and `models`, or where neither is given,
 * under `columns` and `where`. A pattern means models only, and a schema does not mean tables that begin with `_`
 * (staged._cells holds all that is live): those, and tables of the warehouse itself, are named one by one.
 */
export function isShown({ schemas, models, columns, where }: Publication, { name, isModel }: Publishable): boolean {
  const [schema, table] = name.split('.');
  if (schemas?.includes(schema) && !table.startsWith('_')) return true;
  const listed = models ?? (schemas === undefined ? [...Object.keys(columns ?? {}), ...Object.keys(where ?? {})] : []);
  return listed.some((pattern) => (isModel || !isPattern(pattern)) && matchesModel(pattern, name));
}

/** What is said of a table under its own name, else under the first pattern that matches it. */
export function saidOf<Value>(map: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  if (map === undefined) return undefined;
  const key = Object.hasOwn(map, name) ? name : Object.keys(map).find((pattern) => matchesModel(pattern, name));
  return key === undefined ? undefined : map[key];
}

/**
 * Holds what `publications:` says against the models of the project, before anything is done. What only loading tells
 * (staged tables, and the warehouse's own) is left to `assertListed`.
 * @throws usage PUBLICATION_UNKNOWN
 */
export function checkPublications(project: Project): void {
  const written = [...project.models, ...project.rules.map(({ source }) => source)];
  const models = written.map(({ name }) => ({ name, isModel: true }));
  const isLater = (text: string) => LATER.some((schema) => matches(schemaOf(text), schema));
  for (const publication of project.publications) assertListed(project, publication, models, isLater);
}

const LATER: readonly string[] = [...RESERVED_SCHEMAS, 'staged'];

/**
 * Whether all that a publication lists is there.
 * @param isLater what need not be there yet.
 * @throws usage PUBLICATION_UNKNOWN, at its place in warehouse.yml.
 */
export function assertListed(
  project: Project,
  publication: Publication,
  there: readonly Publishable[],
  isLater: (text: string) => boolean = () => false,
): void {
  const { schemas = [], models = [], columns = {}, where = {} } = publication;
  const shown = there.filter((one) => isShown(publication, one));
  const isThere = (schema: string) => there.some(({ name }) => schemaOf(name) === schema);
  for (const schema of schemas) {
    if (!isLater(schema) && !isThere(schema)) throw unknown(project, publication, ['schemas'], schema, there);
  }
  const patterns: [string, readonly string[]][] = [
    ['models', models],
    ['columns', Object.keys(columns)],
    ['where', Object.keys(where)],
  ];
  for (const [key, list] of patterns) {
    for (const pattern of list) {
      if (isLater(pattern) || shown.some(({ name }) => matchesModel(pattern, name))) continue;
      throw unknown(project, publication, key === 'models' ? [key] : [key, pattern], pattern, there);
    }
  }
}

function unknown(
  project: Project,
  { name }: Publication,
  [key, ...rest]: readonly string[],
  text: string,
  there: readonly Publishable[],
): WarehouseError {
  const names = there.map((one) => (key === 'schemas' ? schemaOf(one.name) : one.name));
  const meant = names.includes(text) ? undefined : nearest(text, [...new Set(names)]);
  const next = names.includes(text)
    ? `List it under publications.${name}.models too: it is not among what is published.`
    : 'Name a schema, model or table that there is; a pattern means models only.';
  return new WarehouseError({
    kind: 'usage',
    code: 'PUBLICATION_UNKNOWN',
    message: `publications.${name}.${key}: ${text} means nothing that it publishes.`,
    place: project.locate(['publications', name, key, ...rest]),
    next: meant === undefined ? next : `Did you mean ${meant}?`,
  });
}
