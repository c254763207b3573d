import type { RecordBatch } from 'apache-arrow';
import { ArrowBatches } from './arrow-batches.ts';
import { Dictionary } from './dictionary.ts';
import type { OdmTableName } from './layout.ts';
import { OdmReader, type OdmReaderOptions, type OdmSummary } from './reader.ts';

export interface OdmBatch {
  table: OdmTableName;
  batch: RecordBatch;
}

export interface ReadOdmOptions
  extends Partial<
    Pick<OdmReaderOptions, 'engine' | 'dialect' | 'timeZone' | 'onDefinition' | 'onAlias' | 'acceptStudy'>
  > {
  /** The parts of every identity (docs/identity.md); '' where left out. */
  system?: string;
  environment?: string;
  study?: string;
  /** Key of the document; 1 where left out. */
  firstKey?: number;
  /** Takes what the document said of itself, at its end. */
  onSummary?: (summary: OdmSummary) => void;
}

/** Bytes read between two looks at what came of them. */
const SLICE = 1 << 20;

/**
 * Reads an ODM document (1.2, 1.3 or 2.0; any encoding that it declares) into Arrow record batches.
 *
 * Yields them in stream order: a row of an outer element may come after rows of inner ones, and batches of different
 * tables take turns. The tables and columns are those of sql/raw.sql. Columns that end in `_code` are
 * `Dictionary<Utf8, Int32>`, keys, identities and places `Int64`, times `Timestamp<MICROSECOND>` in UTC. Every batch is
 * valid for good. The source is read only as fast as batches are taken.
 * @throws as OdmReader; batches that came before belong to a document that was refused
 */
export async function* readOdm(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOdmOptions = {},
): AsyncGenerator<OdmBatch, void, undefined> {
  const arrow = await import('apache-arrow');
  const { onSummary, ...rest } = options;
  const dictionary = new Dictionary();
  const batches = new ArrowBatches(arrow, dictionary);
  const ready: OdmBatch[] = [];
  const reader = new OdmReader({
    ...rest,
    engine: rest.engine ?? 'tokenizer',
    system: rest.system ?? '',
    environment: rest.environment ?? '',
    study: rest.study ?? '',
    firstKey: rest.firstKey ?? 1,
    dictionary,
    onBatch: (batch) => ready.push({ table: batch.table.name as OdmTableName, batch: batches.from(batch) }),
  });
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += SLICE) {
      reader.write(chunk.subarray(at, at + SLICE));
      yield* ready.splice(0);
    }
  }
  const summary = reader.end();
  yield* ready.splice(0);
  onSummary?.(summary);
}
