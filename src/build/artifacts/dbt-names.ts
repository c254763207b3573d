import type { Project } from '../../project/project.ts';

/** The version of dbt whose shapes the artifacts have. */
export const DBT_VERSION = '1.11.0';

/** What dbt calls the project: letters, digits and _. */
export const packageOf = ({ name }: Pick<Project, 'name'>) => name.replaceAll('-', '_');

/** `model.vexin_03.sdtm.ae`: the models of several schemas may have one name. */
export function modelId(project: Pick<Project, 'name'>, model: string, isSnapshot: boolean): string {
  return `${isSnapshot ? 'snapshot' : 'model'}.${packageOf(project)}.${model}`;
}

/** `source.vexin_03.raw.item_data`: a table that no model makes. */
export const sourceId = (project: Pick<Project, 'name'>, table: string) => `source.${packageOf(project)}.${table}`;

/** `test.vexin_03.sdtm.ae.unique_USUBJID_AESEQ` */
export function testId(project: Pick<Project, 'name'>, model: string, test: string): string {
  return `test.${packageOf(project)}.${model === '' ? test : `${model}.${test}`}`;
}

export const macroId = (project: Pick<Project, 'name'>, macro: string) => `macro.${packageOf(project)}.${macro}`;
