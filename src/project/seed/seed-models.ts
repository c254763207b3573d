import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listed } from '../../lib/listed.ts';
import { own } from '../../lib/own.ts';
import { identifier, literal } from '../../lib/sql-text.ts';
import { type CustomTests, expandTests } from '../custom-tests.ts';
import { orOfDbt } from '../dbt-file.ts';
import { readText } from '../files.ts';
import { nearest } from '../nearest.ts';
import { orProblem, type Problem } from '../problem.ts';
import type { ModelSource } from '../project.ts';
import { type ModelProperties, NO_PROPERTIES, propertiesSchema } from '../properties.ts';
import { reservedProblem } from '../reserved-schemas.ts';
import { SEEDS } from '../seeds.ts';
import { textFiles } from '../text-files.ts';
import { validateRead } from '../validate.ts';
import { NAME } from '../vocabulary.ts';
import { readYaml } from '../yaml-file.ts';
import { columnType } from './column-type.ts';
import { readCsv, SeedFault } from './csv.ts';

/** What a seed may have: it is read with every command, and stands in version control. */
const MOST_BYTES = 4 * 1024 * 1024;

/** seeds/<schema>/<name>.csv, and whether there is a .yml beside it. */
interface SeedFile {
  readonly schema: string;
  readonly name: string;
  readonly hasProperties: boolean;
}

export interface FoundSeeds {
  readonly found: readonly SeedFile[];
  readonly problems: readonly Problem[];
}

/** Finds seeds/<schema>/<name>.csv, by name. */
export async function findSeeds(root: string): Promise<FoundSeeds> {
  const { paths, problems: ofFiles } = await textFiles(root, SEEDS);
  const all = new Set(paths);
  const found: SeedFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths.filter((one) => /\.(csv|ya?ml)$/i.test(one))) {
    const [, schema, file, ...rest] = path.split('/');
    const [name, ending, ...more] = (file ?? '').split('.');
    const isNamed = rest.length === 0 && more.length === 0 && NAME.test(schema) && NAME.test(name);
    const reserved = isNamed ? reservedProblem(schema, 'seed', path) : undefined;
    if (!isNamed || !['csv', 'yml'].includes(ending)) problems.push(badName(path));
    else if (reserved !== undefined) problems.push(reserved);
    else if (ending === 'csv') found.push({ schema, name, hasProperties: all.has(path.replace(/csv$/, 'yml')) });
    else if (!all.has(path.replace(/yml$/, 'csv'))) problems.push(withoutCsv(path));
  }
  return { found, problems: [...ofFiles, ...(await Promise.all(problems.map((problem) => orOfDbt(root, problem))))] };
}

/** The seeds as models: each a SELECT that reads its file, with the types that its properties declare. */
export async function readSeeds(
  root: string,
  { found, problems }: FoundSeeds,
  tests: CustomTests,
): Promise<{ models: ModelSource[]; problems: Problem[] }> {
  const read = await Promise.all(found.map((file) => orProblem(readSeed(root, file, tests), {})));
  return {
    models: read.flatMap(({ model }) => (model === undefined ? [] : [model])),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
}

async function readSeed(
  root: string,
  { schema, name: short, hasProperties }: SeedFile,
  tests: CustomTests,
): Promise<{ model?: ModelSource; problems: readonly Problem[] }> {
  const path = `${SEEDS}/${schema}/${short}.csv`;
  const name = `${schema}.${short}`;
  const { size } = await stat(join(root, path));
  if (size > MOST_BYTES) return { problems: [tooLarge(path)] };
  const text = await readText(root, path);
  const propertiesPath = path.replace(/csv$/, 'yml');
  const yaml = hasProperties
    ? expandTests(readYaml(propertiesPath, await readText(root, propertiesPath)), name, tests)
    : undefined;
  const validated = yaml && validateRead(yaml, propertiesSchema);
  if (validated !== undefined && validated.valid === undefined) return validated;
  const properties = validated?.valid ?? NO_PROPERTIES;
  try {
    const sql = seedSql(path, text, properties, propertiesPath);
    const further = yaml && { propertiesPath, locate: yaml.locate };
    return { model: { name, schema, path, sql, properties, ...further, generated: false }, problems: [] };
  } catch (error) {
    if (!(error instanceof SeedFault)) throw error;
    const { code, message, line, next } = error;
    return { problems: [{ kind: 'usage', code, message, place: { file: path, line }, next }] };
  }
}

/** @throws SeedFault */
function seedSql(path: string, text: string, { columns }: ModelProperties, declaredIn: string): string {
  const { header, rows } = readCsv(text);
  checkHeader(header, Object.keys(columns), declaredIn);
  const types = header.map((name) => columnType(own(columns, name)?.type));
  for (const { line, cells } of rows) {
    const wrong = cells.findIndex((cell, index) => cell !== '' && !types[index].fits(cell));
    if (wrong < 0) continue;
    const message = `The value of ${header[wrong]} is not ${types[wrong].form}.`;
    throw new SeedFault('SEED_VALUE', line, message, `Correct it, or its type: in ${declaredIn}.`);
  }
  const casts = header.map((name, index) => castOf(name, types[index].sql));
  const texts = header.map((name) => `${literal(name)}: 'VARCHAR'`);
  return [
    'SELECT',
    `  ${casts.join(',\n  ')}`,
    `FROM read_csv(${literal(path)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',`,
    `  nullstr = '', columns = {${texts.join(', ')}})`,
  ].join('\n');
}

function castOf(name: string, type: string): string {
  const column = identifier(name);
  return type === 'VARCHAR' ? column : `CAST(${column} AS ${type}) AS ${column}`;
}

function checkHeader(header: readonly string[], declared: readonly string[], declaredIn: string): void {
  const refused = (message: string, next: string) => new SeedFault('SEED_HEADER', 1, message, next);
  const folded = header.map((name) => name.toLowerCase());
  const again = header.find((_, index) => folded.indexOf(folded[index]) !== index);
  if (header.includes('')) throw refused('A column of the header has no name.', 'Name every column.');
  if (again !== undefined) throw refused(`The header names ${again} twice: SQL does not heed case.`, 'Rename one.');
  if (declared.length === 0 || header.join('\n') === declared.join('\n')) return;
  const missing = declared.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !declared.includes(name));
  if (missing.length > 0) {
    const near = nearest(missing[0], unknown);
    const next = near === undefined ? 'Add it, or remove it there.' : `Did you mean ${near}?`;
    throw refused(`The header lacks ${listed(missing)}, which ${declaredIn} declares.`, next);
  }
  if (unknown.length > 0) {
    throw refused(`${declaredIn} does not declare ${listed(unknown)}.`, 'Add it under columns: there.');
  }
  throw refused(`The columns stand in another order than in ${declaredIn}.`, 'Bring one into the order of the other.');
}

function badName(path: string): Problem {
  return {
    kind: 'usage',
    code: 'SEED_NAME',
    message: `A seed must be exactly ${SEEDS}/<schema>/<name>.csv, with its properties in <name>.yml beside it; names are lower-case letters, digits and _, beginning with a letter.`,
    place: { file: path },
    next: `Rename the file, for example to ${SEEDS}/ref/visits.csv.`,
  };
}

function withoutCsv(path: string): Problem {
  return {
    kind: 'usage',
    code: 'MODEL_WITHOUT_SQL',
    message: `The properties stand without a seed: there is no ${path.replace(/yml$/, 'csv')}.`,
    place: { file: path },
    next: 'Put the file there, or rename or remove this one as its seed was.',
  };
}

function tooLarge(path: string): Problem {
  return {
    kind: 'usage',
    code: 'SEED_SIZE',
    message: `The file is larger than a seed may be, ${MOST_BYTES / 1024 / 1024} MiB.`,
    place: { file: path },
    next: 'Make it a source of format csv in warehouse.yml.',
  };
}
