import { document, element, group, item, subject } from './odm.ts';
import { type TemporaryProject, withProject } from './project.ts';

export interface Version {
  readonly study?: string;
  readonly oid?: string;
  readonly include?: string;
  /** Decodes of codelist CL; without them it is not there. */
  readonly decodes?: Readonly<Record<string, string>>;
  /** The codelist of item A: without it CL, where that is there, else there is no item A; null for an item without. */
  readonly list?: string | null;
  /** The name of unit U, the only one of item B; without it there is no item B. */
  readonly unit?: string;
}

/** A Study with one version: item group G with items A (codelist CL) and B (unit U). */
export function definitions(version: Version): string {
  const { study = 'S', oid = '1', include, unit } = version;
  return element(
    'Study',
    { OID: study },
    element('GlobalVariables', {}, element('StudyName', {}, 'S')),
    ...(unit === undefined ? [] : [element('BasicDefinitions', {}, measurementUnit(unit))]),
    element(
      'MetaDataVersion',
      { OID: oid, Name: oid },
      ...(include === undefined ? [] : [element('Include', { StudyOID: study, MetaDataVersionOID: include })]),
      element(
        'ItemGroupDef',
        { OID: 'G', Name: 'G', Repeating: 'No' },
        element('ItemRef', { ItemOID: 'A', Mandatory: 'No' }),
        element('ItemRef', { ItemOID: 'B', Mandatory: 'No' }),
      ),
      ...itemA(version),
      ...(unit === undefined ? [] : [itemDef('B', element('MeasurementUnitRef', { MeasurementUnitOID: 'U' }))]),
    ),
  );
}

function itemA({ decodes, list = decodes && 'CL' }: Version): string[] {
  const reference = list === null || list === undefined ? [] : [element('CodeListRef', { CodeListOID: list })];
  return [
    ...(list === undefined ? [] : [itemDef('A', ...reference)]),
    ...(decodes === undefined ? [] : [codeList('CL', decodes)]),
  ];
}

export function codeList(oid: string, decodes: Readonly<Record<string, string>>): string {
  const items = Object.entries(decodes).map(([code, decode]) =>
    element('CodeListItem', { CodedValue: code }, element('Decode', {}, text(decode))),
  );
  return element('CodeList', { OID: oid, Name: oid, DataType: 'integer' }, ...items);
}

const itemDef = (oid: string, ...content: readonly string[]) =>
  element('ItemDef', { OID: oid, Name: oid, DataType: 'integer' }, ...content);
const measurementUnit = (name: string) =>
  element('MeasurementUnit', { OID: 'U', Name: name }, element('Symbol', {}, text(name)));
const text = (value: string) => element('TranslatedText', { 'xml:lang': 'en' }, value);

/** ClinicalData with one subject, who has the items given. */
export function data(
  key: string,
  values: Readonly<Record<string, string>>,
  version: string | undefined = '1',
  study = 'S',
): string {
  const items = Object.entries(values).map(([oid, value]) => item(oid, value));
  return element(
    'ClinicalData',
    { StudyOID: study, MetaDataVersionOID: version },
    subject(key, {}, group('G', {}, ...items)),
  );
}

const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
/** A document of a day of January. */
export const snapshot = (number: number, ...content: readonly string[]) =>
  document({ created: day(number) }, ...content);

/** A build of study S, with a source, of a system of its own, for each folder. */
export async function built(
  files: Readonly<Record<string, string>>,
  check: (project: TemporaryProject) => Promise<void>,
): Promise<void> {
  const folders = [...new Set(Object.keys(files).map((file) => file.slice(0, file.indexOf('/'))))];
  const sources = Object.fromEntries(folders.map((folder) => [folder, { files: `${folder}/*.xml` }]));
  const configuration = JSON.stringify({ name: 'p', study: { id: 'S', oids: ['S'] }, sources });
  await withProject({ 'warehouse.yml': configuration, ...files }, async (project) => {
    await project.build();
    await check(project);
  });
}
