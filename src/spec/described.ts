import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../project/files.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { isDataset } from '../project/submission.ts';
import { readYaml } from '../project/yaml-file.ts';
import type { Described } from './write-sheets.ts';
import type { Mapping } from './yaml/patch.ts';

/** A model that a person wrote, with its properties as they are written. */
export interface DescribedModel extends Described {
  readonly source: ModelSource;
  /** Where its properties stand, or would. */
  readonly path: string;
  /** The text of the file without its byte order mark; empty where there is none. */
  readonly text: string;
  /** Its byte order mark, if it has one. */
  readonly mark: string;
}

/** Seeds are models too, of rows and not of a SELECT. */
const isInModels = ({ path }: ModelSource) => path.startsWith('models/');

/** The models of models/, datasets of the submission first, each in the order of their names. */
export async function describedModels({ root, models }: Pick<Project, 'root' | 'models'>): Promise<DescribedModel[]> {
  const described = await Promise.all(
    models.filter(isInModels).map(async (source): Promise<DescribedModel> => {
      const { name: model, path: sql, propertiesPath } = source;
      const path = propertiesPath ?? sql.replace(/sql$/, 'yml');
      const text = propertiesPath === undefined ? '' : await readText(root, propertiesPath);
      const [first] = propertiesPath === undefined ? [] : await readFile(join(root, propertiesPath));
      const mark = first === 0xef ? '\ufeff' : '';
      return { model, source, path, text, mark, value: (readYaml(path, text).value ?? {}) as Mapping };
    }),
  );
  const rank = ({ source }: DescribedModel) => (isDataset(source) ? 0 : 1);
  return described.sort((a, b) => rank(a) - rank(b) || (a.model < b.model ? -1 : 1));
}
