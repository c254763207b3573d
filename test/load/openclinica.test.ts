import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audit, element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';

const OC = 'OpenClinica';
const ROOT = { 'xmlns:OpenClinica': 'http://www.openclinica.org/ns/odm_ext_v130/v3.1' };
const at = (day: number) => `2026-01-0${day}T00:00:00Z`;

type Change = Readonly<{ old?: string; new?: string; reason?: string; user?: string }>;

/** An entry of the audit log. */
const entry = (type: string, day: number, change: Change = {}) =>
  element(`${OC}:AuditLog`, {
    ID: `AL_${day}`,
    UserID: change.user ?? 'U',
    DateTimeStamp: at(day),
    AuditType: type,
    ReasonForChange: change.reason,
    OldValue: change.old,
    NewValue: change.new,
  });
const updated = (day: number, change: Change) => entry('Item data value updated', day, change);
const log = (...entries: readonly string[]) => element(`${OC}:AuditLogs`, { EntityID: 'I' }, ...entries);
const document = (type: 'Snapshot' | 'Transactional', day: number, ...items: readonly string[]) =>
  odm(
    { type, created: at(day), root: ROOT },
    subject('1', {}, event('V', {}, form('F', {}, group('G', {}, ...items)))),
  );

const load = <Result>(texts: readonly string[], work: (project: TemporaryProject) => Promise<Result>) =>
  withProject({ 'warehouse.yml': configuration() }, async (project) => {
    await project.loadInTurn(texts.map((text, index) => [`data/${index + 1}.xml`, text]));
    return work(project);
  });

const SAID = 'SELECT item_oid, value, said_at, said_by, reason FROM recon.value_as_arrived(1) ORDER BY ALL';

describe('the audit log of OpenClinica', () => {
  it('is listed entry by entry with what each changed [ODM-123]', async () => {
    const logged = item(
      'A',
      '80',
      {},
      log(
        updated(3, { old: '50', new: '80', reason: 'typo', user: 'U1' }),
        entry('Item data status changed', 4, { old: 'available', new: 'unavailable' }),
      ),
    );
    const listed = `SELECT element, subject_key, study_event_oid, table_name, column_name, value, old_value, new_value,
      category, said_at, said_by, reason FROM recon.audit_record ORDER BY place`;
    const where = ['ItemData', '1', 'V', 'g', 'a'];
    expect(await load([document('Snapshot', 9, logged)], (project) => project.rows(listed))).toEqual([
      [...where, null, '50', '80', 'Item data value updated', at(3), 'U1', 'typo'],
      [...where, null, 'available', 'unavailable', 'Item data status changed', at(4), 'U', null],
    ]);
  });

  it('tells who said a value by the last entry that ends at it, not by one of its status or of a value before [ODM-124]', async () => {
    const text = document(
      'Snapshot',
      9,
      item(
        'A',
        '80',
        {},
        log(
          updated(2, { new: '50' }),
          updated(3, { old: '50', new: '80', reason: 'typo' }),
          entry('Item data status changed', 4, { old: 'available', new: 'unavailable' }),
        ),
      ),
      item('B', '1', {}, log(updated(2, { old: '1', new: '7' }))),
      item('C', '', {}, log(updated(5, { old: 'x', user: 'U2' }))),
      item('D', 'd', {}, audit(at(6))),
    );
    expect(await load([text], (project) => project.rows(SAID))).toEqual([
      ['A', '80', at(3), 'U', 'typo'],
      ['B', '1', null, null, null],
      ['C', '', at(5), 'U2', null],
      ['D', 'd', at(6), 'U', null],
    ]);
  });

  it('tells who made a step between two documents [ODM-124]', async () => {
    const first = document('Snapshot', 1, item('A', '50'));
    const second = document(
      'Snapshot',
      9,
      item(
        'A',
        '80',
        {},
        log(
          updated(3, { old: '50', new: '80', reason: 'typo', user: 'U1' }),
          entry('Item data status changed', 4, { old: 'available', new: 'unavailable' }),
        ),
      ),
    );
    const changed = `SELECT old_value, new_value, change, is_live, changed_at, changed_by, reason, changed_utc::VARCHAR FROM recon.changed`;
    expect(await load([first, second], (project) => project.rows(changed))).toEqual([
      ['50', '80', 'replaced', true, at(3), 'U1', 'typo', '2026-01-09 00:00:00'],
    ]);
  });

  it('changes nothing of what is live of snapshots, in whatever order its times are [ODM-125]', async () => {
    const live = 'SELECT value, part FROM recon.value_as_arrived(2)';
    const early = (type: 'Snapshot' | 'Transactional') =>
      document(type, 5, item('A', 'first', {}, log(updated(4, { new: 'first' }))));
    const late = (type: 'Snapshot' | 'Transactional') =>
      document(type, 6, item('A', 'second', {}, log(updated(1, { new: 'second' }))));
    const rows = (type: 'Snapshot' | 'Transactional') =>
      load([early(type), late(type)], (project) => project.rows(live));
    expect(await rows('Snapshot')).toEqual([['second', 'data/2.xml']]);
    // There an entry dates what it stands in, as an AuditRecord does.
    expect(await rows('Transactional')).toEqual([['first', 'data/1.xml']]);
  });
});

describe('discrepancy notes of OpenClinica', () => {
  it('are listed with the remarks on them and their details [ODM-126]', async () => {
    const child = element(
      `${OC}:ChildNote`,
      { Status: 'New', DateCreated: '2011-07-06' },
      `<${OC}:Description>Pulse was taken twice</${OC}:Description>`,
      `<${OC}:DetailedNote>[out of &lt;range&gt;]</${OC}:DetailedNote>`,
      element('UserRef', { UserOID: 'USR_2' }),
    );
    const note = element(
      `${OC}:DiscrepancyNote`,
      { ID: 'DN_7', Status: 'New', NoteType: 'Failed Validation Check', DateUpdated: '2011-07-06' },
      child,
    );
    const text = document(
      'Snapshot',
      1,
      item('A', '59', {}, element(`${OC}:DiscrepancyNotes`, { EntityID: 'A' }, note)),
    );
    const listed = `SELECT element, subject_key, table_name, column_name, id, type, status, text, detail, said_at, said_by,
      answers IN (SELECT query_key FROM recon.query WHERE id = 'DN_7') FROM recon.query ORDER BY place`;
    const where = ['ItemData', '1', 'g', 'a'];
    expect(await load([text], (project) => project.rows(listed))).toEqual([
      [...where, 'DN_7', 'Failed Validation Check', 'New', null, null, '2011-07-06', null, null],
      [...where, null, null, 'New', 'Pulse was taken twice', '[out of <range>]', '2011-07-06', 'USR_2', true],
    ]);
  });
});

describe('what state an element is in', () => {
  const status = (day: number, value: string | undefined, type: 'Snapshot' | 'Transactional' = 'Snapshot') =>
    odm(
      { type, created: at(day), root: ROOT },
      subject('1', { 'OpenClinica:Status': value }, event('V', {}, form('F', {}, group('G', {}, item('A', 'x'))))),
    );
  const listed =
    'SELECT element, subject_key, kind, value, is_latest, said_utc::VARCHAR, part FROM recon.status ORDER BY said_utc';

  it('is listed as each document said it, with the last that holds [ODM-127]', async () => {
    expect(await load([status(2, 'signed'), status(1, 'available')], (project) => project.rows(listed))).toEqual([
      ['SubjectData', '1', 'subject status', 'available', false, '2026-01-01 00:00:00', 'data/2.xml'],
      ['SubjectData', '1', 'subject status', 'signed', true, '2026-01-02 00:00:00', 'data/1.xml'],
    ]);
  });

  it('is over where a later snapshot holds the element without it, and not where a delta does [ODM-127]', async () => {
    const latest = 'SELECT is_latest FROM recon.status';
    expect(await load([status(1, 'locked'), status(2, undefined)], (project) => project.value(latest))).toBe(false);
    expect(
      await load([status(1, 'locked'), status(2, undefined, 'Transactional')], (project) => project.value(latest)),
    ).toBe(true);
  });
});

describeWithSharedData('extract.xml of OpenClinica', () => {
  it('tells who changed which value, and what is asked about which [ODM-123, ODM-124, ODM-126]', async () => {
    const content = readFileSync(sharedData('odm/openclinica/extract.xml'));
    const oids = [...content.toString().matchAll(/StudyOID="([^"]*)"|<Study\s[^>]*?\bOID="([^"]*)"/g)].map(
      (m) => m[1] ?? m[2],
    );
    const files = { 'warehouse.yml': configuration({}, [...new Set(oids)]), 'data/1.xml': content };
    await withProject(files, async (project) => {
      await project.load();
      const count = (where: string) => project.value(`SELECT count(*) FROM recon.audit_record WHERE ${where}`);
      expect(await count('element IS NOT NULL')).toBe(179);
      expect(
        await count(`category = 'Event CRF marked complete' AND old_value = 'available' AND new_value = 'unavailable'`),
      ).toBe(49);
      // From the file: height of 50 corrected to 80 inches, by user 6, whose name AdminData has; the BMI by user 0, whom it has not.
      expect(
        await project.rows(`SELECT item_oid, old_value, new_value, said_at, said_by FROM recon.audit_record
          WHERE element = 'ItemData' AND old_value IS NOT NULL AND category = 'Item data value updated' ORDER BY item_oid DESC`),
      ).toEqual([
        ['I_PHYSI_HEIGHT', '50', '80', '2011-07-06T20:30:27', 'Jon Smith'],
        ['I_PHYSI_BMI', '53.43', '20.87', '2011-07-06T20:30:27', 'USR_0'],
      ]);
      // 14 of the 769 items have an entry that ends at their value; the 6 of a status do not.
      expect(await project.value('SELECT count(*) FROM recon.value_as_arrived(1) WHERE said_at IS NOT NULL')).toBe(14);
      expect(
        await project.rows(
          `SELECT item_oid, type, status, text, detail IS NOT NULL FROM recon.query WHERE text LIKE 'Pulse rate%' OR id = 'DN_1' ORDER BY place`,
        ),
      ).toEqual([
        ['I_PHYSI_PULSE', 'Failed Validation Check', 'New', null, false],
        ['I_PHYSI_PULSE', null, 'New', 'Pulse rate is lower than expected', true],
      ]);
      expect(await project.value('SELECT count(*) FROM recon.query WHERE detail IS NOT NULL')).toBe(4);
    });
  });
});
