import { createHash } from 'node:crypto';
import type { BatchSink, TableLayout } from '../../lib/batch.ts';
import { WarehouseError } from '../../lib/errors.ts';
import { Dictionary } from '../../odm/dictionary.ts';
import type { OdmReaderOptions, OdmSummary } from '../../odm/reader.ts';
import type { OdmSource } from '../../project/source.ts';
import { BatchWriter } from '../../store/batch-writer.ts';
import type { Connection } from '../../store/connection.ts';
import { insertRows } from '../../store/insert-rows.ts';
import type { LoadContext, PartContent, PartPlace } from '../load-context.ts';
import { isPacked, type SourceFile } from '../source-file.ts';
import { Aliases } from './aliases.ts';
import { readDocument } from './document.ts';
import { insertMetadata, metadataRows } from './metadata.ts';
import { type ScanCount, SourceScan } from './source-scan.ts';

/** What DuckDB may hold while a document lands: rows are written and not read again, so that more is of no use. */
const LANDING_MEMORY = '128MB';

/**
 * Loads one ODM document into raw.* and meta.*, within the caller's transaction. ClinicalData of studies that are not
 * the project's is refused by name and counted (raw.refused); a document that holds nothing else is an error.
 * @throws data ODM_* (src/odm), STUDY_REFUSED
 */
export async function loadOdm(
  context: LoadContext,
  source: OdmSource,
  file: SourceFile,
  place: PartPlace,
): Promise<PartContent> {
  const { connection, study, boundary } = context;
  const dictionary = await readDictionary(connection);
  const known = dictionary.size;
  const writers = new Writers(connection);
  const aliases = new Aliases(writers.write);
  const hash = (await isPacked(file)) ? createHash('sha256') : undefined;
  const scan = new SourceScan((oid) => !study.oids.includes(oid));
  let contentSize = 0;
  const options: Omit<OdmReaderOptions, 'onDefinition'> = {
    engine: context.parser,
    dialect: source.dialect,
    system: source.system,
    environment: study.environment,
    study: study.id,
    firstKey: place.firstKey,
    dictionary,
    timeZone: source.time_zone,
    onBatch: (batch) => writers.write(boundary.pass(batch)),
    onAlias: (alias) => aliases.add(alias),
    acceptStudy: (oid) => study.oids.includes(oid),
  };
  const { summary, studies } = await connection.withSetting('memory_limit', LANDING_MEMORY, async () => {
    const document = await readDocument(file, context.events, options, (chunk) => {
      hash?.update(chunk);
      contentSize += chunk.length;
      scan.write(chunk);
    });
    aliases.flush();
    writers.close();
    return document;
  });
  refuseForeign(summary, study.oids, file);
  await appendDictionary(connection, dictionary, known);
  for (const node of studies) await insertMetadata(connection, metadataRows(node, place.deliveryKey));
  await insertCounts(connection, place, scan.end(), summary);
  return {
    contentSha256: hash?.digest('hex'),
    contentSize,
    firstKey: summary.firstKey,
    lastKey: summary.lastKey,
    columns: { ...partColumns(summary), complete: true },
  };
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
