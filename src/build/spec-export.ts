import { resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { shortName } from '../project/model-name.ts';
import { isPattern, matchesModel } from '../project/model-pattern.ts';
import { nearest } from '../project/nearest.ts';
import type { Project } from '../project/project.ts';
import { describedModels } from '../spec/described.ts';
import { refuseTooLong, sheetsOf } from '../spec/write-sheets.ts';
import { writeWorkbook } from '../spec/xlsx/write.ts';
import type { Context } from './warehouse.ts';
import { writeAsked } from './write-asked.ts';

export interface SpecExportOptions {
  /** Only these models, as patterns; all that a person wrote where there are none. */
  readonly models: readonly string[];
  /** Whether a file with other bytes may be replaced. */
  readonly force: boolean;
}

export interface SpecExport {
  readonly path: string;
  readonly bytes: number;
  readonly datasets: number;
  readonly variables: number;
  /** Whether the file stood there already, byte for byte. */
  readonly unchanged: boolean;
}

/**
 * Writes the properties of models as a specification workbook. The same properties give the same bytes.
 * @throws usage SPEC_EXISTS, SPEC_MODELS, SPEC_TOO_LONG, OUTPUT_PLACE, OUTPUT_IN_RECORD
 */
export async function specExport(
  project: Project,
  file: string,
  { models: patterns, force }: SpecExportOptions,
  _context: Context,
): Promise<SpecExport> {
  for (const pattern of patterns) refuseUnmatched(pattern, project);
  const all = await describedModels(project);
  const chosen = all.filter(({ model }) => {
    return patterns.length === 0 || patterns.some((pattern) => matchesModel(pattern, model));
  });
  const sheets = sheetsOf(project.study.id, chosen);
  refuseTooLong(sheets);
  const asked = { full: resolve(file), shown: file, force, existsCode: 'SPEC_EXISTS' };
  const { bytes, unchanged } = await writeAsked(project, asked, [writeWorkbook(sheets)]);
  const variables = sheets.find(({ name }) => name === 'Variables')!.rows.length;
  return { path: file, bytes, datasets: chosen.length, variables, unchanged };
}

function refuseUnmatched(pattern: string, { models }: Project): void {
  if (models.some(({ name }) => matchesModel(pattern, name))) return;
  const names = models.flatMap(({ name }) => [name, shortName(name)]);
  const near = isPattern(pattern) ? undefined : nearest(pattern, names);
  throw new WarehouseError({
    kind: 'usage',
    code: 'SPEC_MODELS',
    message: `--models ${pattern} means no model of models/.`,
    next: near === undefined ? 'warehouse list shows the models.' : `Did you mean ${near}?`,
  });
}
