import { readUnitTests } from '../project/fixtures.ts';
import { freshnessProblems } from '../project/freshness-sources.ts';
import { type Problem, throwIfAny } from '../project/problem.ts';
import type { Locate, ModelSource, Project } from '../project/project.ts';
import { propertiesSchema } from '../project/properties.ts';
import { readQc } from '../project/qc.ts';
import { validated } from '../project/validate.ts';
import { xptProblems } from '../project/xpt-limits.ts';
import { readYaml } from '../project/yaml-file.ts';
import { type Change, changesOf } from './changes.ts';
import { type Compared, compare } from './compare.ts';
import { type DescribedModel, describedModels } from './described.ts';
import { Notes } from './notes.ts';
import { tellOf } from './notices.ts';
import { tablesOf } from './tables.ts';
import { readWorkbook } from './xlsx/read.ts';
import { editYaml } from './yaml/edit.ts';

/** A file that an import writes. */
export interface PlannedFile {
  /** Relative to the root of the project. */
  readonly path: string;
  readonly text: string;
  readonly changes: readonly Change[];
}

interface ImportPlan {
  readonly files: readonly PlannedFile[];
  readonly notices: ReturnType<typeof tellOf>;
}

/**
 * What becomes of the properties of a project where they are to say what a workbook says; nothing is written.
 * @param file how messages call the workbook
 * @throws usage SPEC_FILE, SPEC_SHEET, SPEC_CELL, SPEC_STUDY, SPEC_NO_MODEL, and what is wrong with properties
 *   (CONFIG_INVALID and others): all problems of the workbook in one error, each with its cell
 */
export async function planImport(project: Project, file: string, bytes: Buffer): Promise<ImportPlan> {
  const notes = new Notes();
  const tables = tablesOf(file, await readWorkbook(file, bytes), notes);
  throwIfAny(notes.problems);
  const models = await describedModels(project);
  const comparison = compare(tables, { study: project.study.id, models }, notes);
  throwIfAny(notes.problems);
  const drafts = comparison.compared.flatMap((compared) => {
    const model = models.find((one) => one.model === compared.model)!;
    return draftOf(model, compared, file);
  });
  throwIfAny(await problemsOf(project, drafts));
  const commentless = drafts.filter(({ losesComments }) => losesComments).map(({ path }) => path);
  return {
    files: drafts.map(({ model, path, text, changes }) => ({ path, text: model.mark + text, changes })),
    notices: tellOf(notes, { ...comparison, commentless }),
  };
}

interface Draft extends PlannedFile {
  readonly model: DescribedModel;
  readonly losesComments: boolean;
  readonly locate: Locate;
}

/** The new text of the properties of a model, if anything changes. */
function draftOf(model: DescribedModel, { before, after }: Compared, file: string): Draft[] {
  const changes = changesOf(before, after.value);
  if (changes.length === 0) return [];
  const { text, losesComments } = editYaml(model.text, before, after.value);
  const { locate } = readYaml(model.path, text);
  const isRead = new Set(after.places.keys());
  const inCell: Locate = (path) => {
    for (let length = path.length; length > 0; length--) {
      const key = path.slice(0, length).join('.');
      if (isRead.has(key)) return after.places.get(key)!;
    }
    return path.length === 0 ? { file } : (after.places.get('') ?? locate(path));
  };
  return [{ model, path: model.path, text, changes, losesComments, locate: inCell }];
}

/** What is wrong with properties as they would be, in themselves and beside all else that the project says. */
async function problemsOf({ root, configuration, models }: Project, drafts: readonly Draft[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  const changed = new Map<string, ModelSource>();
  for (const { model, path, text, locate } of drafts) {
    const read = validated({ ...readYaml(path, text), locate, locateKey: locate }, propertiesSchema);
    problems.push(...read.problems);
    if (read.valid === undefined) continue;
    problems.push(...(await readUnitTests(root, read.valid, locate)).problems);
    changed.set(model.model, { ...model.source, properties: read.valid, propertiesPath: path, locate });
  }
  if (problems.length > 0) return problems;
  const all = models.map((model) => changed.get(model.name) ?? model);
  const { problems: ofQc } = await readQc(root, all);
  return [...xptProblems(configuration, all), ...freshnessProblems(configuration, all), ...ofQc];
}
