import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeOdm } from '../export/odm/document.ts';
import { type RawPart, StoredDocument } from '../export/odm/raw-document.ts';
import { WarehouseError } from '../lib/errors.ts';
import { listed } from '../lib/listed.ts';
import type { RootAttributes } from '../odm/collect/document.ts';
import { checkFolder } from '../project/output-places.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { assertSameStudy, type Context, hasSchemas, notBuilt, type OpenOptions, withReadOnly } from './warehouse.ts';
import { type AskedFile, writeAsked } from './write-asked.ts';

interface OdmExportOptions extends OpenOptions {
  /** The delivery, by its key. */
  readonly delivery: number;
  /** Its part, by its ordinal; may be left out where it has one. */
  readonly part?: number;
  /** The file to write, an absolute path; target/odm/<target>/delivery-<delivery>.xml where it is left out. */
  readonly out?: string;
  /** Whether a file with other bytes may be replaced. */
  readonly force: boolean;
}

export interface OdmExport {
  readonly delivery: number;
  readonly part: number;
  /** The file that was delivered. */
  readonly source: string;
  /** The file that was written: relative to the project where it is the default. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Whether it stood there already, byte for byte. */
  readonly unchanged: boolean;
  /** Studies whose data did not land: they are not in the file. */
  readonly refused: readonly string[];
}

/**
 * Writes ODM of what lies in raw of one part of a delivery. The working file is read and not changed; the file appears
 * whole or not at all.
 *
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, ODM_EXPORT_DELIVERY, ODM_EXPORT_PART, ODM_EXPORT_FORMAT,
 * ODM_EXPORT_EXISTS, OUTPUT_PLACE, OUTPUT_IN_RECORD, LINK_OUTSIDE; data ODM_EXPORT_INCOMPLETE; fault STORE_LOCKED,
 * FILE_ACCESS
 */
export async function odmExport(project: Project, options: OdmExportOptions, context: Context): Promise<OdmExport> {
  return withReadOnly(project, options, async (connection) => {
    if (!(await hasSchemas(connection))) throw notBuilt(project);
    await assertSameStudy(connection, project);
    const part = await partOf(connection, options);
    const path = placeOf(project, options, part);
    const refused = await refusedStudies(connection, part);
    if (refused.length > 0) {
      const message = `${part.name} also held data of ${listed(refused)}, refused when it was loaded: not in the output.`;
      context.events({ event: 'notice', code: 'ODM_EXPORT_REFUSED', message });
    }
    const document = await StoredDocument.open(connection, part);
    const place = { ...path, force: options.force, existsCode: 'ODM_EXPORT_EXISTS' };
    const written = await writeAsked(project, place, writeOdm(document));
    const { delivery, ordinal, name } = part;
    return { delivery, part: ordinal, source: name, path: path.shown, ...written, refused };
  });
}

interface Part extends RawPart {
  readonly delivery: number;
  readonly ordinal: number;
  readonly parts: number;
  readonly name: string;
}

async function partOf(connection: Connection, { delivery, part }: OdmExportOptions): Promise<Part> {
  const found = await connection.rows<RootAttributes & Record<string, unknown>>(
    'FROM raw.part WHERE delivery_key = $1 ORDER BY ordinal',
    [delivery],
  );
  if (found.length === 0) throw await noDelivery(connection, delivery);
  const chosen = part === undefined && found.length === 1 ? found[0] : found.find(({ ordinal }) => ordinal === part);
  if (chosen === undefined) {
    const known = listed(found.map(({ ordinal, name }) => `${ordinal} (${name})`));
    const message =
      part === undefined
        ? `Delivery ${delivery} has ${found.length} parts.`
        : `Delivery ${delivery} has no part ${part}.`;
    throw usage('ODM_EXPORT_PART', message, `Give --part: ${known}.`);
  }
  const name = String(chosen.name);
  if (chosen.format !== 'odm') {
    const next = 'Its bytes are in the vault, or where they were found: raw.part has their hash.';
    throw usage('ODM_EXPORT_FORMAT', `Delivery ${delivery} is ${chosen.format}, not ODM: ${name}.`, next);
  }
  if (chosen.complete !== true) {
    const message = `Not all of ${name} was read: damaged spans of it are in raw.quarantine, so nothing can write it back.`;
    const next = 'Its bytes are in the vault, or where they were found: raw.part has their hash.';
    throw new WarehouseError({ kind: 'data', code: 'ODM_EXPORT_INCOMPLETE', message, place: { file: name }, next });
  }
  return {
    root: chosen,
    namespace: String(chosen.namespace ?? ''),
    dialect: String(chosen.dialect),
    firstKey: Number(chosen.first_key),
    lastKey: Number(chosen.last_key),
    delivery,
    ordinal: Number(chosen.ordinal),
    parts: found.length,
    name,
  };
}

async function noDelivery(connection: Connection, delivery: number): Promise<WarehouseError> {
  const last = await connection.rows<{ delivery_key: bigint; name: string }>(
    "SELECT delivery_key, name FROM raw.part WHERE format = 'odm' ORDER BY delivery_key DESC LIMIT 3",
  );
  const known = listed(last.map(({ delivery_key, name }) => `${delivery_key} (${name})`));
  const next =
    last.length === 0
      ? 'No ODM has been delivered yet.'
      : `The last of ODM are ${known}. All: warehouse query "FROM raw.part".`;
  return usage('ODM_EXPORT_DELIVERY', `There is no delivery ${delivery}.`, next);
}

function placeOf({ root, target }: Project, { out }: OdmExportOptions, part: Part): Pick<AskedFile, 'full' | 'shown'> {
  if (out !== undefined) return { full: resolve(out), shown: out };
  const folder = `target/odm/${target.name}`;
  const suffix = part.parts > 1 ? `-part-${part.ordinal}` : '';
  const shown = `${folder}/delivery-${part.delivery}${suffix}.xml`;
  checkFolder(root, folder);
  mkdirSync(join(root, folder), { recursive: true });
  return { full: join(root, shown), shown };
}

async function refusedStudies(connection: Connection, { delivery, ordinal }: Part): Promise<string[]> {
  const rows = await connection.rows<{ study_oid: string }>(
    'SELECT DISTINCT study_oid FROM raw.refused WHERE delivery_key = $1 AND part_ordinal = $2 ORDER BY study_oid',
    [delivery, ordinal],
  );
  return rows.map(({ study_oid }) => study_oid);
}

function usage(code: string, message: string, next: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code, message, next });
}
