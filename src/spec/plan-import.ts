import { MODEL_LINE } from '../project/editor-line.ts';
import { problemsWith } from '../project/load-project.ts';
import { type Problem, throwIfAny } from '../project/problem.ts';
import type { Project } from '../project/project.ts';
import { type Change, changesOf } from './changes.ts';
import { type Compared, compare } from './compare.ts';
import { type DescribedModel, describedModels } from './described.ts';
import { Notes } from './notes.ts';
import { tellOf } from './notices.ts';
import { cellsOf } from './places.ts';
import type { ReadDataset } from './read-sheets.ts';
import { tablesOf } from './tables.ts';
import { readWorkbook } from './xlsx/read.ts';
import { editYaml } from './yaml/edit.ts';

/** A file that an import writes. */
export interface PlannedFile {
  /** Relative to the root of the project. */
  readonly path: string;
  /** What it says now; absent where it is not there. */
  readonly before?: string;
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
    return draftOf(model, compared);
  });
  throwIfAny(await problemsOf(project, drafts));
  const commentless = drafts.filter(({ losesComments }) => losesComments).map(({ path }) => path);
  return {
    files: drafts.map(({ model, path, text, changes }) => {
      const before = model.source.propertiesPath === undefined ? undefined : model.mark + model.text;
      return { path, before, text: model.mark + text, changes };
    }),
    notices: tellOf(notes, { ...comparison, commentless }),
  };
}

interface Draft extends PlannedFile {
  readonly model: DescribedModel;
  readonly after: ReadDataset;
  readonly losesComments: boolean;
}

/** The new text of the properties of a model, if anything changes. */
function draftOf(model: DescribedModel, { before, after }: Compared): Draft[] {
  const changes = changesOf(before, after.value);
  if (changes.length === 0) return [];
  const { text, losesComments } = editYaml(model.text, before, after.value);
  const head = model.source.propertiesPath === undefined ? MODEL_LINE : '';
  return [{ model, after, path: model.path, changes, text: head + text, losesComments }];
}

/** What would be wrong with the project, in the cells that say so. */
async function problemsOf({ root, target }: Project, drafts: readonly Draft[]): Promise<Problem[]> {
  if (drafts.length === 0) return [];
  const texts = new Map(drafts.map(({ path, text }) => [path, text]));
  const problems = await problemsWith(root, { target: target.name, drafts: texts });
  const cells = new Map(drafts.map(({ path, text, after }) => [path, cellsOf(path, text, after)]));
  return problems.map((problem) => {
    const cell = cells.get(problem.place?.file ?? '')?.(problem.place!);
    return cell === undefined ? problem : { ...problem, place: cell };
  });
}
