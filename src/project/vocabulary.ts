import { posix } from 'node:path';
import { z } from 'zod';
import { CLASSIFICATIONS } from './classification.ts';

/** Wraps a single value into a list, so that `files: a.csv` and `files: [a.csv]` are one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).min(1));
}

export const text = z.string().min(1, 'must not be empty');

const BIGINT_MAX = 2n ** 63n - 1n;

/** A value for SQL: text, a number, true or false. Whole numbers that a double would round are bigint. */
export const scalar = z
  .union([z.string(), z.number(), z.bigint(), z.boolean()], 'must be text, a number, true or false')
  .superRefine((value, context) => {
    if (typeof value !== 'bigint' || (value <= BIGINT_MAX && value >= -BIGINT_MAX - 1n)) return;
    const params = { next: 'Put it in quotes, and cast it in SQL where it has to be a number.' };
    context.addIssue({ code: 'custom', message: 'is a whole number that does not fit into BIGINT', params });
  });
export type Scalar = z.infer<typeof scalar>;

/** A part of identities, which are joined by a control character (docs/identity.md). */
export const identifyingText = text.regex(/^\P{Cc}*$/u, 'must not hold a control character');

/** Names that become names of files and SQL objects: sources, targets, publications, schemas. */
export const NAME = /^[a-z][a-z0-9_]{0,63}$/;
export const name = z.string().regex(NAME, 'must be lower-case letters, digits and _, beginning with a letter');

/** `sdtm.ae`, or with `*` and `?`: `sdtm.*`. */
export const modelPattern = z
  .string()
  .regex(/^[a-z0-9_*?]+\.[a-z0-9_*?]+$/, 'must be the name of a model, schema.name; * and ? are allowed');

export const modelName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'must be the name of a model: schema.name, in lower case');

export const columnName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a column: letters, digits and _, not beginning with a digit');

/** Who may see it, from everyone to nobody who is to stay blinded. */
export const classification = z.enum(CLASSIFICATIONS);

/** Every parenthesis and bracket outside of texts is closed, and none that stands before it. */
function isBalanced(type: string): boolean {
  let depth = 0;
  for (const character of type.replace(/'[^']*'/g, '')) {
    if ('(['.includes(character)) depth++;
    if (')]'.includes(character)) depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** A type of DuckDB: `BIGINT`, `DECIMAL(10,2)`, `VARCHAR[]`, `ENUM('F', 'M')`. No text of it can end the CAST that it is put into. */
export const sqlType = z
  .string()
  // A quote stands behind a comma, a blank or a parenthesis: behind a letter it begins a text of other rules.
  .regex(
    /^[A-Za-z](?:[A-Za-z0-9_)[\]]|[ ,(](?:'(?:[^'\p{Cc}]|'')*')?)*$/u,
    'must be a type of DuckDB, such as BIGINT, DECIMAL(10,2) or VARCHAR[]',
  )
  .refine(isBalanced, 'must be a type of DuckDB, with every parenthesis closed');

function isInside(path: string): boolean {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return false;
  return !path.split('/').includes('..');
}

/** A path or glob relative to the project's root, with forward slashes, that stays inside it. */
export const projectPath = text
  .refine(isInside, 'must be a path inside the project, relative to the folder of warehouse.yml')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\\\u0000-\u001f]*$/, 'must use forward slashes and no control characters');

/** A path of something that is made: in target/. */
export const derivedPath = projectPath.refine(
  (path) => /^target\/./.test(posix.normalize(path)),
  'must lie in target/',
);
