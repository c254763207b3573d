import { WarehouseError } from '../lib/errors.ts';
import { listed } from '../lib/listed.ts';
import type { Project } from '../project/project.ts';
import { counted } from '../report/figures.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { commandFor } from './warehouse.ts';

/** Damaged spans of one document that stands. */
export interface OpenQuarantine {
  readonly part: string;
  readonly spans: number;
  /** Where the first of them begins. */
  readonly line: number;
  readonly byte: number;
}

/** What is open in quarantine: data that were sent and are missing (recon.open_quarantine), by document. */
export async function openQuarantine(connection: Connection): Promise<OpenQuarantine[]> {
  // A file of an earlier version has no such view, and nothing in it.
  if (!(await hasRelation(connection, 'recon.open_quarantine'))) return [];
  const rows = await connection.rows<{ part: string; spans: bigint; line: bigint; byte: bigint }>(
    `SELECT part, count(*) AS spans, min_by(line, place) AS line, min(place) AS byte
     FROM recon.open_quarantine GROUP BY part, delivery_key, part_ordinal ORDER BY delivery_key, part_ordinal`,
  );
  return rows.map(({ part, spans, line, byte }) => {
    return { part, spans: Number(spans), line: Number(line), byte: Number(byte) };
  });
}

/** `2 damaged spans of data/edc.xml` */
export function openText({ part, spans }: OpenQuarantine): string {
  return `${counted(spans, 'damaged span')} of ${part}`;
}

/** What lifts it. */
export function openNext({ target }: Project): string {
  const see = `${commandFor(target, 'query')} "FROM recon.open_quarantine"`;
  return `Have the file delivered anew: the same document whole, or a later complete snapshot, takes its place. See them: ${see}.`;
}

/**
 * What leaves the house is all that was sent.
 * @throws data QUARANTINE_OPEN
 */
export async function assertNothingOpen(connection: Connection, project: Project): Promise<void> {
  const open = await openQuarantine(connection);
  if (open.length === 0) return;
  const [{ part: file, line, byte }] = open;
  throw new WarehouseError({
    kind: 'data',
    code: 'QUARANTINE_OPEN',
    message: `Data are missing, so nothing is exported: quarantine holds ${listed(open.map(openText))}.`,
    place: { file, line, byte },
    next: openNext(project),
  });
}
