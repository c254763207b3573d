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

/** What is open in quarantine: data that were sent and are missing, by document. */
export async function openQuarantine(connection: Connection): Promise<OpenQuarantine[]> {
  // A file of an earlier version has no such view, and nothing in it.
  if (!(await hasRelation(connection, 'recon.quarantine'))) return [];
  const rows = await connection.rows<{ part: string; spans: bigint; line: bigint; byte: bigint }>(
    `SELECT p.name AS part, count(*) AS spans, min_by(q.line, q.place) AS line, min(q.place) AS byte
     FROM recon.quarantine q JOIN raw.part p ON p.delivery_key = q.stands_as AND p.ordinal = q.part_ordinal
     WHERE q.status = 'open' AND q.format = 'odm'
     GROUP BY p.name, q.stands_as, q.part_ordinal ORDER BY q.stands_as, q.part_ordinal`,
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
  const see = commandFor(target, 'quarantine list');
  return `Have the file delivered anew: the same document whole (FileOID and CreationDateTime), or a later snapshot of a source with covers: study, takes its place. See them: ${see}; what holds nothing that is to land can be discarded: docs/quarantine.md.`;
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
