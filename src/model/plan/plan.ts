import type { WarehouseError } from '../../lib/errors.ts';
import { type Analysis, isBroken } from './analyse.ts';
import { changeBetween, type Parts } from './fingerprint.ts';
import type { Graph } from './graph.ts';

/** What the record says of a model that was built. */
export interface RecordedModel {
  readonly materialized: string;
  readonly parts: Parts;
  readonly fingerprint: string;
  readonly contentHash: string;
  readonly rows: bigint;
}

/**
 * - `build`: it will be built.
 * - `skip`: it will not.
 * - `depends`: only the outcome of what it reads will tell: a table rebuilt with the same content changes nothing.
 * - `blocked`: it cannot be built.
 * - `drop`: it is no model any more, and what was built of it goes.
 */
export type PlannedAction = 'build' | 'skip' | 'depends' | 'blocked' | 'drop';

export interface PlannedModel {
  readonly name: string;
  readonly action: PlannedAction;
  /** In words: `new`, `SQL changed`, `macro x changed`, `staged.ae changed`, `unchanged`, ... */
  readonly reason: string;
  /** What is wrong with the model itself. */
  readonly error?: WarehouseError;
}

/** Everything a plan is made from. */
export interface PlanInput {
  readonly analyses: ReadonlyMap<string, Analysis>;
  readonly graph: Graph;
  readonly selected: ReadonlySet<string>;
  readonly recorded: Recorded;
  /** The tables and views that are there. */
  readonly existing: ReadonlySet<string>;
  /** Content hash of a table that a model (or, without one, a test) reads, as known before anything is built. */
  readonly content: (table: string, model?: string) => string | undefined;
  /** Build all that is selected from nothing, changed or not. */
  readonly fullRefresh: boolean;
  readonly duckdb: string;
}

/** What the record says of the models that are in place, by name. */
export type Recorded = ReadonlyMap<string, RecordedModel>;

/** The content of tables once models have been built: of these as the record has it now, of others as it was known. */
export function contentNow({ content }: Pick<PlanInput, 'content'>, recorded: Recorded): PlanInput['content'] {
  return (table, model) => recorded.get(table)?.contentHash ?? content(table, model);
}

/** What would be done, in order, made before anything is: a pure function of its input. */
export function planModels(input: PlanInput): readonly PlannedModel[] {
  const planned = new Map<string, PlannedModel>();
  for (const name of abandonedModels(input)) {
    planned.set(name, Object.freeze({ name, action: 'drop', reason: 'no file defines it any more' }));
  }
  for (const name of input.graph.order) {
    if (!input.selected.has(name)) continue;
    planned.set(name, Object.freeze({ name, ...planModel(name, planned, input) }));
  }
  return Object.freeze([...planned.values()]);
}

/**
 * What was built of models that are none any more: their file was removed. Whatever is selected, they go first; but a
 * snapshot, whose history nothing could make again, stays.
 */
function abandonedModels({ recorded, analyses, existing }: PlanInput): string[] {
  const stays = (name: string) => recorded.get(name)!.materialized === 'snapshot' && existing.has(name);
  return [...recorded.keys()].filter((name) => !analyses.has(name) && !stays(name)).sort();
}

function planModel(
  name: string,
  planned: ReadonlyMap<string, PlannedModel>,
  input: PlanInput,
): Omit<PlannedModel, 'name'> {
  const analysis = input.analyses.get(name)!;
  if (isBroken(analysis)) return { action: 'blocked', reason: analysis.error.code, error: analysis.error };
  const upstream = input.graph.dependenciesOf(name);
  const blocked = upstream.find((other) => planned.get(other)?.action === 'blocked');
  if (blocked !== undefined) return { action: 'blocked', reason: `${blocked} is blocked` };
  const isThere = (other: string) => input.existing.has(other) && input.recorded.has(other);
  const missing = upstream.find((other) => !planned.has(other) && !isThere(other));
  if (missing !== undefined) return { action: 'blocked', reason: `${missing} has not been built` };
  const open = upstream.filter((other) => isOpen(planned.get(other)));
  const content = (table: string) => (open.includes(table) ? undefined : input.content(table, name));
  const reason = reasonToBuild(name, input, content);
  if (reason !== undefined) return { action: 'build', reason };
  if (open.length > 0) return { action: 'depends', reason: `built only if ${open.join(' or ')} changes` };
  return { action: 'skip', reason: 'unchanged' };
}

const isOpen = (model: PlannedModel | undefined) => model?.action === 'build' || model?.action === 'depends';

/** Why a model has to be built, in words; undefined if nothing says so. @param content as of `reasonStale` */
export function reasonToBuild(
  name: string,
  input: Omit<PlanInput, 'content' | 'graph' | 'selected'>,
  content: (table: string) => string | undefined,
): string | undefined {
  return reasonStale(name, input, content) ?? (input.fullRefresh ? 'full refresh' : undefined);
}

/**
 * Why what is in place of a model is not what its SELECT would make now, as far as one can tell without running it.
 * @param content hash of a table that it reads; undefined for one whose content is not known yet: it counts as unchanged.
 */
export function reasonStale(
  name: string,
  { analyses, recorded, existing, duckdb }: Pick<PlanInput, 'analyses' | 'recorded' | 'existing' | 'duckdb'>,
  content: (table: string) => string | undefined,
): string | undefined {
  const analysis = analyses.get(name)!;
  if (isBroken(analysis)) return undefined;
  const before = recorded.get(name);
  if (before === undefined) return 'new';
  if (!existing.has(name)) return 'its table is missing';
  const reads = analysis.reads.map((table) => [table, content(table) ?? before.parts.reads[table]]);
  const known = reads.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return changeBetween(before.parts, partsOf(analysis, duckdb, Object.fromEntries(known)));
}

/** The parts of a model's fingerprint, given the content of what it reads. */
export function partsOf(
  analysis: Exclude<Analysis, { error: WarehouseError }>,
  duckdb: string,
  reads: Readonly<Record<string, string>>,
): Parts {
  const { sqlHash: sql, propertiesHash: properties, macros } = analysis;
  const variables = Object.entries(analysis.variables).map(([name, hash]) => [`getvariable('${name}')`, hash]);
  return { duckdb, sql, properties, macros, reads: { ...reads, ...analysis.seeds, ...Object.fromEntries(variables) } };
}
