import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSink, silent, type WarehouseEvent } from '../lib/events.ts';
import { findFiles } from '../project/glob.ts';
import type { Project } from '../project/project.ts';
import type { Source } from '../project/source.ts';
import type { Connection } from '../store/connection.ts';
import { contentOf, hashOf, type SourceFile } from './source-file.ts';

/** A file that is to be loaded, and why. */
export interface PendingDelivery {
  readonly source: Source;
  readonly file: SourceFile;
  /** Of its bytes, where they had to be compared with those of the last delivery. */
  readonly sha256?: string;
  readonly reason: 'new file' | 'changed';
}

/** A pending delivery whose bytes are known and will not change while they are read. */
export interface TakenDelivery extends PendingDelivery {
  readonly sha256: string;
  /** Where its bytes are read: its copy in the vault, or the file itself where none is kept. */
  readonly path: string;
}

interface Known {
  source: string;
  name: string;
  sha256: string;
}

/**
 * The files of all sources that are new, or whose bytes are not those of their last delivery; by source in the order
 * of warehouse.yml, and within a source by the time that the document gives for itself, then by name.
 */
export async function pendingDeliveries(
  connection: Connection | undefined,
  { root, sources, study }: Pick<Project, 'root' | 'sources' | 'study'>,
  events: EventSink,
): Promise<PendingDelivery[]> {
  const known = connection === undefined ? new Map<string, string>() : await lastDeliveries(connection, study.oids);
  const pending: PendingDelivery[] = [];
  for (const source of sources) {
    const ofSource: (PendingDelivery & { time: string })[] = [];
    const names = await findFiles(root, source.files);
    if (names.length === 0) events(noFiles(source));
    for (const name of names) {
      const path = join(root, name);
      const file = { name, path, size: statSync(path).size };
      const last = known.get(JSON.stringify([source.name, name]));
      const sha256 = last === undefined ? undefined : await hashOf(file);
      if (last !== undefined && last === sha256) continue;
      const time = source.format === 'odm' ? await documentTime(file) : '';
      ofSource.push({ source, file, sha256, reason: last === undefined ? 'new file' : 'changed', time });
    }
    pending.push(...ofSource.sort((a, b) => compare(a.time, b.time) || compare(a.file.name, b.file.name)));
  }
  return pending;
}

function noFiles({ name, files }: Source): WarehouseEvent {
  return {
    event: 'notice',
    code: 'SOURCE_NO_FILES',
    message: `Source ${name}: no file matches ${files.join(', ')}.`,
    next: `Check files: of the source in warehouse.yml.`,
  };
}

/** Hash of the last delivery of each file; none if data of a study were refused that the project is for now. */
async function lastDeliveries(connection: Connection, oids: readonly string[]): Promise<Map<string, string>> {
  const rows = await connection.rows<Known>(
    `SELECT source, name, sha256
     FROM (SELECT d.source, p.*
           FROM raw.part p JOIN raw.delivery d USING (delivery_key)
           QUALIFY row_number() OVER (PARTITION BY d.source, p.name ORDER BY p.delivery_key DESC, p.ordinal DESC) = 1) p
     WHERE NOT EXISTS (FROM raw.refused r WHERE r.delivery_key = p.delivery_key AND r.part_ordinal = p.ordinal
       AND list_contains(from_json($1::JSON, '["VARCHAR"]'), r.study_oid))`,
    [JSON.stringify(oids)],
  );
  return new Map(rows.map((row) => [JSON.stringify([row.source, row.name]), row.sha256]));
}

/** AsOfDateTime or CreationDateTime of the root, as far as a glance tells; it only decides what is loaded first. */
async function documentTime(file: SourceFile): Promise<string> {
  try {
    for await (const chunk of contentOf(file, silent, file.name)) {
      const start = Buffer.from(chunk).toString('latin1', 0, 16_384);
      return (
        /\sAsOfDateTime\s*=\s*["']([^"']*)/.exec(start)?.[1] ??
        /\sCreationDateTime\s*=\s*["']([^"']*)/.exec(start)?.[1] ??
        ''
      );
    }
  } catch {
    // Whatever is wrong with the file is told when it is loaded.
  }
  return '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
