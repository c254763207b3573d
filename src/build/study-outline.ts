import type { Batch } from '../lib/batch.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import { contentOf, type SourceFile } from '../load/source-file.ts';
import { lastSegment, sqlName } from '../load/sql-name.ts';
import { attributeOf, childrenOf, childText, type OdmNode } from '../odm/definition.ts';
import { Dictionary } from '../odm/dictionary.ts';
import { OdmReader } from '../odm/reader.ts';

/** What a new project wants to know of an ODM file. */
export interface StudyOutline {
  /** The protocol's name, else the study's, else its OID. */
  readonly id: string;
  readonly studyName: string | null;
  /** Every StudyOID of data and definitions, in the order of their first mention. */
  readonly oids: readonly string[];
  /** What stands in brackets at the end of every StudyOID (`Mediflex(Prod)`); Prod where nothing does. */
  readonly environment: string;
  readonly dialect: string;
  /** Item groups that hold data, those with a definition first. */
  readonly groups: readonly Group[];
}

export interface Group {
  /** Its table in staged. */
  readonly table: string;
  readonly oid: string;
  readonly name: string;
}

/**
 * Reads an ODM file, plain or gzipped, through to its end.
 *
 * @throws data ODM_*, SOURCE_UNREADABLE, SOURCE_GZIP
 */
export async function outlineOf(file: SourceFile, events: EventSink): Promise<StudyOutline> {
  const definitions: OdmNode[] = [];
  const dictionary = new Dictionary();
  const groupCodes = new Set<number>();
  const reader = new OdmReader({
    engine: 'bytes',
    system: '',
    environment: '',
    study: '',
    firstKey: 1,
    dictionary,
    onBatch: (batch) => noteGroups(batch, groupCodes),
    onDefinition: (node) => {
      if (node.name === 'Study') definitions.push(node);
    },
  });
  try {
    for await (const chunk of contentOf(file, events, file.name)) reader.write(chunk);
    const { studies, dialect } = reader.end();
    const oids = studies.map(({ oid }) => oid);
    const found = new Set([...groupCodes].map((code) => dictionary.text(code) ?? ''));
    return {
      ...namesOf(definitions, oids),
      oids,
      environment: environmentOf(oids),
      dialect,
      groups: groupsOf(definitions, found),
    };
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.place.file !== undefined) throw error;
    throw new WarehouseError({
      ...error,
      message: error.message,
      place: { ...error.place, file: file.name },
      cause: error,
    });
  }
}

function noteGroups({ table, columns, length }: Batch, codes: Set<number>): void {
  if (table.name !== 'item_group_data') return;
  const column = columns.find(({ layout }) => layout.name === 'item_group_code');
  if (column?.kind !== 'fixed') return;
  for (let row = 0; row < length; row++) codes.add(column.values[row]);
}

function namesOf(definitions: readonly OdmNode[], oids: readonly string[]) {
  const [study] = definitions;
  const global = study && childrenOf(study, 'GlobalVariables')[0];
  const text = (name: string) => (study && attributeOf(study, name)) ?? (global && childText(global, name)?.trim());
  const studyName = text('StudyName') || null;
  return { id: text('ProtocolName') || studyName || (oids[0] ?? 'STUDY'), studyName };
}

function environmentOf(oids: readonly string[]): string {
  const named = new Set(oids.map((oid) => /\(([^()]+)\)$/.exec(oid)?.[1]));
  const [environment] = named;
  return named.size === 1 && environment !== undefined ? environment : 'Prod';
}

/** The names that a load gives to item groups: those that are defined in their order, then the others by OID. */
function groupsOf(definitions: readonly OdmNode[], found: ReadonlySet<string>): Group[] {
  const versions = definitions.flatMap((study) => childrenOf(study, 'MetaDataVersion'));
  const defined = new Map<string, OdmNode>();
  for (const definition of versions.flatMap((version) => childrenOf(version, 'ItemGroupDef'))) {
    defined.set(attributeOf(definition, 'OID') ?? '', definition);
  }
  const others = [...found].filter((oid) => !defined.has(oid)).sort();
  const taken = new Set<string>();
  const groups = [...defined.keys(), ...others].map((oid): Group => {
    const node = defined.get(oid);
    const name = (node && attributeOf(node, 'Name')) ?? null;
    const sas = node && (attributeOf(node, 'SASDatasetName') ?? attributeOf(node, 'DatasetName'));
    const table = sqlName(oid, [sas ?? null, lastSegment(oid), name], (candidate) => taken.has(candidate));
    taken.add(table);
    return { table, oid, name: name ?? oid };
  });
  return groups.filter(({ oid }) => found.has(oid));
}
