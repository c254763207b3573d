import { WarehouseError } from '../../lib/errors.ts';
import { ANY_TABLE } from '../../model/classification/propagate.ts';
import type { ReadingModel } from '../../model/classification/trace.ts';
import { isBroken } from '../../model/plan/analyse.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { type MacroCatalog, reach } from '../../model/reading/macro-catalog.ts';
import { referencesOf } from '../../model/reading/references.ts';
import { localName } from '../../model/reading/resolve.ts';
import { parseSelect } from '../../model/sql/syntax.ts';
import type { ModelSource, Project } from '../../project/project.ts';
import { NO_PROPERTIES } from '../../project/properties.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { saidOf } from '../publication.ts';

/** The name of a condition of a publication, which no model can have. */
export const conditionName = (publication: string, model: string) => `publications.${publication}.where.${model}`;

/** The conditions of publications, as SELECTs over their models: what decides the rows there is what a reader could tell. */
export async function readConditions(
  connection: Connection,
  { publications }: Project,
  { input: { analyses }, macros }: Pick<Preparation, 'input' | 'macros'>,
): Promise<ReadingModel[]> {
  const conditions: ReadingModel[] = [];
  for (const { name: publication, where } of publications) {
    for (const [model, analysis] of where === undefined ? [] : analyses) {
      const condition = isBroken(analysis) ? undefined : saidOf(where, model);
      if (condition === undefined) continue;
      const source = conditionSource(conditionName(publication, model), model, condition);
      conditions.push({ source, reads: [model, ...(await tablesIn(connection, source, macros))] });
    }
  }
  return conditions;
}

function conditionSource(name: string, model: string, condition: string): ModelSource {
  const sql = `SELECT 1 AS shown FROM ${qualified(model)} WHERE (\n${condition}\n)`;
  return { name, schema: 'publications', path: 'warehouse.yml', sql, properties: NO_PROPERTIES, generated: false };
}

/** Through macros too. A condition that cannot be read is refused when its publication is made. */
async function tablesIn(connection: Connection, { path, sql }: ModelSource, macros: MacroCatalog): Promise<string[]> {
  try {
    const syntax = await parseSelect(connection, { path, sql });
    const { tables, functions, hidden } = referencesOf(syntax, sql);
    const reached = reach(functions, macros);
    const read = [...tables, ...reached.tables].map(({ parts }) => localName(parts));
    return hidden.length + reached.hidden.length > 0 ? [...read, ANY_TABLE] : read;
  } catch (error) {
    if (error instanceof WarehouseError && error.kind !== 'fault') return [];
    throw error;
  }
}
