import type { WarehouseError } from '../lib/errors.ts';
import type { PendingDelivery } from '../load/pending-delivery.ts';
import { isBroken } from '../model/plan/analyse.ts';
import { bindPlan } from '../model/plan/bind.ts';
import type { PlannedModel } from '../model/plan/plan.ts';
import { type Preparation, prepareRun } from '../model/plan/prepare.ts';
import { readStale, readTestsDue, type StaleModel, staleUpstream } from '../model/plan/stale.ts';
import { type BrokenTest, isSelected } from '../model/test/test-plan.ts';
import { externalFile, isExternal } from '../project/external.ts';
import { schemaOf } from '../project/model-name.ts';
import type { Project } from '../project/project.ts';
import { ARRIVED } from '../project/reserved-schemas.ts';
import { CSV_TABLE, csvSources } from './brought.ts';
import { checkClassification } from './classification/check.ts';
import { planOptions } from './models.ts';
import { checkPublications } from './publication.ts';
import type { SelectOptions } from './selection.ts';
import { type StandIn, withStandIn } from './stand-in.ts';
import { tellUpstream } from './tell-upstream.ts';
import type { Context } from './warehouse.ts';

export interface PlanChoice extends SelectOptions {
  /** Whether DuckDB is to look at the columns of all that would be built: it takes longer than the rest of a plan. */
  readonly check?: boolean;
  /** Whether it is the plan of a build from nothing. */
  readonly fullRefresh?: boolean;
}

interface BuildPlan {
  readonly deliveries: readonly { source: string; file: string; reason: string }[];
  /** In order of building. */
  readonly models: readonly {
    readonly name: string;
    readonly action: string;
    readonly reason: string;
    /** The models that it reads. */
    readonly reads: readonly string[];
    /** Where its rows are written to, of an external one. */
    readonly file?: string;
  }[];
  /** Those that are run on models that are left as they are: new ones, changed ones, and those that have not passed. */
  readonly tests: readonly { readonly model: string; readonly name: string }[];
  /** What is wrong with a delivery, models and tests, in this order; told as events. */
  readonly errors: readonly WarehouseError[];
}

/**
 * What a build would do and why, without a trace on the disk. Pending deliveries are read for what they define and name,
 * so that the staged tables which they will bring are planned too, and what reads them; which records they change is
 * known only once they are loaded, so that what reads records depends on them. Errors of models and tests that keep these
 * from being run are told as events.
 */
export async function plan(project: Project, options: PlanChoice, context: Context): Promise<BuildPlan> {
  checkPublications(project);
  return withStandIn(project, { ...options, ahead: true }, context, async (standIn) => {
    const prepared = await prepareRun(await planOptions(standIn, options));
    await checkClassification(standIn.connection, project, prepared, ['publications', 'exports']);
    tellUpstream(await upstreamOf(standIn, prepared), options, context.events);
    const preparation = options.check ? await bindPlan(standIn.connection, prepared, context.clock()) : prepared;
    const planned = awaiting(preparation, await bringersOf(standIn));
    const refused = standIn.refusal === undefined ? [] : [standIn.refusal.error];
    const errors = [...refused, ...errorsOf(preparation)];
    for (const error of errors) context.events({ event: 'error', error });
    return {
      errors,
      deliveries: deliveriesOf(standIn),
      models: planned.map(({ name, action, reason }) => {
        const source = preparation.input.analyses.get(name)?.source;
        const file = source && isExternal(source) ? externalFile(source, project.target.name) : undefined;
        return { name, action, reason, reads: preparation.input.graph.dependenciesOf(name), ...(file && { file }) };
      }),
      tests: await readTestsDue(standIn.connection, { ...preparation, plan: planned }, preparation.input.recorded),
    };
  });
}

/** What the selected models are made from that is not selected and not up to date. */
async function upstreamOf({ connection }: StandIn, prepared: Preparation): Promise<StaleModel[]> {
  const { input } = prepared;
  if (input.selected.size === input.analyses.size) return [];
  return staleUpstream(await readStale(connection, prepared, input.recorded), input);
}

/** What is wrong with the models and tests that are selected, as they stand. */
function errorsOf({ plan, brokenTests, input }: Preparation): WarehouseError[] {
  const isAsked = ({ test }: BrokenTest) => isSelected({ gate: test.model }, input);
  const errors = [
    ...plan.flatMap(({ error }) => (error === undefined ? [] : [error])),
    ...brokenTests.filter(isAsked).map(({ error }) => error),
  ];
  // A unit test cannot be run for what is wrong with its model.
  return [...new Set(errors)];
}

function deliveriesOf({ pending, refusal }: StandIn): BuildPlan['deliveries'] {
  const stop = refusal === undefined ? pending.length : pending.indexOf(refusal.delivery);
  const said = (index: number) => {
    if (index < stop) return '';
    return index === stop ? `; the build would stop here: ${refusal?.error.code}` : '; not reached';
  };
  return pending.flatMap(({ source, parts }, index) =>
    parts.map(({ file, reason }) => ({ source: source.name, file: file.name, reason: `${reason}${said(index)}` })),
  );
}

/** The pending delivery that may change what a table of the warehouse's own holds. */
type Bringer = (table: string) => PendingDelivery | undefined;

const WORKED_OUT: readonly string[] = [...ARRIVED, 'recon'];

async function bringersOf({ connection, pending }: StandIn): Promise<Bringer> {
  const sourceOf = await csvSources(connection);
  return (table) => {
    if (CSV_TABLE.test(table)) return pending.find(({ source }) => source.name === sourceOf(table));
    if (table === 'staged._cells') return pending.find(({ source }) => source.format === 'odm');
    return WORKED_OUT.includes(schemaOf(table)) ? pending[0] : undefined;
  };
}

/**
 * The plan, in which a model that nothing is known to change depends on all that may: models that are built, or may be,
 * and pending deliveries that change what it reads, at any distance.
 */
function awaiting({ plan, input }: Preparation, bringing: Bringer): PlannedModel[] {
  const open = new Set<string>();
  return plan.map((model): PlannedModel => {
    if (model.action === 'build') open.add(model.name);
    if (model.action !== 'skip' && model.action !== 'depends') return model;
    const analysis = input.analyses.get(model.name);
    const reads = analysis === undefined || isBroken(analysis) ? [] : analysis.reads;
    const upstream = reads.filter((table) => open.has(table));
    const brought = reads.flatMap((table) => (input.analyses.has(table) ? [] : (bringing(table) ?? [])));
    const files = [...new Set(brought)].map(({ parts }) => parts[0].file.name);
    const changes = [
      ...(upstream.length > 0 ? [`${upstream.join(' or ')} changes`] : []),
      ...(files.length > 0 ? [`${files.join(' or ')} changes what it reads`] : []),
    ];
    if (changes.length === 0) return model;
    open.add(model.name);
    return { ...model, action: 'depends', reason: `built only if ${changes.join(' or ')}` };
  });
}
