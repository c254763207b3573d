import { WarehouseError } from '../../lib/errors.ts';
import { shortName } from '../../project/model-name.ts';
import type { ModelSource } from '../../project/project.ts';
import type { Connection } from '../../store/connection.ts';
import { declaredTables } from '../reading/declared.ts';
import { refuseFilesInView } from '../reading/files-read.ts';
import type { MacroCatalog } from '../reading/macro-catalog.ts';
import { nearestTable } from '../reading/nearest-table.ts';
import { type Known, type Reading, readingOf } from '../reading/reading.ts';
import { readSelect, type TableReference } from '../reading/references.ts';
import { localName, mayRead } from '../reading/resolve.ts';
import { asIncrement } from '../sql/increment.ts';
import { placeOf, refusedAt, type SqlText, textOfModel } from '../sql/sql-error.ts';
import { hashOfBoth } from '../sql/syntax.ts';
import { propertiesHash } from './fingerprint.ts';
import { refuseInputs } from './subject-inputs.ts';

/** A model whose SELECT was understood. */
export interface AnalysedModel extends Reading {
  readonly source: ModelSource;
  readonly propertiesHash: string;
}

/** A model that cannot be built, and why. */
export interface BrokenModel {
  readonly source: ModelSource;
  readonly error: WarehouseError;
}

export type Analysis = AnalysedModel | BrokenModel;

export const isBroken = (analysis: Analysis): analysis is BrokenModel => 'error' in analysis;

/** Reads the SELECT of a model; what is wrong with it is returned, for one bad model does not stop the others. */
export async function analyseModel(
  connection: Connection,
  source: ModelSource,
  macros: MacroCatalog,
  known: Known,
): Promise<Analysis> {
  const text = textOfModel(source);
  try {
    const reading = await readingOfModel(connection, source, macros, known);
    if (source.properties.materialized === 'view') {
      refuseVariables(text, reading);
      refuseFilesInView(text, reading.files);
    }
    await refuseInputs(connection, source, reading, macros, known);
    return { ...reading, source, propertiesHash: propertiesHash(source.properties) };
  } catch (error) {
    if (error instanceof WarehouseError && error.kind !== 'fault') return { source, error };
    throw error;
  }
}

/** What a model reads, built in full and where only something is brought into its table, but for that table. */
async function readingOfModel(
  connection: Connection,
  source: ModelSource,
  macros: MacroCatalog,
  known: Known,
): Promise<Reading> {
  const declared = declaredTables(source);
  const read = (text: SqlText) => readingOf(connection, text, macros, known, declared);
  const full = await read(textOfModel(source));
  if (full.reads.includes(source.name)) throw await readsItself(connection, textOfModel(source), known);
  if (source.incremental === undefined) return full;
  const increment = await read(textOfModel(asIncrement(source)));
  const others = increment.reads.filter((table) => table !== source.name);
  return {
    sqlHash: hashOfBoth(full.sqlHash, increment.sqlHash),
    macros: { ...full.macros, ...increment.macros },
    reads: [...new Set([...full.reads, ...others])].sort(),
    hides: full.hides || increment.hides,
    variables: { ...full.variables, ...increment.variables },
    seeds: { ...full.seeds, ...increment.seeds },
    files: [...full.files, ...increment.files],
  };
}

async function readsItself(connection: Connection, text: SqlText, known: Known): Promise<WarehouseError> {
  const { references } = await readSelect(connection, text, true);
  const isOwn = ({ parts }: TableReference) => localName(parts, known.database) === text.model;
  const near = nearestTable([shortName(text.model!)], [...known.names].filter(mayRead(text)), 'staged');
  const meant = near === undefined ? '' : `Did you mean ${near}? `;
  return refusedAt(text, references.tables.find(isOwn)?.position, {
    kind: 'usage',
    code: 'MODEL_CYCLE',
    message: `${text.model} reads itself.`,
    next: `${meant}Only an incremental model reads the rows that it has, as {{ this }} where is_incremental().`,
  });
}

/** A view is computed by who reads it, and a variable is gone by then. */
function refuseVariables(text: SqlText, { variables }: Reading): void {
  const [name] = Object.keys(variables);
  if (name === undefined) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'MODEL_VARIABLE',
    message: `A view cannot read the variable '${name}': it would be NULL for those who read the published file.`,
    place: placeOf(text),
    next: 'Say materialized: table in its properties.',
  });
}
