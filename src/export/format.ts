import type { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import type { ExportFormatName } from '../project/configuration.ts';
import type { Connection } from '../store/connection.ts';
import type { Dataset } from './dataset.ts';

/** What a format needs beside the dataset. */
export interface FormatContext {
  readonly connection: Connection;
  /** The date and time that a format insists on; never the clock. */
  readonly stamp: Date;
  readonly events: EventSink;
}

/** One file to come. */
export interface FilePlan {
  /** Everything in the dataset that the format cannot hold. A plan with refusals is never written. */
  readonly refusals: readonly WarehouseError[];
  /** Writes the whole file. `path` is absolute and does not exist. */
  write(path: string): Promise<void>;
  /** Reads the file back another way and compares it with the table. @throws fault EXPORT_READ_BACK */
  verify(path: string): Promise<void>;
}

/**
 * An export format is a folder that exports one of these, a name in EXPORT_FORMATS of project/configuration.ts and a
 * line in formats.ts: the compiler asks for whichever is missing.
 */
export interface ExportFormat {
  /** Also the folder of its files. */
  readonly name: ExportFormatName;
  readonly extension: string;
  plan(dataset: Dataset, context: FormatContext): Promise<FilePlan>;
}
