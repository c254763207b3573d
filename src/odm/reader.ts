import { WarehouseError } from '../lib/errors.ts';
import type { CollectionOptions } from './collect/collection.ts';
import { Collector } from './collect/collector.ts';
import type { RootAttributes } from './collect/document.ts';
import { COUNTED, type Counts, newCounts, type StudyTally } from './collect/tally.ts';
import { DateTimeReader, offsetMinutes, type ZoneOrigin } from './datetime.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectNamed, recognise } from './dialects/dialects.ts';
import type { OnControl } from './xml/controls.ts';
import { EncodingGate } from './xml/encoding.ts';
import type { EngineName, XmlEngine } from './xml/events.ts';
import { Names } from './xml/names.ts';
import { SaxEngine } from './xml/sax-engine.ts';
import { Tokenizer } from './xml/tokenizer.ts';

export type { SubjectAlias } from './collect/collection.ts';
export type { Counts, StudyTally } from './collect/tally.ts';

export interface OdmReaderOptions extends CollectionOptions {
  engine: EngineName;
  /** Where it is given, control characters that XML does not allow are replaced by a space, and told to it; not by sax. */
  onControl?: OnControl;
  /** Name of a dialect; recognised from the root where it is left out. */
  dialect?: string;
}

export interface OdmSummary {
  /** What the root said, by the columns of raw.part; times are `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC. */
  root: RootAttributes & {
    creation_utc: string | null;
    creation_zone_origin: ZoneOrigin | null;
    as_of_utc: string | null;
    as_of_zone_origin: ZoneOrigin | null;
  };
  /** Namespace of the root; '' for none. */
  namespace: string;
  dialect: string;
  /** The encoding that was read. */
  encoding: string;
  /** Elements found, of all studies. */
  counts: Counts;
  firstKey: number;
  /** Null only if nothing at all was read. */
  lastKey: number | null;
  /** The studies that are named by data or definitions, in the order of their first mention. */
  studies: readonly StudyTally[];
}

/**
 * Reads one ODM document, pushed in chunks of any size, into columnar batches of the tables of layout.ts.
 *
 * Memory stays bounded whatever the size of the document. A refused document may already have passed on batches: the
 * caller throws them away.
 * @throws data ODM_NOT_WELL_FORMED, ODM_TRUNCATED, ODM_EMPTY, ODM_DOCTYPE, ODM_ENCODING, ODM_NOT_ODM, ODM_TOO_LARGE,
 *   ODM_KEY_MISSING, ODM_TRANSACTION_TYPE, with byte (from 0), line and column (from 1, in bytes) of the document in UTF-8
 * @throws usage ODM_UNKNOWN_DIALECT, ODM_TIME_ZONE
 */
export class OdmReader {
  readonly #options: OdmReaderOptions;
  readonly #collector: Collector;
  readonly #engine: XmlEngine;
  readonly #gate: EncodingGate;

  constructor(options: OdmReaderOptions) {
    checkOptions(options);
    this.#options = options;
    const chosen: Dialect | undefined = options.dialect === undefined ? undefined : dialectNamed(options.dialect);
    const names = new Names();
    this.#collector = new Collector(options, names, (head) => chosen ?? recognise(head));
    this.#engine =
      options.engine === 'tokenizer'
        ? new Tokenizer(this.#collector, names, options.onControl)
        : new SaxEngine(this.#collector, names);
    this.#gate = new EncodingGate(
      (chunk) => this.#engine.write(chunk),
      () => this.#engine.drain(),
    );
  }

  write(chunk: Uint8Array): void {
    this.#gate.write(chunk);
  }

  end(): OdmSummary {
    this.#gate.end();
    this.#engine.end();
    this.#collector.end();
    return this.#summary();
  }

  #summary(): OdmSummary {
    const { collection, document } = this.#collector;
    const studies = [...collection.studies.values()];
    const counts = newCounts();
    for (const study of studies) for (const name of COUNTED) counts[name] += study.counts[name];
    const creation = this.#utc(document.root.creation_datetime);
    const asOf = this.#utc(document.root.as_of_datetime);
    return {
      root: {
        ...document.root,
        creation_utc: creation.utc,
        creation_zone_origin: creation.origin,
        as_of_utc: asOf.utc,
        as_of_zone_origin: asOf.origin,
      },
      namespace: document.namespace,
      dialect: collection.dialect.name,
      encoding: this.#gate.encoding,
      counts,
      firstKey: this.#options.firstKey,
      lastKey: collection.lastKey,
      studies,
    };
  }

  #utc(text: string | null): { utc: string | null; origin: ZoneOrigin | null } {
    const reader = new DateTimeReader(this.#options.timeZone);
    const bytes = Buffer.from(text ?? '');
    if (!reader.read(bytes, 0, bytes.length)) return { utc: null, origin: null };
    const { microseconds, zoneOrigin } = reader;
    const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const seconds = new Date(Number((microseconds - fraction) / 1000n)).toISOString().slice(0, 19);
    return { utc: `${seconds}.${String(fraction).padStart(6, '0')}`, origin: zoneOrigin };
  }
}

function checkOptions(options: OdmReaderOptions): void {
  if (!Number.isSafeInteger(options.firstKey) || options.firstKey < 1)
    throw new RangeError('firstKey must be 1 or more');
  if (options.timeZone === undefined || offsetMinutes(options.timeZone) !== undefined) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'ODM_TIME_ZONE',
    message: `${JSON.stringify(options.timeZone)} is no offset from UTC.`,
    next: 'Write it like +02:00, or Z for UTC.',
  });
}
