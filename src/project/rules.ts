import { z } from 'zod';
import { DEFAULT_RULE, DEFINITION_RULES } from './checks.ts';
import type { Configuration } from './configuration.ts';
import { readText } from './files.ts';
import { nearest } from './nearest.ts';
import { orProblem, type Problem } from './problem.ts';
import type { Locate, ModelSource, Rule } from './project.ts';
import { NO_PROPERTIES } from './properties.ts';
import { findSqlFolder, type SqlWithProperties } from './sql-folder.ts';
import type { Templates } from './template/render.ts';
import { SEVERITIES } from './test-kinds.ts';
import { validateYaml } from './validate.ts';
import { modelName, text } from './vocabulary.ts';
import { writtenSql } from './written-sql.ts';

/** The folder of rules, and the schema in which each is a table. */
export const RULES = 'rules';

/** rules/<name>.yml */
export const ruleSchema = z.strictObject({
  /** What is wrong with a record that it returns, in words: the message of a finding that has none of its own. */
  description: text.optional(),
  severity: z.enum(SEVERITIES).default('error'),
  depends_on: z.array(modelName).default([]),
});

export interface Rules {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
}

/** Reads rules/<name>.sql and the .yml beside each, in the order of their names. */
export async function readRules(root: string, templates: Templates): Promise<Rules> {
  const { found, problems } = await findSqlFolder(root, RULES, { misnamed: badName, withoutSql });
  const read = await Promise.all(found.map((file) => orProblem(readRule(root, file, templates), { rules: [] })));
  return {
    rules: read.flatMap(({ rules }) => rules),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
}

async function readRule(root: string, { name, path, yml }: SqlWithProperties, templates: Templates): Promise<Rules> {
  const written = writtenSql(templates, { path, text: await readText(root, path) });
  const { sql, template } = written;
  const read = yml === undefined ? undefined : validateYaml(yml, await readText(root, yml), ruleSchema);
  if (read !== undefined && read.valid === undefined) {
    return { rules: [], problems: [...written.problems, ...read.problems] };
  }
  const { description, severity, depends_on } = read?.valid ?? ruleSchema.parse({});
  const source: ModelSource = {
    name: `${RULES}.${name}`,
    schema: RULES,
    path,
    sql,
    ...(template && { template }),
    properties: { ...NO_PROPERTIES, label: description ?? `Findings of ${path}.`, depends_on },
    ...(yml !== undefined && { propertiesPath: yml }),
    ...(read !== undefined && { locate: read.locate }),
    generated: false,
  };
  return { rules: [{ id: `${RULES}/${name}`, source, severity, description }], problems: written.problems };
}

function badName(path: string): Problem {
  return {
    kind: 'usage',
    code: 'RULE_NAME',
    message:
      'A rule must be exactly rules/<name>.sql, with its properties in <name>.yml beside it; names are lower-case letters, digits and _, beginning with a letter.',
    place: { file: path },
    next: 'Rename the file, for example to rules/ae_before_visit.sql.',
  };
}

function withoutSql(name: string, path: string): Problem {
  return {
    kind: 'usage',
    code: 'RULE_WITHOUT_SQL',
    message: `The properties of ${RULES}/${name} stand without a rule: there is no ${RULES}/${name}.sql.`,
    place: { file: path },
    next: 'Write its SELECT there, or rename or remove this file as its rule was.',
  };
}

/** Names under `checks:` that are no rule. */
export function checkProblems({ checks }: Configuration, rules: readonly Rule[], locate: Locate): Problem[] {
  const known = [...DEFINITION_RULES, DEFAULT_RULE, ...rules.map(({ id }) => id)];
  return Object.keys(checks)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      return {
        kind: 'usage',
        code: 'CHECK_UNKNOWN',
        message: `checks.${name} is no rule.`,
        place: locate(['checks', name]),
        next: meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean "${meant}"?`,
      };
    });
}
