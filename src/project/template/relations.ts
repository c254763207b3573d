import { identifier } from '../../lib/sql-text.ts';
import { nearest } from '../nearest.ts';
import { ARRIVED } from '../reserved-schemas.ts';
import type { Source } from '../source.ts';
import { bound, textArgument } from './arguments.ts';
import { Complaint } from './complaint.ts';
import { type Call, Thing } from './value.ts';

/** What names of tables are looked up in. */
export interface Relations {
  /** The project's name in warehouse.yml. */
  readonly project: string;
  /** The project's own models and seeds: `sdtm.ae`. */
  readonly models: readonly string[];
  readonly sources: readonly Source[];
}

/** Where the warehouse itself keeps what arrived: `source('staged', 'ae')`. */
const OWN_SCHEMAS = ['staged', ...ARRIVED];

/** A table or view of the file, or those of its rows for which a condition is true, as SQL names it. */
export function relation(schema: string, name: string, where?: string): Thing {
  const table = `${identifier(schema)}.${identifier(name)}`;
  const sql = where === undefined ? table : `(SELECT * FROM ${table} WHERE (${where}\n))`;
  return new Thing('the relation', { schema, name, identifier: name, table: name }, sql);
}

/**
 * `ref('ae')`, `ref('sdtm.ae')`, `ref('project', 'ae')`: a model, its schema written or not. A name without a schema is one
 * of the project's own models, else the generated one of staged; whether that is there, the SQL is asked later.
 * @throws TEMPLATE_REF
 */
export function refOf({ project, models }: Relations): (call: Call) => Thing {
  return ({ args, named }) => {
    if (named.size > 0) throw new Complaint('TEMPLATE_REF', `ref() knows no ${[...named.keys()].join(', ')}.`);
    const names = args.map((name) => textArgument('ref', name));
    const name = names.at(-1);
    if (name === undefined || names.length > 2) throw new Complaint('TEMPLATE_REF', 'ref() takes the name of a model.');
    if (names.length === 2 && names[0] !== project) {
      const next = `This project is called ${project}: leave the first name out.`;
      throw new Complaint('TEMPLATE_REF', `There is no package ${names[0]}.`, next);
    }
    const dot = name.indexOf('.');
    if (dot > 0) return relation(name.slice(0, dot), name.slice(dot + 1));
    return ownModel(name, models);
  };
}

function ownModel(name: string, models: readonly string[]): Thing {
  const found = models.filter((model) => model.endsWith(`.${name}`));
  if (found.length > 1) {
    throw new Complaint(
      'TEMPLATE_REF',
      `${name} may be ${found.join(' or ')}.`,
      `Name the schema: ref('${found[0]}').`,
    );
  }
  return relation(found[0]?.slice(0, -name.length - 1) ?? 'staged', name);
}

/**
 * `source('edc', 'ae')`: the staged table of a source of warehouse.yml; `source('staged', 'ae')`: a table of the warehouse.
 * @throws TEMPLATE_SOURCE
 */
export function sourceOf({ sources }: Relations): (call: Call) => Thing {
  return (call) => {
    const [first, second] = bound('source', call, ['source_name', 'table_name']);
    const [name, table] = [textArgument('source', first), textArgument('source', second)];
    const source = sources.find((one) => one.name === name);
    if (source === undefined && OWN_SCHEMAS.includes(name)) return relation(name, table);
    if (source === undefined) throw unknownSource(name, sources);
    if (source.format === 'csv' && table !== name) {
      const next = `Write source('${name}', '${name}').`;
      throw new Complaint('TEMPLATE_SOURCE', `The CSV source ${name} has one table, of its own name.`, next);
    }
    return relation('staged', table);
  };
}

function unknownSource(name: string, sources: readonly Source[]): Complaint {
  const known = [...sources.map((source) => source.name), ...OWN_SCHEMAS];
  const near = nearest(name, known);
  const next = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
  return new Complaint('TEMPLATE_SOURCE', `warehouse.yml has no source ${name}.`, next);
}
