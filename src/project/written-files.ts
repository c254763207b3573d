import { DEFAULT_TARGET } from './choice.ts';
import type { Configuration } from './configuration.ts';
import { readCustomTests } from './custom-tests.ts';
import { readMacroFiles } from './macro-files.ts';
import { findModels, nameOf, readModels } from './models.ts';
import type { Problem } from './problem.ts';
import type { ModelSource, Project } from './project.ts';
import { readQc } from './qc.ts';
import { readRules } from './rules.ts';
import { findSeeds, readSeeds } from './seed/seed-models.ts';
import { Templates } from './template/render.ts';
import { readTestFiles } from './test-files.ts';
import { textFiles } from './text-files.ts';

/** The SQL of a project, and what is wrong with it. */
type WrittenFiles = Pick<Project, 'models' | 'rules' | 'qc' | 'macros' | 'tests' | 'testKinds'> & {
  readonly problems: readonly Problem[];
};

/**
 * Reads models, seeds, rules, second versions, macros and tests, templates rendered.
 * @param configuration undefined where it cannot be read: what templates miss of it is then no problem, as a second
 * version is none whose model cannot be read
 * @param options `drafts`: YAML of models, by path, in place of what their files say
 */
export async function readFiles(
  root: string,
  configuration: Configuration | undefined,
  { target = DEFAULT_TARGET, drafts }: { target?: string; drafts?: ReadonlyMap<string, string> } = {},
): Promise<WrittenFiles> {
  const [models, seeds, macros] = [await findModels(root), await findSeeds(root), await readMacroFiles(root)];
  const { name: project = '', sources = {}, vars = {} } = configuration ?? {};
  const templates = new Templates({
    project,
    models: [...models.found, ...seeds.found].map(nameOf),
    sources: Object.values(sources),
    vars,
    target,
    macros: macros.templates,
  });
  const tests = await textFiles(root, 'tests');
  const custom = await readCustomTests(root, tests.paths, templates);
  const ofModels = await readModels(root, models, { templates, tests: custom, drafts });
  const ofSeeds = await readSeeds(root, seeds, custom);
  const ofRules = await readRules(root, templates);
  const known = [...ofModels.models, ...ofSeeds.models].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ofQc = await readQc(root, known, templates);
  const ofTests = await readTestFiles(root, tests, templates);
  const read = [macros, custom, ofModels, ofSeeds, ofRules, ofQc, ofTests].flatMap(({ problems }) => problems);
  const told = read.filter(({ code }) => {
    if (code === 'QC_MODEL') return ofModels.problems.length + ofSeeds.problems.length === 0;
    return configuration !== undefined || !code.startsWith('TEMPLATE_');
  });
  return {
    models: known,
    rules: ofRules.rules,
    qc: ofQc.qc,
    macros: macros.sql,
    tests: ofTests.tests,
    testKinds: [...custom.byName.values()].map(({ name, parameters }) => ({ name, parameters })),
    problems: [...told, ...sameName(ofModels.models, ofSeeds.models)],
  };
}

function sameName(models: readonly ModelSource[], seeds: readonly ModelSource[]): Problem[] {
  const taken = new Map(models.map(({ name, path }) => [name, path]));
  return seeds
    .filter(({ name }) => taken.has(name))
    .map(({ name, path }) => ({
      kind: 'usage',
      code: 'MODEL_DUPLICATE',
      message: `${name} is the model of ${taken.get(name)} too.`,
      place: { file: path },
      next: 'Rename or remove one of them.',
    }));
}
