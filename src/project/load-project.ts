import { WarehouseError } from '../lib/errors.ts';
import { configurationSchema, DEFAULT_TARGET } from './configuration.ts';
import { readCustomTests } from './custom-tests.ts';
import { readText, sqlFiles } from './files.ts';
import { CONFIGURATION_FILE } from './find-project.ts';
import { deepFreeze } from './freeze.ts';
import { readMacroFiles } from './macro-files.ts';
import { findModels, nameOf, readModels } from './models.ts';
import { outputProblems } from './outputs.ts';
import { type Problem, throwIfAny } from './problem.ts';
import type { Project, SqlFile } from './project.ts';
import { recipientProblems } from './recipients.ts';
import { checkProblems, readRules } from './rules.ts';
import { resolveTarget } from './target.ts';
import { Templates } from './template/render.ts';
import { validateYaml } from './validate.ts';
import { writtenSql } from './written-sql.ts';
import { xptProblems } from './xpt-limits.ts';

/**
 * Reads and validates everything a person wrote in a project: warehouse.yml, models and rules with their properties, macros and
 * singular tests. Opens no database and no source file.
 *
 * @param root Folder of warehouse.yml.
 * @throws usage `PROJECT_NOT_FOUND`, `TARGET_UNKNOWN`; `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID`, `NOT_YET_SUPPORTED`,
 *   `MODEL_MISPLACED`, `MODEL_NAME`, `MODEL_DUPLICATE`, `MODEL_RESERVED_SCHEMA`, `MODEL_WITHOUT_SQL`, `RULE_NAME`, `RULE_WITHOUT_SQL`,
 *   `CHECK_UNKNOWN`, `MACRO_DEFINED_TWICE`, `TEST_FILE`, `TEST_ARGUMENT`, `XPT_NAME`,
 *   `TEMPLATE_...` (those of `Templates.render`, and `TEMPLATE_CONFIG`),
 *   `XPT_LABEL`, `XPT_LENGTH`: all problems of all files in one error.
 */
export async function loadProject(root: string, options: { target?: string } = {}): Promise<Project> {
  const { valid: configuration, locate, problems } = await readConfiguration(root);
  const found = await findModels(root);
  const macros = await readMacroFiles(root);
  const templates = new Templates({
    project: configuration?.name ?? '',
    models: found.found.map(nameOf),
    sources: Object.values(configuration?.sources ?? {}),
    vars: configuration?.vars ?? {},
    target: options.target ?? DEFAULT_TARGET,
    macros: macros.templates,
  });
  const custom = await readCustomTests(root, templates);
  const { models, problems: modelProblems } = await readModels(root, found, { templates, tests: custom });
  const { rules, problems: ruleProblems } = await readRules(root, templates);
  const { tests, problems: testProblems } = await readTests(root, templates);
  const written = [...macros.problems, ...custom.problems, ...modelProblems, ...ruleProblems, ...testProblems];
  const later = configuration
    ? [
        ...outputProblems(configuration, locate),
        ...checkProblems(configuration, rules, locate),
        ...xptProblems(configuration, models),
        ...(await recipientProblems(configuration, locate)),
      ]
    : [];
  // Where warehouse.yml cannot be read, templates miss its variables and sources.
  const told = configuration ? written : written.filter(({ code }) => !code.startsWith('TEMPLATE_'));
  throwIfAny([...problems, ...told, ...later]);
  const { name, study, policy, quarantine, vars, removal_threshold, checks } = configuration!;
  return deepFreeze({
    root,
    name,
    study,
    ...resolveTarget(configuration!, options.target ?? DEFAULT_TARGET),
    policy,
    quarantine,
    vars,
    removalThreshold: removal_threshold,
    checks,
    configuration: configuration!,
    locate,
    models,
    rules,
    macros: macros.sql,
    tests,
  });
}

/** The files of tests/, rendered where they are templates. */
async function readTests(root: string, templates: Templates): Promise<{ tests: SqlFile[]; problems: Problem[] }> {
  const read = (await sqlFiles(root, 'tests')).map(({ name, path, sql: text }) => {
    const { sql, template, problems } = writtenSql(templates, { path, text });
    return { test: { name, path, sql, ...(template && { template }) }, problems };
  });
  return { tests: read.map(({ test }) => test), problems: read.flatMap(({ problems }) => problems) };
}

async function readConfiguration(root: string) {
  let source: string;
  try {
    source = await readText(root, CONFIGURATION_FILE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new WarehouseError({
      kind: 'usage',
      code: 'PROJECT_NOT_FOUND',
      message: `There is no ${CONFIGURATION_FILE} in ${root}.`,
      next: 'Name the folder of a project with --project, or make one with: warehouse init <folder>',
    });
  }
  return validateYaml(CONFIGURATION_FILE, source, configurationSchema);
}
