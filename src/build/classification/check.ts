import { tablesGoing } from '../../model/apply/retire-tests.ts';
import { type Cell, highest } from '../../model/classification/cell.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { isAbove } from '../../project/classification.ts';
import { isExternal } from '../../project/external.ts';
import type { ModelSource, Project } from '../../project/project.ts';
import type { Connection } from '../../store/connection.ts';
import { exportedModels } from '../exports.ts';
import { type Classes, classify } from './classify.ts';
import { failingRows, testedTables } from './failing-rows.ts';
import { refuseExports, refuseLowered, refusePublication } from './refuse.ts';
import { shownAbove } from './shown.ts';
import { standingNames } from './standing-names.ts';

/** What is going to leave the house, if all goes well. */
export type Leaving = 'publications' | 'exports';

/**
 * How everything is classified, by the project as it is now; held against what its models declare and what is to leave.
 *
 * @throws usage CLASSIFICATION_LOWER, PUBLICATION_CLASSIFIED, EXPORT_CLASSIFIED
 */
export async function checkClassification(
  connection: Connection,
  project: Project,
  preparation: Preparation,
  leaving: readonly Leaving[],
): Promise<Classes> {
  const classes = await classify(connection, project, preparation);
  await holdAgainst(connection, project, preparation, classes, leaving);
  return classes;
}

/** Holds how everything is classified against what models declare and what is to leave. @throws as `checkClassification` */
export async function holdAgainst(
  connection: Connection,
  project: Project,
  preparation: Preparation,
  classes: Classes,
  leaving: readonly Leaving[],
): Promise<void> {
  const { analyses } = preparation.input;
  refuseLowered(classes, preparation);
  if (leaving.includes('publications')) await checkShown(connection, project, preparation, classes);
  if (leaving.includes('exports')) {
    const sources = [...analyses.values()].map(({ source }) => source);
    refuseExports(project, exportedAbove(project, classes, sources));
  }
}

async function checkShown(
  connection: Connection,
  project: Project,
  preparation: Preparation,
  classes: Classes,
): Promise<void> {
  const outside = highest([classes.all, classes.remembered.any]);
  if (classes.models.size === 0 && outside.classification === 'none') return;
  const going = new Set(await tablesGoing(connection, preparation));
  const standing = (await standingNames(connection)).filter((name) => !going.has(name));
  // A test may keep rows for the first time in the run that is about to begin.
  const names = [...new Set([...standing, ...testedTables(preparation).map(({ table }) => table)])];
  const kept = names.filter((name) => name.startsWith('failures.'));
  const failures = failingRows(classes, preparation, kept);
  for (const publication of project.publications) {
    refusePublication(project, publication, shownAbove(publication, classes, preparation, { names, failures }));
  }
}

/** Of datasets and of models that are files too, and which rows they have; columns that begin with _ are never exported. */
function exportedAbove(project: Project, { models }: Classes, sources: readonly ModelSource[]): Cell[] {
  const leaving = [...exportedModels(project, sources), ...sources.filter(isExternal)];
  const written = leaving.flatMap(({ name }) => models.get(name) ?? []);
  const exported = written.flatMap(({ columns, rows }) => [...columns, rows]);
  const shown = exported.filter(({ column }) => !column?.startsWith('_'));
  return shown.filter(({ classification }) => isAbove(classification, project.exports.level));
}
