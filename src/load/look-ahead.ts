import type { Batch, TableLayout } from '../lib/batch.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import type { OdmReaderOptions } from '../odm/reader.ts';
import type { Damage } from '../odm/recover/damage.ts';
import type { CsvSource, OdmSource } from '../project/source.ts';
import { BatchWriter } from '../store/batch-writer.ts';
import type { Connection } from '../store/connection.ts';
import { headerOf } from './csv/header.ts';
import { ensureTable } from './csv/table.ts';
import { nameColumns, nameItems } from './naming.ts';
import { readDocument } from './odm/document.ts';
import { insertMetadata, metadataRows } from './odm/metadata.ts';
import { recovering } from './odm/recover.ts';
import { appendDictionary, readDictionary, refuseForeign } from './odm/source.ts';
import { doesNotFit, mayBeLeft } from './pending/former-bytes.ts';
import type { PendingDelivery } from './pending-delivery.ts';
import type { SourceFile } from './source-file.ts';

/** What the pending deliveries are read into: the tables of raw and meta, in a database that is thrown away. */
export interface LookAheadContext {
  readonly connection: Connection;
  readonly study: { readonly id: string; readonly environment: string; readonly oids: readonly string[] };
  readonly events: EventSink;
  /** Key of the next delivery, and of the next element. */
  readonly deliveryKey: number;
  readonly firstKey: number;
}

/** A delivery that cannot be used, and why. */
export interface Refusal {
  readonly delivery: PendingDelivery;
  readonly error: WarehouseError;
}

/**
 * Reads the definitions of pending deliveries, and which item groups, items and columns they hold, and names them as a
 * load would. No data land but a mark for each pair of item group and item, so that naming sees them. Reading stops, as
 * a load does, at the first delivery that cannot be used; of former bytes that do not fit it tells.
 * @returns that delivery, if there is one
 */
export async function lookAhead(
  context: LookAheadContext,
  pending: readonly PendingDelivery[],
): Promise<Refusal | undefined> {
  let at = context;
  for (const delivery of pending) {
    try {
      for (const { file } of delivery.parts) at = await readPart(at, delivery.source, file);
    } catch (error) {
      if (!(error instanceof WarehouseError) || error.kind === 'fault') throw error;
      if (!mayBeLeft(delivery, error)) return { delivery, error };
      context.events(doesNotFit(delivery, error));
    }
    at = { ...at, deliveryKey: at.deliveryKey + 1 };
  }
  return undefined;
}

/** @returns the context of the next part */
async function readPart(
  context: LookAheadContext,
  source: OdmSource | CsvSource,
  file: SourceFile,
): Promise<LookAheadContext> {
  if (source.format === 'odm') {
    return recovering(context, source, file, (damages) => readOdm(context, source, file, damages));
  }
  const names = await nameColumns(context.connection, source.name, await headerOf(source, file, context.events), 0);
  await ensureTable(context.connection, source.name, names);
  return context;
}

async function readOdm(
  context: LookAheadContext,
  source: OdmSource,
  file: SourceFile,
  damages: readonly Damage[],
): Promise<LookAheadContext> {
  const { connection, study, firstKey, deliveryKey, events } = context;
  const dictionary = await readDictionary(connection);
  const known = dictionary.size;
  const marks = await Marks.open(connection);
  const options: Omit<OdmReaderOptions, 'onDefinition'> = {
    engine: 'tokenizer',
    dialect: source.dialect,
    system: source.system,
    environment: study.environment,
    study: study.id,
    firstKey,
    dictionary,
    timeZone: source.time_zone,
    onBatch: (batch) => marks.write(batch),
    onControl: source.control_characters === 'replace' ? () => {} : undefined,
    acceptStudy: (oid) => study.oids.includes(oid),
  };
  const reading = readDocument(file, events, options, undefined, damages);
  const { summary, studies } = await reading.finally(() => marks.close());
  refuseForeign(summary, study.oids, file);
  await appendDictionary(connection, dictionary, known);
  for (const node of studies) await insertMetadata(connection, metadataRows(node, deliveryKey));
  await marks.land();
  await nameItems(connection, deliveryKey, firstKey);
  return { ...context, firstKey: (summary.lastKey ?? firstKey) + 1 };
}

/** Which item stands in which item group: two columns of each, whatever the size of the document. */
class Marks {
  static readonly #columns: Readonly<Record<string, readonly string[]>> = {
    item_group_data: ['key', 'item_group_code'],
    item_data: ['item_group_data_key', 'item_code'],
  };
  readonly #connection: Connection;
  readonly #writers = new Map<string, BatchWriter>();

  static async open(connection: Connection): Promise<Marks> {
    await connection.run(`
      CREATE SCHEMA IF NOT EXISTS ahead;
      CREATE OR REPLACE TABLE ahead.item_group_data (key BIGINT, item_group_code INTEGER);
      CREATE OR REPLACE TABLE ahead.item_data (item_group_data_key BIGINT, item_code INTEGER);`);
    return new Marks(connection);
  }

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  write(batch: Batch): void {
    const names = Marks.#columns[batch.table.name];
    if (names === undefined) return;
    const columns = names.map((name) => batch.columns.find(({ layout }) => layout.name === name)!);
    const table: TableLayout = { name: batch.table.name, columns: columns.map(({ layout }) => layout) };
    let writer = this.#writers.get(table.name);
    if (writer === undefined) {
      writer = new BatchWriter(this.#connection, 'ahead', table);
      this.#writers.set(table.name, writer);
    }
    writer.write({ table, length: batch.length, columns });
  }

  close(): void {
    for (const writer of this.#writers.values()) writer.close();
    this.#writers.clear();
  }

  /** One row of raw.item_group_data for each group, one of raw.item_data for each item in it. */
  async land(): Promise<void> {
    await this.#connection.run(`
      INSERT INTO raw.item_group_data BY NAME
      SELECT min(key) AS key, item_group_code, 0 AS parent_key, 0 AS subject_data_key, 0 AS study_event_data_key,
        0 AS form_data_key, 0 AS item_group_data_key, 0 AS identity, 0 AS repeat_key_code, 0 AS ordinal,
        0 AS transaction_code, 0 AS place, 0 AS length, 0 AS content_hash
      FROM ahead.item_group_data GROUP BY item_group_code;
      INSERT INTO raw.item_data BY NAME
      SELECT DISTINCT r.key AS item_group_data_key, i.item_code, 0 AS flags, 0 AS kind, 0 AS transaction_code,
        0 AS unit_code, 0 AS sequence, 0 AS place
      FROM ahead.item_data i
      JOIN ahead.item_group_data g ON g.key = i.item_group_data_key
      JOIN (SELECT item_group_code, min(key) AS key FROM ahead.item_group_data GROUP BY item_group_code) r
        USING (item_group_code);
      DROP SCHEMA ahead CASCADE;`);
  }
}
