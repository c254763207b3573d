import { WarehouseError } from '../../lib/errors.ts';
import type { BySubject } from '../../project/materialization.ts';
import type { ModelSource } from '../../project/project.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { nextName } from '../table/compile.ts';
import { hasFormerColumns } from './former-columns.ts';
import { type Building, createNext, isMadeTheSame, type Next } from './next.ts';
import { Overlay } from './overlay.ts';
import { Subjects } from './subjects.ts';

/**
 * Builds a model of which the rows of a subject are made of the rows of that subject alone. Where nothing but the rows
 * of some subjects has changed since it was built, its SELECT reads only these subjects, and the rows of the others are
 * taken from what is in place.
 *
 * @throws MODEL_SQL; usage BY_SUBJECT_INPUT (what tells the subjects of an input apart is not understood),
 * BY_SUBJECT_ROWS (rows of no subject, or of others than were read).
 */
export async function buildBySubject(connection: Connection, building: Building, by: BySubject): Promise<Next> {
  const { source } = building;
  const overlay = await Overlay.open(connection, source.name);
  try {
    const subjects = await Subjects.gather(connection, overlay, source, by);
    const isOnlySubjects = isMadeTheSame(building, (read) => !Object.hasOwn(by.inputs, read));
    const changed = isOnlySubjects ? await subjects.changed() : undefined;
    const isPart = changed !== undefined && (await buildPart(connection, building, by, overlay, subjects));
    if (!isPart) await buildWhole(connection, source, by);
    return {
      ...(isPart && { extent: changed }),
      record: () => subjects.record(),
      close: () => overlay.close(),
    };
  } catch (error) {
    await overlay.close();
    throw error;
  }
}

/** Computes the rows of the subjects that changed. False where the columns are others than those that are there. */
async function buildPart(
  connection: Connection,
  { source, tables }: Building,
  { column, inputs }: BySubject,
  overlay: Overlay,
  subjects: Subjects,
): Promise<boolean> {
  for (const table of tables) {
    await overlay.show(table, Object.hasOwn(inputs, table) ? subjects.isChanged(inputs[table]) : undefined);
  }
  await createNext(connection, source, overlay);
  if (!(await hasFormerColumns(connection, source.name))) return false;
  const ofChanged = subjects.isChanged(identifier(column));
  await refuseRows(connection, source, `(${ofChanged}) IS NOT TRUE`, 'of subjects that it was not given to read');
  await connection.run(
    `INSERT INTO ${qualified(nextName(source.name))} SELECT * FROM ${qualified(source.name)} WHERE NOT ${ofChanged}`,
  );
  return true;
}

async function buildWhole(connection: Connection, source: ModelSource, { column }: BySubject): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${qualified(nextName(source.name))}`);
  await createNext(connection, source);
  await refuseRows(connection, source, `${identifier(column)} IS NULL`, `without ${column}`);
}

async function refuseRows(connection: Connection, source: ModelSource, wrong: string, what: string): Promise<void> {
  const next = qualified(nextName(source.name));
  const found = await connection.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM ${next} WHERE ${wrong}`);
  if (found!.rows === 0n) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'BY_SUBJECT_ROWS',
    message: `The SELECT gives ${found!.rows} rows ${what}: by_subject is for rows that are made of the records of one subject.`,
    place: { model: source.name, file: source.path },
    next: 'Let each row come from one subject and name it, or say materialized: table.',
  });
}
