import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audit, element, event, form, group, item, odm, raveAudits, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';

describe('what Rave says of an item', () => {
  const verified = (value: string, time: string, source: string) =>
    subject(
      '1',
      {},
      event(
        'V',
        {},
        form(
          'F',
          {},
          group(
            'VS',
            {},
            item('BP', undefined, { TransactionType: 'Upsert', 'mdsol:Verify': value }, audit(time, source)),
          ),
        ),
      ),
    );

  it('is its state by the last audit, in whatever order they arrive [ODM-127]', async () => {
    const yes = raveAudits('2026-01-02T00:00:00Z', ['Verify', verified('Yes', '2026-01-01T10:00:00', '1')]);
    const no = raveAudits('2026-01-03T00:00:00Z', ['UnVerify', verified('No', '2026-01-02T10:00:00', '2')]);
    for (const arrival of [
      [yes, no],
      [no, yes],
      [
        raveAudits(
          '2026-01-03T00:00:00Z',
          ['Verify', verified('Yes', '2026-01-01T10:00:00', '1')],
          ['UnVerify', verified('No', '2026-01-02T10:00:00', '2')],
        ),
      ],
    ]) {
      await withProject({ 'warehouse.yml': configuration() }, async (project) => {
        await project.loadInTurn(arrival.map((text, index) => [`data/${index}.xml`, text]));
        expect(
          await project.rows(`SELECT element, subject_key, table_name, column_name, kind, value, is_latest, said_utc::VARCHAR
            FROM recon.status ORDER BY said_utc`),
        ).toEqual([
          ['ItemData', '1', 'vs', 'bp', 'verified', 'Yes', false, '2026-01-01 10:00:00'],
          ['ItemData', '1', 'vs', 'bp', 'verified', 'No', true, '2026-01-02 10:00:00'],
        ]);
      });
    }
  });
});

describe('a query that several snapshots hold', () => {
  const query = (id: string, status: string) =>
    element('mdsol:Query', { QueryRepeatKey: id, Status: status, Recipient: 'Site', Value: `Query ${id}` });
  const record = (key: string, value: string, ...queries: readonly string[]) =>
    subject(key, {}, event('V', {}, form('F', {}, group('VS', {}, item('BP', value, {}, ...queries)))));
  const snapshot = (day: number, ...subjects: readonly string[]) =>
    odm(
      { created: `2026-01-0${day}T00:00:00Z`, root: { 'xmlns:mdsol': 'http://www.mdsol.com/ns/odm/metadata' } },
      ...subjects,
    );
  const days = [
    snapshot(1, record('1', '80', query('1', 'Open'), query('2', 'Open')), record('2', '90', query('1', 'Open'))),
    snapshot(2, record('1', '80', query('1', 'Closed'), query('2', 'Open')), record('2', '90', query('1', 'Open'))),
    // Nothing is asked any more of subject 2.
    snapshot(3, record('1', '80', query('1', 'Closed'), query('2', 'Answered')), record('2', '90')),
  ];

  it('has one row that says what was said last of it, whatever the order of arrival [ODM-187]', async () => {
    for (const [covers, order] of [
      [{ covers: 'study' }, [0, 1, 2]],
      [{}, [2, 0, 1]],
    ] as const) {
      await withProject({ 'warehouse.yml': configuration(covers) }, async (project) => {
        await project.loadInTurn(order.map((day) => [`data/${day}.xml`, days[day]]));
        const latest = 'SELECT subject_key, id, status, text, part FROM recon.query WHERE is_latest ORDER BY ALL';
        expect(await project.rows(latest)).toEqual([
          ['1', '1', 'Closed', 'Query 1', 'data/2.xml'],
          ['1', '2', 'Answered', 'Query 2', 'data/2.xml'],
        ]);
        expect(await project.value('SELECT count(*) FROM recon.query')).toBe(8);
      });
    }
  });
});

describeWithSharedData('an audit stream of Rave with a query', () => {
  it('has it with the item that it is about, and when and by whom in the audit record [ODM-126]', async () => {
    const content = readFileSync(sharedData('odm/rws/rwslib__tests__test_parser__2.xml'));
    const files = { 'warehouse.yml': configuration({}, ['MOVE-2014(DEV)']), 'data/1.xml': content };
    await withProject(files, async (project) => {
      await project.load();
      expect(
        await project.rows(
          'SELECT element, subject_key, study_event_oid, item_oid, id, status, recipient, text, answers FROM recon.query',
        ),
      ).toEqual([
        [
          'ItemData',
          'a7d8d74f-66c9-49d3-be97-33b399bd1477',
          'VISIT1',
          'VISIT.VISITTM',
          '5606',
          'Open',
          'Site from System',
          'Data is required.  Please complete.',
          null,
        ],
      ]);
      expect(
        await project.rows('SELECT item_oid, category, said_at, said_by, old_value FROM recon.audit_record'),
      ).toEqual([['VISIT.VISITTM', 'QueryOpen', '2014-08-13T12:20:35', 'systemuser', null]]);
    });
  });
});
