import { sha256Hex } from '../../lib/hash.ts';
import { own } from '../../lib/own.ts';
import { type ClassifiedModel, ofWhole } from '../../model/classification/propagate.ts';
import { isBroken } from '../../model/plan/analyse.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { type MacroStatement, macroStatements } from '../../model/reading/macro-files.ts';
import { statementText } from '../../model/sql/lexer.ts';
import { sentences } from '../../model/table/compile.ts';
import { type PlannedTest, shownModel } from '../../model/test/test-plan.ts';
import { externalFile, isExternal } from '../../project/external.ts';
import { shortName } from '../../project/model-name.ts';
import type { ModelSource, Project } from '../../project/project.ts';
import { qualified } from '../../store/connection.ts';
import type { Classes } from '../classification/classify.ts';
import { DBT_VERSION, macroId, modelId, packageOf, sourceId, testId } from './dbt-names.ts';

/** What an artifact says of the run that wrote it. */
export interface Invocation {
  readonly runId: string;
  readonly at: Date;
  /** How the columns of models are classified; absent where nothing tells. */
  readonly classes?: Pick<Classes, 'models'>;
  /** Whether failing rows are kept; they are where it is left out. */
  readonly storeFailures?: boolean;
}

/**
 * `manifest.json` in the shape of dbt's (v12): models, snapshots, tests, the tables that no model makes as sources, macros,
 * and who depends on whom.
 */
export function dbtManifest(project: Project, { input, tests }: Preparation, invocation: Invocation) {
  const writer = new Nodes(project, input, invocation);
  const nodes = [...input.graph.order.map((name) => writer.model(name)), ...tests.map((test) => writer.test(test))];
  const sources = writer.sources(nodes.flatMap(({ depends_on }) => depends_on.nodes));
  const ids = [...nodes, ...sources].map(({ unique_id }) => unique_id);
  const parents = new Map(nodes.map(({ unique_id, depends_on }) => [unique_id, depends_on.nodes]));
  const children = new Map(ids.map((id): [string, string[]] => [id, []]));
  for (const [id, above] of parents) for (const parent of above) children.get(parent)?.push(id);
  return {
    metadata: {
      ...metadataOf('manifest/v12', invocation),
      project_name: packageOf(project),
      adapter_type: 'duckdb',
    },
    nodes: byId(nodes),
    sources: byId(sources),
    macros: byId(writer.macros()),
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: {},
    parent_map: Object.fromEntries(ids.map((id) => [id, parents.get(id) ?? []])),
    child_map: Object.fromEntries(children),
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
  };
}

export function metadataOf(schema: string, { runId, at }: Invocation) {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: at.toISOString(),
    invocation_id: runId,
    env: {},
  };
}

const byId = <Node extends { unique_id: string }>(nodes: readonly Node[]) =>
  Object.fromEntries(nodes.map((node) => [node.unique_id, node]));

class Nodes {
  readonly #project: Project;
  readonly #input: Preparation['input'];
  readonly #classes: Invocation['classes'];
  readonly #storeFailures: boolean;
  readonly #macros: readonly MacroStatement[];

  constructor(project: Project, input: Preparation['input'], { classes, storeFailures = true }: Invocation) {
    this.#classes = classes;
    this.#storeFailures = storeFailures;
    this.#project = project;
    this.#input = input;
    this.#macros = macroStatements(project.macros);
  }

  model(name: string) {
    const analysis = this.#input.analyses.get(name)!;
    const { source } = analysis;
    const { properties, sql, template } = source;
    const written = template?.text ?? sql;
    const reads = isBroken(analysis) ? [] : analysis.reads;
    const macros = isBroken(analysis) ? [] : Object.keys(analysis.macros);
    const classified = this.#classes?.models.get(name);
    const isSnapshot = properties.materialized === 'snapshot';
    const short = shortName(name);
    return {
      ...this.#common(source.path, source.schema, short, name),
      resource_type: isSnapshot ? ('snapshot' as const) : ('model' as const),
      unique_id: this.#idOf(name),
      checksum: checksumOf(written),
      config: {
        enabled: true,
        materialized: properties.materialized,
        tags: properties.tags,
        ...(properties.unique_key && { unique_key: properties.unique_key }),
        ...(isExternal(source) && { location: externalFile(source, this.#project.target.name) }),
        ...(isSnapshot && { strategy: properties.updated_at === undefined ? 'check' : 'timestamp' }),
      },
      tags: properties.tags,
      description: sentences(properties.label, properties.comment) ?? '',
      columns: columnsOf(source, classified),
      meta: metaOf(source, classified),
      patch_path: source.propertiesPath === undefined ? null : `${packageOf(this.#project)}://${source.propertiesPath}`,
      relation_name: qualified(name),
      raw_code: written,
      compiled: !isBroken(analysis),
      compiled_code: statementText(sql),
      refs: reads
        .filter((table) => this.#isModel(table))
        .map((table) => ({ name: table, package: null, version: null })),
      sources: reads.filter((table) => !this.#isModel(table)).map((table) => table.split('.')),
      depends_on: {
        macros: macros.flatMap((macro) => this.#macrosOf(macro).map(({ id }) => id)),
        nodes: reads.map((table) => this.#idOf(table)),
      },
      ...(isSnapshot ? {} : { contract: { enforced: Object.keys(properties.columns).length > 0 } }),
    };
  }

  test(test: PlannedTest) {
    const model = shownModel(test);
    const isOfFile = test.model === undefined;
    const written = test.template?.text ?? test.sql;
    return {
      ...this.#common(
        test.path.replace(/, test .*$/, ''),
        'failures',
        test.name,
        model === '' ? test.name : `${model}.${test.name}`,
      ),
      resource_type: 'test' as const,
      unique_id: testId(this.#project, model, test.name),
      checksum: checksumOf(written),
      config: { enabled: true, severity: test.severity, store_failures: this.#storeFailures },
      description: test.asserts,
      raw_code: written,
      compiled: true,
      compiled_code: statementText(test.sql),
      depends_on: { macros: [] as string[], nodes: test.reads.map((table) => this.#idOf(table)) },
      column_name: test.columns.length === 1 ? test.columns[0] : null,
      attached_node: isOfFile ? null : this.#idOf(model),
      ...(!isOfFile && { test_metadata: { name: test.kind, kwargs: { columns: test.columns }, namespace: null } }),
    };
  }

  /** The tables among these that no model makes. */
  sources(ids: readonly string[]) {
    const prefix = sourceId(this.#project, '');
    const tables = [...new Set(ids)].filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
    return tables.sort().map((table) => {
      const [schema, name] = table.split('.', 2);
      return {
        database: this.#project.target.name,
        schema,
        name,
        resource_type: 'source' as const,
        package_name: packageOf(this.#project),
        path: 'warehouse.yml',
        original_file_path: 'warehouse.yml',
        unique_id: sourceId(this.#project, table),
        fqn: [packageOf(this.#project), schema, name],
        source_name: schema,
        source_description: '',
        loader: 'warehouse',
        identifier: name,
        relation_name: qualified(table),
      };
    });
  }

  /** Those that models reach; those of the warehouse itself without their text. */
  macros() {
    const analyses = [...this.#input.analyses.values()];
    const reached = new Set(analyses.flatMap((analysis) => (isBroken(analysis) ? [] : Object.keys(analysis.macros))));
    return [...reached].sort().flatMap((reachedName) =>
      this.#macrosOf(reachedName).map(({ id, name, path, sql }) => ({
        name,
        resource_type: 'macro' as const,
        package_name: packageOf(this.#project),
        path,
        original_file_path: path,
        unique_id: id,
        macro_sql: sql,
      })),
    );
  }

  /** Those of a name: in several schemas there may be one each, and calls do not always tell which is meant. */
  #macrosOf(name: string) {
    const own = this.#macros.filter((macro) => macro.function.toLowerCase() === name);
    if (own.length === 0) return [{ id: macroId(this.#project, name), name, path: '', sql: '' }];
    return own.map(({ name: full, function: short, text, start, end }) => ({
      id: macroId(this.#project, full.toLowerCase()),
      name: short,
      path: text.path,
      sql: text.sql.slice(start, end),
    }));
  }

  #common(path: string, schema: string, name: string, full: string) {
    return {
      database: this.#project.target.name,
      schema,
      name,
      alias: name,
      package_name: packageOf(this.#project),
      path: path.replace(/^(models|tests)\//, ''),
      original_file_path: path,
      fqn: [packageOf(this.#project), ...full.split('.')],
      language: 'sql',
    };
  }

  #isModel(table: string): boolean {
    return this.#input.analyses.has(table);
  }

  #idOf(table: string): string {
    const properties = this.#input.analyses.get(table)?.source.properties;
    if (properties === undefined) return sourceId(this.#project, table);
    return modelId(this.#project, table, properties.materialized === 'snapshot');
  }
}

const checksumOf = (sql: string) => ({ name: 'sha256', checksum: sha256Hex(sql) });

/** The highest of its columns, or what its properties declare where none of them has more. */
function metaOf({ properties }: ModelSource, classified: ClassifiedModel | undefined) {
  const found = classified && ofWhole(classified).classification;
  const classification = found === undefined || found === 'none' ? properties.classification : found;
  return classification === undefined ? {} : { classification };
}

/** Those of the properties, and further ones that are classified. */
function columnsOf({ properties }: ModelSource, classified: ClassifiedModel | undefined) {
  const found = new Map(classified?.columns.map(({ column, classification }) => [column, classification]));
  const described = Object.entries(properties.columns).map(([name, column]) => {
    const description = sentences(column.label, column.comment) ?? '';
    const { type, data_type, length, codelist } = column;
    const effective = found.get(name) ?? 'none';
    const classification = effective === 'none' ? column.classification : effective;
    const meta = { type, length, codelist, classification };
    return [name, { name, description, ...(data_type && { data_type }), meta }] as const;
  });
  const others = [...found].flatMap(([name, classification]) => {
    if (name === null || name === '*' || classification === 'none' || own(properties.columns, name) !== undefined)
      return [];
    return [[name, { name, description: '', meta: { classification } }] as const];
  });
  return Object.fromEntries([...described, ...others]);
}
