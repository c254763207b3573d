import { WarehouseError } from '../lib/errors.ts';
import { DEFAULT_TARGET } from './choice.ts';
import { configurationSchema } from './configuration.ts';
import { readText } from './files.ts';
import { CONFIGURATION_FILE } from './find-project.ts';
import { deepFreeze } from './freeze.ts';
import { freshnessProblems } from './freshness-sources.ts';
import { outputProblems } from './outputs.ts';
import { type Problem, problemOf, throwIfAny } from './problem.ts';
import type { Project } from './project.ts';
import { recipientProblems } from './recipients.ts';
import { checkProblems } from './rules.ts';
import { resolveTarget } from './target.ts';
import { validateYaml } from './validate.ts';
import { readFiles } from './written-files.ts';
import { xptProblems } from './xpt-limits.ts';

/**
 * Reads and validates everything a person wrote in a project: warehouse.yml, models, seeds and rules with their properties,
 * macros and tests. Opens no database and no source file.
 *
 * @param root Folder of warehouse.yml.
 * @throws usage `PROJECT_NOT_FOUND`, `TARGET_UNKNOWN`; `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID`, `NOT_YET_SUPPORTED`,
 *   `MODEL_MISPLACED`, `MODEL_NAME`, `MODEL_DUPLICATE`, `MODEL_RESERVED_SCHEMA`, `MODEL_WITHOUT_SQL`, `MODEL_PROPERTIES_OF_DBT`, `SPEC_CUT_SHORT`, `RULE_NAME`, `RULE_WITHOUT_SQL`,
 *   `CHECK_UNKNOWN`, `QC_MODEL`, `QC_NAME`, `QC_KEYS`, `QC_WITHOUT_SQL`, `MACRO_DEFINED_TWICE`, `MACRO_FILE`, `TEST_FILE`, `TEST_ARGUMENT`,
 *   `SEED_NAME`, `SEED_CSV`, `SEED_HEADER`, `SEED_VALUE`, `SEED_SIZE`, `XPT_NAME`,
 *   `TEMPLATE_...` (those of `Templates.render`, and `TEMPLATE_CONFIG`),
 *   `XPT_LABEL`, `XPT_LENGTH`: all problems of all files in one error.
 */
export async function loadProject(root: string, options: { target?: string } = {}): Promise<Project> {
  const { configuration, locate, files, problems } = await readProject(root, options);
  throwIfAny(problems);
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
    ...files,
  });
}

interface Reading {
  readonly target?: string;
  /** YAML of models, by path, in place of what their files say. */
  readonly drafts?: ReadonlyMap<string, string>;
}

/** What would be wrong with a project whose models had other properties; nothing of it is written. */
export async function problemsWith(root: string, reading: Required<Reading>): Promise<readonly Problem[]> {
  return (await readProject(root, reading)).problems;
}

async function readProject(root: string, { target, drafts }: Reading) {
  const { valid: configuration, locate, problems } = await readConfiguration(root);
  const { problems: written, ...files } = await readFiles(root, configuration, { target, drafts });
  const later = configuration
    ? [
        ...outputProblems(configuration, locate, files.models),
        ...checkProblems(configuration, files.rules, locate),
        ...xptProblems(configuration, files.models),
        ...freshnessProblems(configuration, files.models),
        ...(await recipientProblems(configuration, locate)),
      ]
    : [];
  return { configuration, locate, files, problems: [...problems, ...written, ...later] };
}

async function readConfiguration(root: string) {
  let source: string;
  try {
    source = await readText(root, CONFIGURATION_FILE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      return { valid: undefined, locate: () => ({ file: CONFIGURATION_FILE }), problems: [problemOf(error)] };
    }
    throw new WarehouseError({
      kind: 'usage',
      code: 'PROJECT_NOT_FOUND',
      message: `There is no ${CONFIGURATION_FILE} in ${root}.`,
      next: 'Name the folder of a project with --project, or make one with: warehouse init <folder>',
    });
  }
  return validateYaml(CONFIGURATION_FILE, source, configurationSchema);
}
