import { itemGroupCandidates, sqlName } from '../load/sql-name.ts';
import { attributeOf, childrenOf, childText, type OdmNode } from '../odm/definition.ts';
import type { StudyScan } from './study-scan.ts';

/** What a new project wants to know of the ODM files it is made for. */
export interface StudyOutline {
  /** The protocol's name, else the study's, else its OID. */
  readonly id: string;
  /** Which of them that is. */
  readonly idFrom: 'ProtocolName' | 'StudyName' | 'StudyOID' | undefined;
  readonly studyName: string | null;
  /** Every StudyOID of data and definitions, in the order of their first mention. */
  readonly oids: readonly string[];
  /** What stands in brackets at the end of every StudyOID (`Mediflex(Prod)`); Prod where nothing does. */
  readonly environment: string;
  /** Those of the files that hold data, else of all. */
  readonly dialects: readonly string[];
  /** Whether any file defines item groups. */
  readonly isDefined: boolean;
  /** All item groups: those that hold data first, and among them those with a definition. */
  readonly groups: readonly GroupOutline[];
}

export interface GroupOutline {
  /** Its table in staged. */
  readonly table: string;
  readonly oid: string;
  readonly name: string;
  /** Whether it is only defined, while others hold data. */
  readonly isEmpty: boolean;
}

/** The outline of a study whose definitions and data may come in files of their own. */
export function outlineOf(scans: readonly StudyScan[]): StudyOutline {
  const studies = scans.flatMap((scan) => scan.studies);
  const oids = [...new Set(scans.flatMap((scan) => scan.oids))];
  const withData = scans.filter(({ holdsData }) => holdsData);
  const definitions = itemGroupDefs(studies);
  const found = new Set(withData.flatMap(({ itemGroups }) => [...itemGroups]));
  const isEmpty = (oid: string) => withData.length > 0 && !found.has(oid);
  const groups = groupsOf(definitions, found).map((group) => ({ ...group, isEmpty: isEmpty(group.oid) }));
  return {
    ...namesOf(studies, oids),
    oids,
    environment: environmentOf(oids),
    dialects: [...new Set((withData.length > 0 ? withData : scans).map(({ dialect }) => dialect))],
    isDefined: definitions.size > 0,
    groups: groups.sort((a, b) => Number(a.isEmpty) - Number(b.isEmpty)),
  };
}

/** Of the first Study that says so: beside the definitions, it may stand in the data without its variables. */
function namesOf(studies: readonly OdmNode[], oids: readonly string[]) {
  const text = (name: string) =>
    studies
      .map((study) => attributeOf(study, name) ?? globalVariable(study, name))
      .map((found) => found?.trim())
      .find((found) => found !== undefined && found !== '');
  const studyName = text('StudyName') ?? null;
  const candidates = [
    { id: text('ProtocolName'), idFrom: 'ProtocolName' },
    { id: studyName ?? undefined, idFrom: 'StudyName' },
    { id: oids[0], idFrom: 'StudyOID' },
  ] as const;
  const { id, idFrom } = candidates.find(({ id }) => id !== undefined) ?? {};
  return { id: id ?? 'STUDY', idFrom, studyName };
}

function globalVariable(study: OdmNode, name: string): string | undefined {
  const [variables] = childrenOf(study, 'GlobalVariables');
  return variables && childText(variables, name);
}

function environmentOf(oids: readonly string[]): string {
  const named = new Set(oids.map((oid) => /\(([^()]+)\)$/.exec(oid)?.[1]));
  const [environment] = named;
  return named.size === 1 && environment !== undefined ? environment : 'Prod';
}

/** Every ItemGroupDef by OID, in the order of their first mention: of several the newest, with the items of all. */
function itemGroupDefs(studies: readonly OdmNode[]): Map<string, { node: OdmNode; items: Set<string> }> {
  const defined = new Map<string, { node: OdmNode; items: Set<string> }>();
  const versions = studies.flatMap((study) => childrenOf(study, 'MetaDataVersion'));
  for (const node of versions.flatMap((version) => childrenOf(version, 'ItemGroupDef'))) {
    const oid = attributeOf(node, 'OID') ?? '';
    const items = defined.get(oid)?.items ?? new Set();
    for (const reference of childrenOf(node, 'ItemRef')) items.add(attributeOf(reference, 'ItemOID') ?? '');
    defined.set(oid, { node, items });
  }
  return defined;
}

/** The names that a load gives to item groups: those that are defined in their order, then the others by OID. */
function groupsOf(
  defined: ReadonlyMap<string, { node: OdmNode; items: ReadonlySet<string> }>,
  found: ReadonlySet<string>,
): Omit<GroupOutline, 'isEmpty'>[] {
  const others = [...found].filter((oid) => !defined.has(oid)).sort();
  const taken = new Set<string>();
  return [...defined.keys(), ...others].map((oid) => {
    const definition = defined.get(oid);
    const attribute = (key: string) => definition && attributeOf(definition.node, key);
    const name = attribute('Name') ?? null;
    const sasName = attribute('SASDatasetName') ?? attribute('DatasetName') ?? null;
    const candidates = itemGroupCandidates({ oid, sasName, name }, definition?.items ?? new Set());
    const table = sqlName(oid, candidates, (candidate) => taken.has(candidate));
    taken.add(table);
    return { table, oid, name: name || oid };
  });
}
