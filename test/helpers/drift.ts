import { codeList, snapshot } from './definitions.ts';
import { element, group, item, subject } from './odm.ts';
import type { TemporaryProject } from './project.ts';

interface Item {
  readonly type: string;
  readonly length?: string;
  readonly name?: string;
  readonly question?: string;
  readonly list?: string;
  readonly mandatory?: 'Yes';
}

export interface Version {
  readonly oid: string;
  readonly study?: string;
  readonly include?: readonly [study: string, oid: string];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly items?: Readonly<Record<string, Item>>;
  readonly lists?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly forms?: Readonly<Record<string, readonly string[]>>;
}

/** A Study with one version: item groups with their items, ItemDefs, codelists, forms with their item groups. */
export function version({
  oid,
  study = 'S',
  include,
  groups = {},
  items = {},
  lists = {},
  forms = {},
}: Version): string {
  const each = <T>(record: Readonly<Record<string, T>>, make: (oid: string, one: T) => string) =>
    Object.entries(record).map(([oid, one]) => make(oid, one));
  return element(
    'Study',
    { OID: study },
    element(
      'MetaDataVersion',
      { OID: oid, Name: oid },
      ...(include === undefined ? [] : [element('Include', { StudyOID: include[0], MetaDataVersionOID: include[1] })]),
      ...each(forms, (form, members) =>
        element(
          'FormDef',
          { OID: form, Name: form, Repeating: 'No' },
          ...members.map((member) => element('ItemGroupRef', { ItemGroupOID: member, Mandatory: 'No' })),
        ),
      ),
      ...each(groups, (name, members) =>
        element(
          'ItemGroupDef',
          { OID: name, Name: name, Repeating: 'No' },
          ...members.map((member) =>
            element('ItemRef', { ItemOID: member, Mandatory: items[member]?.mandatory ?? 'No' }),
          ),
        ),
      ),
      ...each(items, (name, { type, length, name: label = name, question, list }) =>
        element(
          'ItemDef',
          { OID: name, Name: label, DataType: type, Length: length },
          ...(question === undefined ? [] : [element('Question', {}, element('TranslatedText', {}, question))]),
          ...(list === undefined ? [] : [element('CodeListRef', { CodeListOID: list })]),
        ),
      ),
      ...each(lists, codeList),
    ),
  );
}

const SEVERITY = { 1: 'Mild', 2: 'Moderate', 3: 'Severe' };
export const FIRST: Version = {
  oid: '1',
  groups: { AE: ['TERM', 'SEV', 'DOSE', 'OLD'] },
  forms: { F_AE: ['AE'] },
  items: {
    TERM: { type: 'text', length: '10', question: 'Which event?' },
    SEV: { type: 'text', list: 'SEV' },
    DOSE: { type: 'text' },
    OLD: { type: 'text' },
  },
  lists: { SEV: SEVERITY },
};
export const SECOND: Version = {
  oid: '2',
  groups: { AE: ['TERM', 'SEV', 'DOSE', 'NEW'] },
  forms: { F_AE: [], F_SAE: ['AE'] },
  items: {
    TERM: { type: 'text', length: '5', question: 'Which adverse event?' },
    SEV: { type: 'text', list: 'SEV', mandatory: 'Yes', name: 'Severity' },
    DOSE: { type: 'float' },
    NEW: { type: 'date' },
  },
  lists: { SEV: { 1: 'Mild', 2: 'Medium', 4: 'Life-threatening' } },
};

/** ClinicalData of item group AE. */
export const events = (oid: string, ...subjects: readonly (readonly [string, Readonly<Record<string, string>>])[]) =>
  element(
    'ClinicalData',
    { StudyOID: 'S', MetaDataVersionOID: oid },
    ...subjects.map(([key, values]) =>
      subject(key, {}, group('AE', {}, ...Object.entries(values).map(([oid, value]) => item(oid, value)))),
    ),
  );

/** Version 1 with three records, and version 2 with two. */
export const before = snapshot(
  1,
  version(FIRST),
  events(
    '1',
    ['a', { TERM: 'Cough', SEV: '2', DOSE: '1.5', OLD: 'x' }],
    ['b', { TERM: 'Dizziness', SEV: '3', DOSE: 'none', OLD: '' }],
    ['c', { TERM: 'Rash', SEV: '3', DOSE: '2', OLD: 'y' }],
  ),
);
export const after = snapshot(
  2,
  version(SECOND),
  events('2', ['d', { TERM: 'Nausea', SEV: '2', DOSE: '10', NEW: '2026-01-02' }], ['e', { SEV: '3' }]),
);

/** Rows of recon.schema_drift. */
export const drift = (project: TemporaryProject, where = 'true') =>
  project.rows(
    `SELECT level, oid, coded_value, column_name, change, old_value, new_value, value_count, affected_count
     FROM recon.schema_drift WHERE ${where} ORDER BY level, oid, coded_value, column_name, change, delivery_key, new_value, old_value`,
  );
