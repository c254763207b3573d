import { describe, expect, it } from 'vitest';
import { group, odm, read, subject } from './read.ts';

const RAVE = ' xmlns:mdsol="http://www.mdsol.com/ns/odm/metadata"';
const OPENCLINICA = ' xmlns:OpenClinica="http://www.openclinica.org/ns/odm_ext_v130/v3.1"';

it.each([
  ['rave', RAVE],
  ['openclinica', OPENCLINICA],
  ['redcap', ' xmlns:redcap="https://projectredcap.org"'],
  ['redcap', ' SourceSystem="REDCap"'],
  // The root of the study designs that the vendor publishes (github.com/viedoc/custom-reports, 4.71).
  ['viedoc', ' xmlns:v4="http://www.viedoc.net/ns/v4"'],
  ['viedoc', ' SourceSystem="VIEDOC" Originator="Viedoc Technologies AB"'],
  ['plain', ' SourceSystem="Rave"'],
])('%s is recognised by its namespace or source system [ODM-080, ODM-128]', (dialect, more) => {
  expect(read(odm('', { more })).summary.dialect).toBe(dialect);
});

it('a dialect may be chosen by name [ODM-080]', () => {
  expect(read(odm('', { more: RAVE }), { dialect: 'plain' }).summary.dialect).toBe('plain');
  expect(() => read(odm(''), { dialect: 'klingon' })).toThrow('no ODM dialect "klingon"');
});

describe('rave', () => {
  const audit = (category: string, item: string) =>
    group(item, { fileType: 'Transactional', more: RAVE, clinicalData: ` mdsol:AuditSubCategoryName="${category}"` });

  it('tells queries and visibility from blanks by the audit subcategory [ODM-081]', () => {
    const flags = (category: string, item = '<ItemData ItemOID="I" TransactionType="Upsert"/>') =>
      read(audit(category, item)).rows('item_data')[0].flags;
    expect(flags('QueryOpen')).toBe(1 + 4);
    expect(flags('Verify')).toBe(1 + 4);
    expect(flags('EnteredEmpty')).toBe(1);
    expect(flags('Entered', '<ItemData ItemOID="I" TransactionType="Upsert" Value="1"/>')).toBe(0);
  });

  it('gives audit records the subcategory of their ClinicalData [ODM-081]', () => {
    const { pick } = read(audit('EnteredWithChangeCode', '<ItemData ItemOID="I" Value="1"><AuditRecord/></ItemData>'));
    expect(pick('audit_record', 'category_code')).toEqual([['EnteredWithChangeCode']]);
    expect(pick('attribute', 'level', 'name_code', 'value')).toEqual([
      [1, 'AuditSubCategoryName', 'EnteredWithChangeCode'],
    ]);
  });

  it('has queries on the item they are about [ODM-082]', () => {
    const { pick, rows } = read(
      group(
        '<ItemData ItemOID="I" Value="1"><mdsol:Query QueryRepeatKey="5606" Value="Data is required." Status="Answered" Recipient="Site from System" Response="done" mdsol:Extra="e"/></ItemData>',
        { more: RAVE },
      ),
    );
    expect(
      pick('query', 'item_code', 'id', 'text', 'status_code', 'recipient_code', 'response', 'parent_key', 'user_code'),
    ).toEqual([['I', '5606', 'Data is required.', 'Answered', 'Site from System', 'done', 0, null]]);
    expect(rows('query')[0].element_key).toBe(rows('item_group_data')[0].key);
    expect(pick('attribute', 'level', 'element_key', 'name_code', 'value')).toEqual([
      [10, rows('query')[0].key, 'Extra', 'e'],
    ]);
  });

  it('has subject names beside UUIDs [ODM-083]', () => {
    const named = (name: string) =>
      odm(
        `<ClinicalData StudyOID="S"><SubjectData SubjectKey="e983f330" mdsol:SubjectKeyType="SubjectUUID" mdsol:SubjectName="${name}"/></ClinicalData>`.repeat(
          2,
        ),
        { more: RAVE },
      );
    const { aliases, rows } = read(named('1001'));
    const [{ identity, key }] = rows('subject_data');
    expect(aliases).toEqual([{ key, subjectIdentity: identity, kind: 'name', alias: '1001' }]);
    expect(read(named('e983f330')).aliases).toEqual([]);
  });
});

describe('openclinica', () => {
  it('has discrepancy notes as queries, and the remarks on them as answers [ODM-082]', () => {
    const { pick, rows } = read(
      group(
        `<ItemData ItemOID="I" Value="59"><OpenClinica:DiscrepancyNotes EntityID="I">
           <OpenClinica:DiscrepancyNote ID="DN_7" Status="New" NoteType="Failed Validation Check" DateUpdated="2011-07-06" NumberOfChildNotes="1">
             <OpenClinica:ChildNote Status="New" DateCreated="2011-07-06"><OpenClinica:Description>Pulse was taken twice</OpenClinica:Description><OpenClinica:DetailedNote>[out of range]</OpenClinica:DetailedNote><UserRef UserOID="USR_2"/></OpenClinica:ChildNote>
           </OpenClinica:DiscrepancyNote></OpenClinica:DiscrepancyNotes></ItemData>`,
        { more: OPENCLINICA },
      ),
    );
    const [note, remark] = rows('query');
    const about = rows('item_group_data')[0].key;
    expect(note).toMatchObject({
      element_key: about,
      item_code: 'I',
      parent_key: 0,
      id: 'DN_7',
      type_code: 'Failed Validation Check',
      status_code: 'New',
      datetime: '2011-07-06',
      datetime_utc: null,
      text: null,
      user_code: null,
    });
    expect(remark).toMatchObject({
      element_key: about,
      item_code: 'I',
      parent_key: note.key,
      id: null,
      status_code: 'New',
      text: 'Pulse was taken twice',
      user_code: 'USR_2',
    });
    expect(pick('attribute', 'level', 'element_key', 'name_code', 'value')).toEqual([
      [6, about, 'DiscrepancyNotes', null],
      [6, about, 'EntityID', 'I'],
      [6, about, 'DiscrepancyNote', null],
      [10, note.key, 'NumberOfChildNotes', '1'],
      [10, remark.key, 'DetailedNote', null],
      [10, remark.key, null, '[out of range]'],
      [10, remark.key, 'UserRef', null],
    ]);
  });

  it('has the subject identifier of the study as an alias [ODM-083]', () => {
    const { aliases } = read(
      odm(
        '<ClinicalData StudyOID="S"><SubjectData SubjectKey="SS_CAM101" OpenClinica:StudySubjectID="CAM101"/></ClinicalData>',
        { more: OPENCLINICA },
      ),
    );
    expect(aliases).toMatchObject([{ kind: 'name', alias: 'CAM101' }]);
  });
});

it('redcap forms stand below the subject, and line breaks in values are kept [ODM-084]', () => {
  const { pick } = read(
    subject(
      '<FormData FormOID="Form.demographics" FormRepeatKey="1"><ItemGroupData ItemGroupOID="g" ItemGroupRepeatKey="1"><ItemData ItemOID="comments" Value="one\r\ntwo\nthree"/></ItemGroupData></FormData>',
      { more: ' xmlns:redcap="https://projectredcap.org"' },
    ),
  );
  expect(pick('form_data', 'study_event_data_key')).toEqual([[0]]);
  expect(pick('item_data', 'value', 'flags')).toEqual([['one\r\ntwo\nthree', 8]]);
});
