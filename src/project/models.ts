import { basename, dirname } from 'node:path';
import { withConfig } from './config-call.ts';
import { type CustomTests, expandTests } from './custom-tests.ts';
import { dbtProblem, orOfDbt } from './dbt-file.ts';
import { readText } from './files.ts';
import { readUnitTests } from './fixtures.ts';
import { orProblem, type Problem } from './problem.ts';
import type { ModelSource } from './project.ts';
import { type ModelProperties, NO_PROPERTIES, propertiesSchema } from './properties.ts';
import { reservedProblem } from './reserved-schemas.ts';
import type { Templates } from './template/render.ts';
import { textFiles } from './text-files.ts';
import { validateRead } from './validate.ts';
import { NAME } from './vocabulary.ts';
import { otherSql, writtenSql } from './written-sql.ts';
import { readYaml } from './yaml-file.ts';

/** `models/sdtm/ae.sql` and `models/sdtm/ae.yml`, either of which may be absent. */
export interface ModelFiles {
  readonly schema: string;
  readonly name: string;
  sql?: string;
  yml?: string;
}

/** What the files of a project may use of one another. */
export interface Shared {
  readonly templates: Templates;
  readonly tests: CustomTests;
  /** YAML by path, in place of what its file says. */
  readonly drafts?: ReadonlyMap<string, string>;
}

export interface Models {
  readonly models: readonly ModelSource[];
  readonly problems: readonly Problem[];
}

/** The files of models/, by the model. */
export interface FoundModels {
  readonly found: readonly ModelFiles[];
  readonly problems: readonly Problem[];
}

/** Finds models/<schema>/<name>.sql and the .yml beside each, in the order of their names. */
export async function findModels(root: string): Promise<FoundModels> {
  const { paths, problems: ofFiles } = await textFiles(root, 'models');
  const problems = sameButForCase(paths);
  const found = modelFiles(paths, problems);
  return { found, problems: [...ofFiles, ...(await Promise.all(problems.map((problem) => orOfDbt(root, problem))))] };
}

/** `sdtm.ae` */
export const nameOf = ({ schema, name }: Pick<ModelFiles, 'schema' | 'name'>) => `${schema}.${name}`;

/** Reads the files that were found. */
export async function readModels(root: string, { found, problems }: FoundModels, shared: Shared): Promise<Models> {
  const read = await Promise.all(found.map((files) => orProblem(readModel(root, files, shared), { models: [] })));
  return {
    models: read.flatMap(({ models }) => models),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
}

function modelFiles(paths: readonly string[], problems: Problem[]): ModelFiles[] {
  const found = new Map<string, ModelFiles>();
  for (const path of paths) collect(path, found, problems);
  return [...found.values()];
}

/** What an import of a specification leaves that dies before all files are in their places. */
const CUT_SHORT = /\.ya?ml\.partial$/i;

const isModelFile = (path: string) => /\.(sql|ya?ml)$/i.test(path);

function collect(path: string, found: Map<string, ModelFiles>, problems: Problem[]): void {
  const [, schema, file, ...deeper] = path.split('/');
  if (CUT_SHORT.test(path)) problems.push(cutShort(path));
  if (!isModelFile(path)) return;
  const isPlaced = file !== undefined && deeper.length === 0;
  const problem = isPlaced ? badName(schema, file, path) : misplaced(path);
  if (problem) {
    problems.push(problem);
    return;
  }
  const [name, ending] = file.split('.');
  const files = found.get(`${schema}.${name}`) ?? { schema, name };
  found.set(`${schema}.${name}`, { ...files, [ending]: path });
}

function cutShort(path: string): Problem {
  return {
    kind: 'usage',
    code: 'SPEC_CUT_SHORT',
    message: 'An import of a specification was cut short: this file was to be put in its place.',
    place: { file: path },
    next: 'Remove it, and import the workbook again. Every file is whole; some may say what they said before.',
  };
}

function sameButForCase(paths: readonly string[]): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const name = basename(path);
    const key = `${dirname(path)}/${name.toLowerCase()}`;
    const other = seen.get(key);
    seen.set(key, name);
    if (other === undefined) continue;
    problems.push({
      kind: 'usage',
      code: 'MODEL_DUPLICATE',
      message: `${other} and ${name} differ only in case, and SQL does not tell them apart.`,
      place: { file: path },
      next: 'Rename or remove one of them.',
    });
  }
  return problems;
}

function misplaced(path: string): Problem {
  return {
    kind: 'usage',
    code: 'MODEL_MISPLACED',
    message: 'A model must be exactly models/<schema>/<name>.sql, with its properties in <name>.yml beside it.',
    place: { file: path },
    next: 'Move the file into a folder directly in models/.',
  };
}

function badName(schema: string, file: string, path: string): Problem | undefined {
  const reserved = reservedProblem(schema, 'model', path);
  if (reserved !== undefined) return reserved;
  const [name, ending, ...rest] = file.split('.');
  if (NAME.test(schema) && NAME.test(name) && (ending === 'sql' || ending === 'yml') && rest.length === 0) return;
  return {
    kind: 'usage',
    code: 'MODEL_NAME',
    message:
      'Folders and files of models are named in lower-case letters, digits and _, beginning with a letter, and end in .sql or .yml.',
    place: { file: path },
    next: `Rename it, for example to models/${plainName(schema)}/${plainName(name)}.${/sql$/i.test(file) ? 'sql' : 'yml'}.`,
  };
}

function plainName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+/, '') || 'name'
  );
}

function withoutSql(name: string, yml: string): Problem {
  return {
    kind: 'usage',
    code: 'MODEL_WITHOUT_SQL',
    message: `The properties of ${name} stand without a model: there is no ${yml.replace(/yml$/, 'sql')}.`,
    place: { file: yml },
    next: 'Write its SELECT there, or rename or remove this file as its model was.',
  };
}

/** Whether rows are brought into the table that is there by their key; of a model by subject the runner chooses what is read. */
const isMerged = ({ materialized, unique_key }: ModelProperties) =>
  materialized === 'incremental' && unique_key !== undefined;

async function readModel(root: string, files: ModelFiles, { templates, tests, drafts }: Shared): Promise<Models> {
  const { schema, sql: path } = files;
  const draft = path && drafts?.get(path.replace(/sql$/, 'yml'));
  const yml = files.yml ?? (draft && path?.replace(/sql$/, 'yml'));
  const name = nameOf(files);
  if (path === undefined) return { models: [], problems: [await orOfDbt(root, withoutSql(name, yml!))] };
  const written = writtenSql(templates, { path, text: await readText(root, path) }, { model: name, takesConfig: true });
  const { sql, template, config, problems } = written;
  const model = { name, schema, path, sql, ...(template && { template }), generated: false };
  if (yml === undefined && config.length === 0) return { models: [{ ...model, properties: NO_PROPERTIES }], problems };
  const read = yml === undefined ? undefined : readYaml(yml, draft ?? (await readText(root, yml)));
  const ofDbt = read && dbtProblem(read);
  if (ofDbt !== undefined) return { models: [], problems: [...problems, ofDbt] };
  const yaml = read && expandTests(read, name, tests);
  const { valid, locate, problems: further } = validateRead(withConfig(yaml, config, path), propertiesSchema);
  if (valid === undefined) return { models: [], problems: [...problems, ...further] };
  const { unitTests, problems: ofFixtures } = await readUnitTests(root, valid, {
    model: name,
    written,
    templates,
    locate,
  });
  const increment = isMerged(valid) ? otherSql(written, { incremental: true }) : undefined;
  const described = {
    ...model,
    ...(increment?.other && { incremental: increment.other }),
    properties: valid,
    ...(yml && { propertiesPath: yml }),
    ...(unitTests.length > 0 && { unitTests }),
    locate,
  };
  return { models: [described], problems: [...problems, ...further, ...ofFixtures, ...(increment?.problems ?? [])] };
}
