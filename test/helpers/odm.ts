import type { TemporaryProject } from './project.ts';

type Attributes = Readonly<Record<string, string | undefined>>;

const escaped = (text: string) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** An XML element; attributes without a value are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(value as string)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

interface Head {
  readonly type?: 'Snapshot' | 'Transactional';
  /** CreationDateTime; none where it is left out. */
  readonly created?: string;
  readonly asOf?: string;
  readonly study?: string;
  /** Further attributes of the root. */
  readonly root?: Attributes;
  /** Further attributes of ClinicalData. */
  readonly clinical?: Attributes;
}

const MDSOL = 'http://www.mdsol.com/ns/odm/metadata';

/** An ODM 1.3.2 document with one ClinicalData. */
export function odm(head: Head, ...subjects: readonly string[]): string {
  const { study = 'S', clinical = {} } = head;
  return document(
    head,
    element('ClinicalData', { StudyOID: study, MetaDataVersionOID: '1', ...clinical }, ...subjects),
  );
}

/** An ODM 1.3.2 document with what is given. */
export function document({ type = 'Snapshot', created, asOf, root = {} }: Head, ...content: readonly string[]): string {
  const attributes = {
    xmlns: 'http://www.cdisc.org/ns/odm/v1.3',
    ODMVersion: '1.3.2',
    FileType: type,
    FileOID: 'F',
    CreationDateTime: created,
    AsOfDateTime: asOf,
    ...root,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('ODM', attributes, ...content)}\n`;
}

/** A document of a Rave audit stream: a ClinicalData for each audit, with its AuditSubCategoryName. */
export function raveAudits(
  created: string,
  ...audits: readonly (readonly [category: string, subject: string])[]
): string {
  const all = audits.map(([category, content]) =>
    element(
      'ClinicalData',
      { StudyOID: 'S', MetaDataVersionOID: '1', 'mdsol:AuditSubCategoryName': category },
      content,
    ),
  );
  return document({ type: 'Transactional', created, root: { 'xmlns:mdsol': MDSOL } }, ...all);
}

export const subject = (key: string, attributes: Attributes, ...children: readonly string[]) =>
  element('SubjectData', { SubjectKey: key, ...attributes }, ...children);
export const site = (oid: string) => element('SiteRef', { LocationOID: oid });
export const event = (oid: string, attributes: Attributes, ...children: readonly string[]) =>
  element('StudyEventData', { StudyEventOID: oid, ...attributes }, ...children);
export const form = (oid: string, attributes: Attributes, ...children: readonly string[]) =>
  element('FormData', { FormOID: oid, ...attributes }, ...children);
export const group = (oid: string, attributes: Attributes, ...children: readonly string[]) =>
  element('ItemGroupData', { ItemGroupOID: oid, ...attributes }, ...children);
/** An item; without a value where `value` is undefined. */
export const item = (
  oid: string,
  value: string | undefined,
  attributes: Attributes = {},
  ...children: readonly string[]
) => element('ItemData', { ItemOID: oid, Value: value, ...attributes }, ...children);
export const audit = (time: string, sourceId?: string) =>
  element(
    'AuditRecord',
    {},
    element('UserRef', { UserOID: 'U' }),
    element('LocationRef', { LocationOID: 'L' }),
    element('DateTimeStamp', {}, time),
    ...(sourceId === undefined ? [] : [element('SourceID', {}, sourceId)]),
  );

export const insert = { TransactionType: 'Insert' };
export const update = { TransactionType: 'Update' };
export const upsert = { TransactionType: 'Upsert' };
export const remove = { TransactionType: 'Remove' };
export const context = { TransactionType: 'Context' };

type Records = Record<string, Record<string, string | null>>;

/**
 * What is live, of all item groups: for each record its keys from the subject down, `0012/SE#1/F_AE#1/IG_AE#1`, with
 * its items. A level that the file does not have is left out. The project must have been built.
 */
export function records(project: TemporaryProject): Promise<Records> {
  return recordsIn((sql) => project.rows(sql));
}

export async function recordsIn(rows: (sql: string) => Promise<unknown[][]>): Promise<Records> {
  const names = new Map((await rows('SELECT code, text FROM raw.dictionary')) as [number, string][]);
  const cells = (await rows(`
    SELECT concat_ws('/', subject_key, study_event_oid || '#' || study_event_repeat_key, form_oid || '#' || form_repeat_key,
        item_group_oid || '#' || item_group_repeat_key) AS place,
      to_json(items)::VARCHAR, to_json(vals)::VARCHAR
    FROM staged._cells ORDER BY place`)) as [string, string | null, string | null][];
  return Object.fromEntries(
    cells.map(([place, items, values]) => {
      const codes = JSON.parse(items ?? '[]') as number[];
      const texts = JSON.parse(values ?? '[]') as (string | null)[];
      return [place, Object.fromEntries(codes.map((code, index) => [names.get(code), texts[index]]))];
    }),
  );
}
