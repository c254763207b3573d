import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { Connection } from '../../store/connection.ts';

/**
 * Says what the files of some deliveries refer to and nobody has sent: the file before a Transactional one, and the
 * version that a MetaDataVersion includes. To be asked once all deliveries of a load are there and state is that with
 * them, for a file may come after one that names it.
 */
export async function seriesGaps(
  connection: Connection,
  deliveryKeys: readonly number[],
): Promise<readonly WarehouseEvent[]> {
  if (deliveryKeys.length === 0) return [];
  const where = `delivery_key IN (${deliveryKeys.join(', ')})`;
  return [...(await priorFiles(connection, where)), ...(await includes(connection, where))];
}

interface PriorFile {
  source: string;
  part: string;
  prior: string;
}

async function priorFiles(connection: Connection, where: string): Promise<WarehouseEvent[]> {
  const gaps = await connection.rows<PriorFile>(
    `SELECT source, part, prior_file_oid AS prior FROM recon.prior_file_gaps WHERE ${where} ORDER BY delivery_key, part`,
  );
  return gaps.map(({ source, part, prior }) => ({
    event: 'notice',
    code: 'SOURCE_PRIOR_FILE',
    message: `Source ${source}: ${part} follows a file with FileOID ${prior} (PriorFileOID), which the source has not delivered.`,
    next: 'Ask the sender for that file: what it said may be missing. recon.prior_file_gaps lists such files until it is there.',
  }));
}

interface Include {
  source: string;
  problem: 'missing' | 'circle';
  study: string;
  oid: string;
  elsewhere: string | null;
  /** JSON: MetaDataVersionOIDs. */
  versions: string;
}

/** One for each version that is missing, whatever number includes it. */
async function includes(connection: Connection, where: string): Promise<WarehouseEvent[]> {
  const found = await connection.rows<Include>(
    `SELECT source, problem, include_study_oid AS study, include_oid AS oid, elsewhere,
       to_json(list(DISTINCT metadata_version_oid ORDER BY metadata_version_oid))::VARCHAR AS versions
     FROM recon.unresolved_includes WHERE ${where} GROUP BY ALL ORDER BY ALL`,
  );
  return found.map((include) => {
    const { source, problem, study, oid } = include;
    const versions = JSON.parse(include.versions) as string[];
    const includes = versions.length === 1 ? 'includes' : 'include';
    const which = `Source ${source}: MetaDataVersion ${listed(versions)} ${includes} ${oid} of study ${study}`;
    if (problem === 'circle') {
      return {
        event: 'notice',
        code: 'SOURCE_INCLUDE_CIRCLE',
        message: `${which}, which includes it in turn. Each definition is taken from where it is first met.`,
        next: 'Ask the sender which is the earlier: a version can include only earlier ones (ODM 1.3.2, 3.1.1.3.1). recon.unresolved_includes lists them.',
      };
    }
    const there = include.elsewhere === null ? '' : ` Source ${include.elsewhere} has, as another system.`;
    const next =
      include.elsewhere === null
        ? 'Ask the sender for the file that defines it.'
        : `Give both sources the same "system" in warehouse.yml, if they are of one.`;
    return {
      event: 'notice',
      code: 'SOURCE_INCLUDE_MISSING',
      message: `${which}, which its system has not sent: nothing of that version holds.${there}`,
      next: `${next} recon.unresolved_includes lists such versions.`,
    };
  });
}
