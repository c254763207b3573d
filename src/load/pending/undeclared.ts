import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import type { Project } from '../../project/project.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';

type Declared = Pick<Project, 'sources' | 'study' | 'locate'>;

/**
 * What was delivered stays live, whatever the configuration says since: a source of another name would say all of it a
 * second time.
 * @param delivered names of the sources that have delivered
 * @throws usage SOURCE_UNDECLARED
 */
export function refuseUndeclaredSources({ sources, locate }: Declared, delivered: ReadonlySet<string>): void {
  const declared = new Set(sources.map(({ name }) => name));
  const missing = [...delivered].filter((name) => !declared.has(name)).sort();
  if (missing.length === 0) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'SOURCE_UNDECLARED',
    message: `${listed(missing)} delivered before and ${missing.length === 1 ? 'is' : 'are'} under sources no more: what came from there is still live.`,
    place: locate(['sources']),
    next: `Nothing was loaded. Put ${missing.length === 1 ? 'it' : 'them'} back, under the same name; files that were delivered need not be there any more. ${ANEW}`,
  });
}

/**
 * A study that was listed by mistake would stay in every dataset. Asked before a load, and after it: what a delivery
 * removed is live again where the same bytes are delivered under another `covers`.
 * @param done what has become of the deliveries, for the person who reads it
 * @throws usage STUDY_UNDECLARED
 */
export async function refuseUndeclaredStudies(
  connection: Connection,
  { study, locate }: Declared,
  done: string,
): Promise<void> {
  const others = await liveStudies(connection, await undeclaredStudies(connection, study.oids));
  if (others.length === 0) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'STUDY_UNDECLARED',
    message: `Data of StudyOID ${listed(others)} are live, which study.oids names no more.`,
    place: locate(['study']),
    next: `${done} Put ${others.length === 1 ? 'it' : 'them'} back. ${ANEW}`,
  });
}

const ANEW =
  'To do without what came from there, move .warehouse/ to another place, where it stays the record of what was done, and build from nothing.';

/** ReferenceData (raw.level 13) and the StudyOID of each. */
const REFERENCE = `
  SELECT e.key, a.value AS oid FROM raw.element e
  JOIN raw.attribute a ON a.element_key = e.key AND a.level = 13 AND a.node = 0 AND a.namespace_code = 0
  JOIN raw.dictionary n ON n.code = a.name_code AND n.text = 'StudyOID'
  WHERE e.level = 13`;

/** StudyOIDs of data that are declared no more: mostly none, and then nobody need ask what is live. */
async function undeclaredStudies(connection: Connection, oids: readonly string[]): Promise<string[]> {
  const rows = await connection.rows<{ oid: string }>(`
    SELECT d.text AS oid FROM raw.dictionary d WHERE d.code IN (SELECT study_code FROM raw.clinical_data)
    UNION SELECT oid FROM (${REFERENCE}) ORDER BY oid`);
  return rows.map(({ oid }) => oid).filter((oid) => !oids.includes(oid));
}

/** Those of them whose ClinicalData or ReferenceData hold live item groups. */
async function liveStudies(connection: Connection, oids: readonly string[]): Promise<string[]> {
  if (oids.length === 0 || !(await hasRelation(connection, 'state.item_group_data'))) return [];
  const rows = await connection.rows<{ oid: string }>(`
    SELECT d.text AS oid
    FROM raw.clinical_data c JOIN raw.dictionary d ON d.code = c.study_code
    WHERE c.key IN (
      SELECT x.clinical_data_key FROM raw.subject_data x
      WHERE x.key IN (SELECT subject_data_key FROM state.item_group_data))
    UNION
    SELECT r.oid FROM (${REFERENCE}) r SEMI JOIN state.item_group_data g ON g.parent_key = r.key
    ORDER BY oid`);
  return rows.map(({ oid }) => oid).filter((oid) => oids.includes(oid));
}
