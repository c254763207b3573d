import { describe, expect, it } from 'vitest';
import { group, odm, read, subject } from './read.ts';

const audit = (id: string) =>
  `<AuditRecord ID="${id}" EditPoint="DBAudit" UsedImputationMethod="No"><UserRef UserOID="U"/><LocationRef LocationOID="L"/>` +
  `<DateTimeStamp>2026-01-05T08:00:00.25+02:00</DateTimeStamp><ReasonForChange>why &amp; how</ReasonForChange><SourceID>${id}</SourceID></AuditRecord>`;

describe('AuditRecord, Signature, Annotation', () => {
  it('have rows at every level, with the key of what they speak of [ODM-050]', () => {
    const { rows, pick } = read(
      odm(`<ClinicalData StudyOID="S" MetaDataVersionOID="M"><SubjectData SubjectKey="1">${audit('subject')}
        <StudyEventData StudyEventOID="E">${audit('event')}<FormData FormOID="F">${audit('form')}
        <ItemGroupData ItemGroupOID="G">${audit('group')}<ItemData ItemOID="I" Value="1">${audit('item')}</ItemData></ItemGroupData>
        </FormData></StudyEventData></SubjectData></ClinicalData>`),
    );
    const key = (table: 'subject_data' | 'study_event_data' | 'form_data' | 'item_group_data') => rows(table)[0].key;
    expect(pick('audit_record', 'id', 'element_key', 'item_code')).toEqual([
      ['subject', key('subject_data'), null],
      ['event', key('study_event_data'), null],
      ['form', key('form_data'), null],
      ['group', key('item_group_data'), null],
      ['item', key('item_group_data'), 'I'],
    ]);
    const { key: _, place, ...rest } = rows('audit_record')[4];
    expect(rest).toEqual({
      element_key: key('item_group_data'),
      item_code: 'I',
      id: 'item',
      edit_point_code: 'DBAudit',
      used_imputation_code: 'No',
      user_code: 'U',
      location_code: 'L',
      datetime: '2026-01-05T08:00:00.25+02:00',
      datetime_utc: BigInt(Date.UTC(2026, 0, 5, 6, 0, 0, 250)) * 1000n,
      zone_origin_code: 'data',
      reason: 'why & how',
      source_id: 'item',
      category_code: null,
    });
    expect(Number(place)).toBeGreaterThan(0);
    expect(rows('attribute').filter((row) => row.level !== 0)).toEqual([]);
  });

  it('of a further row of a group point at that row [ODM-050]', () => {
    const { rows, pick } = read(
      group(
        `<ItemData ItemOID="I" Value="1">${audit('a')}</ItemData><ItemData ItemOID="I" Value="2">${audit('b')}</ItemData>`,
      ),
    );
    expect(pick('audit_record', 'element_key')).toEqual(rows('item_group_data').map((row) => [row.key]));
  });

  it('in collections point at the collection, which has a key and a place [ODM-051]', () => {
    const { rows, pick } = read(
      odm(
        `<ClinicalData StudyOID="S" MetaDataVersionOID="M"><AuditRecords>${audit('a')}${audit('b')}</AuditRecords><Signatures><Signature ID="s"/></Signatures><Annotations note="n"><Annotation ID="n"/></Annotations></ClinicalData>`,
      ),
    );
    expect(pick('element', 'key', 'parent_key', 'level')).toEqual([
      [1, 0, 0],
      [3, 2, 18],
      [6, 2, 19],
      [8, 2, 20],
    ]);
    expect(pick('audit_record', 'key', 'element_key', 'item_code')).toEqual([
      [4, 3, null],
      [5, 3, null],
    ]);
    expect(pick('signature', 'key', 'element_key')).toEqual([[7, 6]]);
    expect(pick('annotation', 'key', 'element_key')).toEqual([[9, 8]]);
    expect(rows('attribute')).toMatchObject([{ element_key: 8, level: 20, name_code: 'note', value: 'n' }]);
  });

  it('a signature has user, location, signature and time [ODM-052]', () => {
    const { pick } = read(
      subject(
        '<Signature ID="s"><UserRef UserOID="U"/><LocationRef LocationOID="L"/><SignatureRef SignatureOID="SD"/><DateTimeStamp>2026-01-05T08:00</DateTimeStamp></Signature>',
      ),
    );
    expect(
      pick(
        'signature',
        'id',
        'user_code',
        'location_code',
        'signature_code',
        'datetime',
        'datetime_utc',
        'zone_origin_code',
      ),
    ).toEqual([['s', 'U', 'L', 'SD', '2026-01-05T08:00', null, null]]);
  });

  it('an annotation has a row for its comment and one for each flag, under one key [ODM-053]', () => {
    const flag = (value: string) =>
      `<Flag><FlagValue CodeListOID="CL.V">${value}</FlagValue><FlagType CodeListOID="CL.T">type</FlagType></Flag>`;
    const { pick } = read(
      group(
        `<ItemData ItemOID="I" Value="1"><Annotation ID="a" SeqNum="1" TransactionType="Update"><Comment SponsorOrSite="Site">so &lt; so</Comment>${flag('x')}${flag('y')}</Annotation>` +
          `<Annotation SeqNum="2">${flag('z')}</Annotation><Annotation SeqNum="3"/></ItemData>`,
      ),
    );
    expect(
      pick(
        'annotation',
        'item_code',
        'id',
        'sequence',
        'transaction_code',
        'comment',
        'sponsor_or_site_code',
        'flag',
        'flag_value',
        'flag_code_list_code',
        'flag_type',
      ),
    ).toEqual([
      ['I', 'a', '1', 'Update', 'so < so', 'Site', 0, null, null, null],
      ['I', 'a', '1', 'Update', null, null, 1, 'x', 'CL.V', 'type'],
      ['I', 'a', '1', 'Update', null, null, 2, 'y', 'CL.V', 'type'],
      ['I', null, '2', null, null, null, 0, null, null, null],
      ['I', null, '2', null, null, null, 1, 'z', 'CL.V', 'type'],
      ['I', null, '3', null, null, null, 0, null, null, null],
    ]);
    const keys = pick('annotation', 'key').flat();
    expect(new Set(keys).size).toBe(3);
  });
});

describe('dates and times', () => {
  const read1 = (text: string, timeZone?: string) => {
    const [row] = read(subject(`<AuditRecord><DateTimeStamp>${text}</DateTimeStamp></AuditRecord>`), { timeZone }).rows(
      'audit_record',
    );
    expect(row.datetime).toBe(text);
    return [row.datetime_utc, row.zone_origin_code];
  };
  const micros = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

  it.each([
    ['2026-01-05T08:00:00Z', micros('2026-01-05T08:00:00Z')],
    ['2026-01-05T08:00:00-00:00', micros('2026-01-05T08:00:00Z')],
    ['2026-01-05T08:00:00+14:00', micros('2026-01-04T18:00:00Z')],
    ['2026-01-05T08:00:00-05:30', micros('2026-01-05T13:30:00Z')],
    ['2026-01-05T08:00:00.1234567Z', micros('2026-01-05T08:00:00Z') + 123456n],
    ['2024-02-29T23:59:59.000001Z', micros('2024-02-29T23:59:59Z') + 1n],
    ['1969-12-31T23:59:59.5Z', -500000n],
    ['2026-12-31T24:00:00Z', micros('2027-01-01T00:00:00Z')],
    ['0001-01-01T00:00:00Z', -62135596800000000n],
    ['9999-12-31T23:59:59.999999Z', 253402300799999999n],
    [' 2026-01-05T08:00:00Z\n', micros('2026-01-05T08:00:00Z')],
  ])('%s is read exactly [ODM-054]', (text, expected) => {
    expect(read1(text)).toEqual([expected, 'data']);
  });

  it('without an offset are UTC, or in the zone that is declared [ODM-054]', () => {
    expect(read1('2026-01-05T08:00:00')).toEqual([micros('2026-01-05T08:00:00Z'), 'unknown']);
    expect(read1('2026-01-05T08:00:00', '+02:00')).toEqual([micros('2026-01-05T06:00:00Z'), 'declared']);
    expect(read1('2026-01-05T08:00:00Z', '+02:00')).toEqual([micros('2026-01-05T08:00:00Z'), 'data']);
    expect(() => read1('2026-01-05T08:00:00', 'Europe/Paris')).toThrow('no offset');
  });

  it.each([
    '2026-01-05',
    '2026-01',
    '2026-01-05T08',
    '2026-01-05T08:00',
    '2026-01-05T08:00:00.',
    '2026-01-05T08:00:00+2',
    '2026-01-05T08:00:00+15:00',
    '2026-01-05T08:00:00 Z',
    '2026-02-29T08:00:00Z',
    '2026-13-05T08:00:00Z',
    '2026-01-05T25:00:00Z',
    '2026-01-05T24:00:01Z',
    '2026-01-05T08:60:00Z',
    '2026-01-05T08:00:60Z',
    '0000-01-05T08:00:00Z',
    '9/3/2013 12:00:00 AM',
    '',
  ])('"%s" is none, and kept as text [ODM-054]', (text) => {
    expect(read1(text)).toEqual([null, null]);
  });

  it('of the root are in the summary [ODM-055]', () => {
    const { summary } = read(
      odm('', {
        more: ' AsOfDateTime="2026-01-04T23:30:00.5" PriorFileOID="P" SourceSystem="X" Granularity="AllClinicalData"',
      }),
      {
        timeZone: '-01:00',
      },
    );
    expect(summary.root).toEqual({
      odm_version: '1.3.2',
      file_type: 'Snapshot',
      granularity: 'AllClinicalData',
      file_oid: 'F',
      prior_file_oid: 'P',
      creation_datetime: '2026-01-05T08:00:00Z',
      creation_utc: '2026-01-05T08:00:00.000000',
      creation_zone_origin: 'data',
      as_of_datetime: '2026-01-04T23:30:00.5',
      as_of_utc: '2026-01-05T00:30:00.500000',
      as_of_zone_origin: 'declared',
      originator: null,
      source_system: 'X',
      source_system_version: null,
      description: null,
    });
  });
});
