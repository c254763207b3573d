import { createHash } from 'node:crypto';
import type { BatchSink, TableLayout } from '../../lib/batch.ts';
import { WarehouseError } from '../../lib/errors.ts';
import { Dictionary } from '../../odm/dictionary.ts';
import type { OdmReaderOptions, OdmSummary } from '../../odm/reader.ts';
import type { Damage } from '../../odm/recover/damage.ts';
import { isUtf8Name } from '../../odm/recover/damage-scan.ts';
import { refuse } from '../../odm/refusal.ts';
import type { OnControl } from '../../odm/xml/controls.ts';
import type { OdmSource } from '../../project/source.ts';
import { BatchWriter } from '../../store/batch-writer.ts';
import type { Connection } from '../../store/connection.ts';
import { insertRows } from '../../store/insert-rows.ts';
import type { LoadContext, PartContent, PartPlace } from '../load-context.ts';
import { packingOf } from '../packing/content.ts';
import { memberOf } from '../packing/zip.ts';
import { Quarantine } from '../quarantine.ts';
import type { SourceFile } from '../source-file.ts';
import { Aliases } from './aliases.ts';
import { inFile, readDocument } from './document.ts';
import { insertMetadata, metadataRows } from './metadata.ts';
import { refuseSax } from './recover.ts';
import { type Replaced, seal } from './seal.ts';
import { type ScanCount, SourceScan } from './source-scan.ts';

/** A file with more control characters than these is no text. */
const MOST_REPLACED = 100_000;

/**
 * Loads one ODM document into raw.* and meta.*, within the caller's transaction, without `damages`, which go to
 * quarantine with what is replaced. ClinicalData of studies that are not
 * the project's is refused by name and counted (raw.refused); a document that holds nothing else is an error.
 * @throws data ODM_* (src/odm), STUDY_REFUSED
 */
export async function loadOdm(
  context: LoadContext,
  source: OdmSource,
  file: SourceFile,
  place: PartPlace,
  damages: readonly Damage[] = [],
): Promise<PartContent> {
  refuseSax(source, context.parser);
  const { connection, study, boundary } = context;
  const dictionary = await readDictionary(connection);
  const known = dictionary.size;
  const writers = new Writers(connection);
  const aliases = new Aliases(writers.write);
  const packing = await packingOf(file);
  const hash = packing === undefined ? undefined : createHash('sha256');
  const member = packing === 'zip' ? await memberOf(file) : null;
  const scan = new SourceScan((oid) => !study.oids.includes(oid));
  let contentSize = 0;
  const replaced: Replaced[] = [];
  const options: Omit<OdmReaderOptions, 'onDefinition'> = {
    engine: context.parser,
    dialect: source.dialect,
    system: source.system,
    environment: study.environment,
    study: study.id,
    firstKey: place.firstKey,
    dictionary,
    timeZone: source.time_zone,
    onControl: source.control_characters === 'replace' ? replacing(replaced) : undefined,
    onBatch: (batch) => writers.write(boundary.pass(batch)),
    onAlias: (alias) => aliases.add(alias),
    acceptStudy: (oid) => study.oids.includes(oid),
  };
  const onChunk = (chunk: Uint8Array, undamaged: Uint8Array) => {
    hash?.update(chunk);
    contentSize += chunk.length;
    scan.write(undamaged);
  };
  const reading = readDocument(file, context.events, options, onChunk, damages);
  const { summary, studies } = await reading.catch((error: unknown) => {
    writers.abandon();
    throw error;
  });
  aliases.flush();
  writers.close();
  refuseForeign(summary, study.oids, file);
  await appendDictionary(connection, dictionary, known);
  for (const node of studies) await insertMetadata(connection, metadataRows(node, place.deliveryKey));
  assertPlaces(summary, replaced, file);
  await seal(new Quarantine(context, place), file, damages, replaced);
  await insertCounts(connection, place, [...scan.end(), ...fragments(damages)], summary);
  return {
    contentSha256: hash?.digest('hex'),
    contentSize,
    firstKey: summary.firstKey,
    lastKey: summary.lastKey,
    columns: { ...partColumns(summary), complete: damages.length === 0, member },
  };
}

function replacing(replaced: Replaced[]): OnControl {
  return (place, length) => {
    if (replaced.length === MOST_REPLACED) {
      throw refuse('ODM_TOO_DAMAGED', `The document holds more than ${MOST_REPLACED} control characters.`, place);
    }
    replaced.push({ place, length });
  };
}

/**
 * The bytes of what was replaced can be shown of a file in UTF-8 alone.
 * @throws data ODM_NOT_WELL_FORMED
 */
function assertPlaces({ encoding }: OdmSummary, [first]: readonly Replaced[], file: SourceFile): void {
  if (first === undefined || isUtf8Name(encoding)) return;
  const message = `The document holds a control character, which is replaced in UTF-8 only; it is in ${encoding}.`;
  throw inFile(file, refuse('ODM_NOT_WELL_FORMED', message, first.place));
}

/** What a damaged span holds is not counted, for nothing tells what of it is an element: the spans are. */
function fragments(damages: readonly Damage[]): ScanCount[] {
  return damages.length === 0 ? [] : [{ element: 'fragment', formOid: null, siteOid: null, elements: damages.length }];
}

/** One writer a table, opened when the first batch for it comes. */
class Writers {
  readonly #connection: Connection;
  readonly #writers = new Map<TableLayout, BatchWriter>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  readonly write: BatchSink = (batch) => {
    let writer = this.#writers.get(batch.table);
    if (writer === undefined) {
      writer = new BatchWriter(this.#connection, 'raw', batch.table);
      this.#writers.set(batch.table, writer);
    }
    writer.write(batch);
  };

  close(): void {
    for (const writer of this.#writers.values()) writer.close();
  }

  /** What an appender holds it writes when it is let go, be the transaction over: now, so that it is rolled back. */
  abandon(): void {
    for (const writer of this.#writers.values()) {
      try {
        writer.close();
      } catch {
        // What went wrong before is what a person has to know.
      }
    }
  }
}

export async function readDictionary(connection: Connection): Promise<Dictionary> {
  const rows = await connection.rows<{ text: string | null }>('SELECT text FROM raw.dictionary ORDER BY code');
  return new Dictionary(rows.map((row) => row.text));
}

/** Texts that are written at a time. */
const TEXTS = 100_000;

export async function appendDictionary(connection: Connection, dictionary: Dictionary, from: number): Promise<void> {
  for (let at = from; at < dictionary.size; at += TEXTS) {
    const rows = dictionary.texts(at, at + TEXTS).map((text, index) => ({ code: at + index, text }));
    await insertRows(connection, 'raw.dictionary', rows);
  }
}

export function refuseForeign(summary: OdmSummary, oids: readonly string[], file: SourceFile): void {
  const refused = summary.studies.filter((study) => !study.accepted);
  if (refused.length === 0 || summary.studies.some((study) => study.accepted)) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'STUDY_REFUSED',
    message: `The file holds data of ${refused.map((study) => `"${study.oid}"`).join(', ')}, which this project is not for.`,
    place: { file: file.name },
    next: `The project's StudyOIDs are ${oids.map((oid) => `"${oid}"`).join(', ')} (study.oids in warehouse.yml). Nothing of this file was loaded.`,
  });
}

async function insertCounts(
  connection: Connection,
  { deliveryKey, ordinal }: PartPlace,
  counts: readonly ScanCount[],
  summary: OdmSummary,
): Promise<void> {
  const part = { delivery_key: deliveryKey, part_ordinal: ordinal };
  const scanned = counts.map(({ element, formOid, siteOid, elements }) => ({
    ...part,
    element,
    form_oid: formOid,
    site_oid: siteOid,
    elements,
  }));
  await insertRows(connection, 'raw.source_count', scanned);
  const refused = summary.studies.filter((study) => !study.accepted);
  const rows = refused.flatMap(({ oid, counts }) =>
    Object.entries(counts).map(([element, elements]) => ({ ...part, study_oid: oid, element, elements })),
  );
  await insertRows(connection, 'raw.refused', rows);
}

function partColumns(summary: OdmSummary): PartContent['columns'] {
  const { root, counts } = summary;
  return {
    dialect: summary.dialect,
    encoding: summary.encoding,
    namespace: summary.namespace,
    ...root,
    clinical_data_count: counts.ClinicalData,
    subject_data_count: counts.SubjectData,
    study_event_data_count: counts.StudyEventData,
    form_data_count: counts.FormData,
    item_group_data_count: counts.ItemGroupData,
    item_data_count: counts.ItemData,
    audit_record_count: counts.AuditRecord,
  };
}
