import { schemaOf } from '../../project/model-name.ts';
import type { ModelSource, Qc, TestFile } from '../../project/project.ts';
import { RULES } from '../../project/rules.ts';
import type { Seeds } from '../../project/seeds.ts';
import type { SqlFile } from '../../project/sql-file.ts';
import { isDataset } from '../../project/submission.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import { type MacroCatalog, readMacros, refuseMacrosOfModels } from '../reading/macro-catalog.ts';
import { installMacros } from '../reading/macros.ts';
import type { Known } from '../reading/reading.ts';
import { SeedFiles } from '../reading/seed-files.ts';
import { refuseMacrosOfVariables, setVariables, type Variables } from '../reading/variables.ts';
import { selectModels } from '../select/select.ts';
import { parseSelection, type Selection, usesMethod } from '../select/selector.ts';
import { eachParsed } from '../sql/syntax.ts';
import { type RelationKind, readCatalog } from '../table/catalog.ts';
import { contentOf } from '../table/content-hash.ts';
import { testOfQc } from '../test/qc.ts';
import { refuseSharedNames } from '../test/test-names.ts';
import { type BrokenTest, type PlannedTest, planTest } from '../test/test-plan.ts';
import { testOfFile, testsOfModel } from '../test/tests.ts';
import { type PlannedUnitTest, planUnitTests } from '../test/unit-plan.ts';
import { type Analysis, analyseModel, isBroken } from './analyse.ts';
import { Graph } from './graph.ts';
import { keepSnapshots, refuseHistory } from './history.ts';
import { readLastRun } from './last-run.ts';
import { type PlanInput, type PlannedModel, planModels } from './plan.ts';
import { refuseReadingQc } from './qc.ts';
import { prepareRecord, readFormerModels, readPassedTests, readRecord } from './record.ts';
import { type Brought, modelsBySource, outcomesOf, statesOf } from './selectable.ts';

/** What a plan is made from. */
export interface PlanOptions {
  /** A connection to the working file. Its instance may be locked. */
  readonly connection: Connection;
  readonly models: readonly ModelSource[];
  /** Files of CREATE OR REPLACE MACRO statements: the product's and the project's. */
  readonly macros: readonly SqlFile[];
  /** Files of tests/: each a SELECT that must return nothing. */
  readonly tests: readonly TestFile[];
  /** Second versions of models; the models that they are are among `models`. */
  readonly qc?: readonly Qc[];
  /**
   * Hash of what a model reads in a table that no model makes: by model, because a generated model may read but a part
   * of a large table; of the whole table where a test asks (no model). Where it gives none, the table is scanned.
   */
  readonly contentHash?: (table: string, model: string | undefined) => Promise<string | undefined>;
  /** `vars:` of warehouse.yml. */
  readonly variables?: Variables;
  /** The files that SQL may read. */
  readonly seeds?: Seeds;
  /** `ae+`, `sdtm.*,tag:nightly`; empty: all. */
  readonly select?: readonly string[];
  /** What is left out of that. */
  readonly exclude?: readonly string[];
  /** By source of warehouse.yml; asked only where a selector names a source. */
  readonly sources?: () => Promise<ReadonlyMap<string, Brought>>;
  /** Build all that is selected from nothing, changed or not. */
  readonly fullRefresh?: boolean;
  /** Whether failing rows are kept; they are where it is left out. Then a test is run again whose last ones were not. */
  readonly storeFailures?: boolean;
}

/** Everything known before anything is built. */
export interface Preparation {
  readonly plan: readonly PlannedModel[];
  readonly input: PlanInput;
  readonly tests: readonly PlannedTest[];
  /** Those that are run before their model is built. */
  readonly unitTests: readonly PlannedUnitTest[];
  readonly brokenTests: readonly BrokenTest[];
  /** The fingerprints with which tests last passed; of those that need not be run again to have their rows kept. */
  readonly passed: ReadonlyMap<string, string>;
  readonly relations: ReadonlyMap<string, RelationKind>;
  /** Those of the file, once what the project defines is among them. */
  readonly macros: MacroCatalog;
}

/**
 * The plan of a run, made before anything is built. Installs macros, makes the schemas of models and gives the
 * connection the variables.
 * @throws usage MODEL_CYCLE, and those of `parseSelection`, `selectModels` and `installMacros`.
 */
export async function prepareRun(options: PlanOptions): Promise<Preparation> {
  const { connection, models, variables = {} } = options;
  const selection = parseSelection(options.select, options.exclude);
  await prepareRecord(connection);
  await createSchemas(connection, models);
  await installMacros(connection, options.macros);
  const macros = await readMacros(connection);
  const names = new Set(models.map(({ name }) => name));
  refuseMacrosOfVariables(macros, options.macros);
  await setVariables(connection, variables);
  const catalog = await readCatalog(connection);
  const { database, version } = await readVersion(connection);
  refuseMacrosOfModels(macros, { names, database, files: options.macros });
  const recorded = await readRecord(connection, catalog);
  // What is left of a model whose file was removed is no table to read any more.
  const there = [...catalog.keys()].filter((name) => !recorded.has(name));
  const seeds = new SeedFiles(options.seeds ?? NO_SEEDS);
  const former = await readFormerModels(connection);
  const known = { names: new Set([...there, ...names]), former, database, variables, seeds };

  const analyses = new Map<string, Analysis>();
  await eachParsed(connection, models, sqlOf, async (model) => {
    analyses.set(model.name, await analyseModel(connection, model, macros, known));
  });
  const graph = new Graph(new Map([...analyses].map(([name, analysis]) => [name, readsOf(analysis)])), isBeforeGate);
  refuseHistory(analyses, graph);
  keepSnapshots(analyses, recorded, catalog);
  refuseReadingQc(analyses, options.qc ?? []);
  const lastOf = (names: Iterable<string>) => graph.lastOf(names);
  const read: (PlannedTest | BrokenTest)[] = [];
  await eachParsed(
    connection,
    [...models.flatMap(testsOfModel), ...(options.qc ?? []).map(testOfQc), ...options.tests.map(testOfFile)],
    sqlOf,
    async (test) => {
      read.push(await planTest(connection, test, macros, known, lastOf));
    },
  );
  const units: (PlannedUnitTest | BrokenTest)[] = [];
  for (const model of models) units.push(...(await unitTestsOf(connection, analyses.get(model.name)!, macros, known)));
  const planned = refuseSharedNames(read, new Set(models.filter(isDataset).map(({ name }) => name)));
  const tests = planned.filter((test): test is PlannedTest => !('error' in test));
  const unitTests = units.filter((test): test is PlannedUnitTest => !('error' in test));
  const brokenTests = [...planned, ...units].filter((test): test is BrokenTest => 'error' in test);

  const selected = await select(options, selection, { graph, analyses, recorded, tests });
  const made = new Set([...analyses.keys(), ...recorded.keys()]);
  const outside = await outsideContent(options, readings(analyses, tests), made);
  const input: PlanInput = {
    analyses,
    graph,
    selected,
    recorded,
    existing: new Set(catalog.keys()),
    content: (table, model) =>
      made.has(table) ? recorded.get(table)?.contentHash : outside.get(readingKey(table, model)),
    fullRefresh: options.fullRefresh ?? false,
    duckdb: version,
  };
  const relations = new Map([...catalog].map(([name, { kind }]) => [name, kind]));
  const passed = await readPassedTests(connection, { kept: options.storeFailures ?? true });
  return { plan: planModels(input), input, tests, unitTests, brokenTests, passed, relations, macros };
}

/** What selectors ask the file for is read only where one asks. */
async function select(
  { connection, sources }: PlanOptions,
  selection: Selection,
  { graph, tests, ...known }: Pick<PlanInput, 'graph' | 'analyses' | 'recorded'> & Pick<Preparation, 'tests'>,
): Promise<ReadonlySet<string>> {
  const last = usesMethod(selection, 'result') ? await readLastRun(connection) : undefined;
  const brought = usesMethod(selection, 'source') ? await sources?.() : undefined;
  return selectModels(selection, graph, {
    models: new Map(graph.order.map((name) => [name, known.analyses.get(name)!.source])),
    inState: statesOf(known),
    results: outcomesOf(last, tests),
    sources: modelsBySource(known.analyses, brought ?? new Map()),
  });
}

/** What shows what arrived: it is made first, and whatever the checks of what arrived find. */
const BEFORE_GATE: ReadonlySet<string> = new Set(['staged', RULES]);

const isBeforeGate = (name: string) => BEFORE_GATE.has(schemaOf(name));

/** The models that are made only once what arrived has been checked. */
export function behindGate(graph: Graph): ReadonlySet<string> {
  const before = graph.order.filter(isBeforeGate);
  const needed = new Set(before.flatMap((name) => [name, ...graph.ancestors(name)]));
  return new Set(graph.order.filter((name) => !needed.has(name)));
}

const sqlOf = ({ sql }: { readonly sql: string }) => sql;

/** Of a model that is not understood, its unit tests are not for the same reason. */
async function unitTestsOf(
  connection: Connection,
  analysis: Analysis,
  macros: MacroCatalog,
  known: Known,
): Promise<(PlannedUnitTest | BrokenTest)[]> {
  const planned = await planUnitTests(connection, analysis.source, macros, known);
  if (!isBroken(analysis)) return planned;
  return planned.map((test) => ('error' in test ? { ...test, error: analysis.error } : test));
}

const NO_SEEDS: Seeds = { root: '', paths: [] };

async function readVersion(connection: Connection): Promise<{ database: string; version: string }> {
  const row = await connection.row<{ database: string; version: string }>(
    'SELECT current_database() AS database, version() AS version',
  );
  return row!;
}

async function createSchemas(connection: Connection, models: readonly ModelSource[]): Promise<void> {
  for (const schema of new Set(models.map((model) => model.schema))) {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`);
  }
}

const readsOf = (analysis: Analysis) => (isBroken(analysis) ? [] : analysis.reads);

/** Who reads what: models, or undefined for tests. */
type Readings = readonly (readonly [reader: string | undefined, tables: readonly string[]])[];

function readings(analyses: ReadonlyMap<string, Analysis>, tests: readonly PlannedTest[]): Readings {
  return [
    ...[...analyses].map(([name, analysis]) => [name, readsOf(analysis)] as const),
    ...tests.map(({ reads }) => [undefined, reads] as const),
  ];
}

const readingKey = (table: string, reader: string | undefined) => `${table} ${reader ?? ''}`;

/** The number that the load gave a row of a CSV file: it differs between two working files of the same content. */
const SURROGATES = ['_key'];

/** Content of the tables that no model makes, by table and who reads it. */
async function outsideContent(
  { connection, contentHash }: PlanOptions,
  readings: Readings,
  made: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const scanned = new Map<string, string>();
  const hashes = new Map<string, string>();
  for (const [reader, tables] of readings) {
    for (const table of tables) {
      const key = readingKey(table, reader);
      if (made.has(table) || hashes.has(key)) continue;
      const given = await contentHash?.(table, reader);
      if (given === undefined && !scanned.has(table)) {
        scanned.set(table, (await contentOf(connection, table, { surrogates: SURROGATES })).hash);
      }
      hashes.set(key, given ?? scanned.get(table)!);
    }
  }
  return hashes;
}
