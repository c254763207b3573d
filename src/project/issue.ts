import type { z } from 'zod';
import { ofDbt, valueOfDbt } from './dbt-words.ts';
import { CONFIGURATION_FILE } from './find-project.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import { validKeys } from './schema-walk.ts';
import type { YamlFile } from './yaml-file.ts';

/** What zod found wrong, in words and with its place in the file. */
export function problemsOf(issue: z.core.$ZodIssue, yaml: YamlFile, schema: z.ZodType): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, yaml, schema));
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map((inner) => inner.message).join('; ');
    const message = `The name ${quote(String(issue.path.at(-1)))} ${why}.`;
    return [{ kind: 'usage', code: 'CONFIG_INVALID', message, place: yaml.locateKey(issue.path) }];
  }
  const value = valueAt(yaml.value, issue.path);
  if (value === undefined && issue.code !== 'custom') return [missingKey(issue.path, yaml)];
  const { message, next: said } = wrongValue(issue, value);
  const next = valueOfDbt(issue.path.at(-1), value) ?? said ?? emptyAdvice(issue, value, { yaml, schema });
  const code = (issue.code === 'custom' && (issue.params?.code as string | undefined)) || 'CONFIG_INVALID';
  return [{ kind: 'usage', code, message: `${nameOf(issue.path)} ${message}.`, place: yaml.locate(issue.path), next }];
}

function unknownKey(key: string, path: PropertyKey[], yaml: YamlFile, schema: z.ZodType): Problem {
  const valid = validKeys(schema, path);
  const where = path.length > 0 ? ` in ${nameOf(path)}` : '';
  return {
    kind: 'usage',
    code: 'CONFIG_UNKNOWN_KEY',
    message: `Unknown key ${quote(key)}${where}.`,
    place: yaml.locateKey([...path, key]),
    next: ofDbt(key, valid) ?? keyAdvice(key, valid),
  };
}

function keyAdvice(key: string, valid: readonly string[]): string {
  const meant = nearest(key, valid);
  return meant === undefined ? `Valid keys here: ${valid.join(', ')}.` : `Did you mean ${quote(meant)}?`;
}

function missingKey(path: PropertyKey[], yaml: YamlFile): Problem {
  const parent = path.slice(0, -1);
  const where = parent.length > 0 ? ` in ${nameOf(parent)}` : '';
  const message = `The key ${quote(String(path.at(-1)))} is missing${where}.`;
  return { kind: 'usage', code: 'CONFIG_INVALID', message, place: yaml.locateKey(parent) };
}

interface Wrong {
  message: string;
  next?: string;
}

function wrongValue(issue: z.core.$ZodIssue, value: unknown): Wrong {
  if (issue.code === 'invalid_type') {
    const message = `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}, not ${describe(value)}`;
    const quotable = issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
    return { message, next: quotable ? 'Put it in quotes.' : undefined };
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const meant = typeof value === 'string' ? nearest(value, values) : undefined;
    const message = `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}, not ${describe(value)}`;
    return { message, next: meant === undefined ? undefined : `Did you mean ${quote(meant)}?` };
  }
  if (issue.code === 'too_small' && issue.origin === 'array') return { message: 'must not be empty' };
  return {
    message: issue.message,
    next: issue.code === 'custom' ? (issue.params?.next as string | undefined) : undefined,
  };
}

/** What to write where there is nothing and keys are to be. */
function emptyAdvice(
  { path }: z.core.$ZodIssue,
  value: unknown,
  { yaml, schema }: { yaml: YamlFile; schema: z.ZodType },
): string | undefined {
  if (value !== null) return undefined;
  const valid = validKeys(schema, path);
  if (valid.length === 0) return undefined;
  const mayBeAbsent = path.length === 0 && yaml.locate([]).file !== CONFIGURATION_FILE;
  return `Write keys into it${mayBeAbsent ? ', or remove the file' : ''}. Valid keys here: ${valid.join(', ')}.`;
}

const TYPE_NAMES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? quote(value) : String(value);
}

/** In quotes, and not longer than a message can bear. */
export function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}...` : text}"`;
}

/** `sources.edc.files[0]` */
function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'The file';
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : (i > 0 ? '.' : '') + String(step))).join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) {
    // A single text where a list may stand is read as a list of one.
    if (typeof here === 'string' && step === 0) return here;
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here;
}
