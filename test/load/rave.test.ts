import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LoadBench } from '../helpers/load-bench.ts';
import {
  audit,
  event,
  form,
  group,
  insert,
  item,
  odm,
  raveAudits,
  records,
  remove,
  site,
  subject,
  upsert,
} from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';

const AE = { FormRepeatKey: '1' };
const visit = (key: string, ...forms: string[]) => event('V', { StudyEventRepeatKey: key }, ...forms);
const vitals = (...items: string[]) => form('VS', AE, group('VS', {}, ...items));
const events = (...terms: [key: string, term: string][]) =>
  form('AE', AE, ...terms.map(([key, term]) => group('AE', { ItemGroupRepeatKey: key }, item('AETERM', term))));

/** Three subjects at two sites: a visit with vital signs each, and adverse events of the first two. */
const full = odm(
  { created: '2026-01-01T00:00:00Z' },
  subject(
    '1',
    {},
    site('A'),
    visit('1', vitals(item('SYS', '120'), item('DIA', '80')), events(['1', 'Headache'], ['2', 'Nausea'])),
  ),
  subject('2', {}, site('A'), visit('1', vitals(item('SYS', '130'), item('DIA', '90')), events(['1', 'Rash']))),
  subject('3', {}, site('B'), visit('1', vitals(item('SYS', '110'), item('DIA', '70')))),
);
const LIVE = {
  '1/V#1/AE#1/AE#1': { AETERM: 'Headache' },
  '1/V#1/AE#1/AE#2': { AETERM: 'Nausea' },
  '1/V#1/VS#1/VS#1': { SYS: '120', DIA: '80' },
  '2/V#1/AE#1/AE#1': { AETERM: 'Rash' },
  '2/V#1/VS#1/VS#1': { SYS: '130', DIA: '90' },
  '3/V#1/VS#1/VS#1': { SYS: '110', DIA: '70' },
};
const later = { created: '2026-01-02T00:00:00Z' };
const oneSubject = odm(later, subject('1', {}, site('A'), visit('1', vitals(item('SYS', '125'), item('DIA', '80')))));
const withoutForm = odm(
  later,
  subject('1', {}, site('A'), visit('1', vitals(item('SYS', '120'), item('DIA', '80')))),
  subject('2', {}, site('A'), visit('1', vitals(item('SYS', '130'), item('DIA', '90')))),
  subject('3', {}, site('B'), visit('1', vitals(item('SYS', '110'), item('DIA', '70')))),
);
const withoutItem = odm(
  later,
  subject('1', {}, site('A'), visit('1', vitals(item('SYS', '120')), events(['1', 'Headache'], ['2', 'Nausea']))),
  subject('2', {}, site('A'), visit('1', vitals(item('SYS', '130')), events(['1', 'Rash']))),
  subject('3', {}, site('B'), visit('1', vitals(item('SYS', '110')))),
);

async function withFull(
  covers: string,
  file: string,
  work: (project: TemporaryProject) => Promise<void>,
): Promise<void> {
  await withProject({ 'warehouse.yml': configuration({ covers }), 'data/1.xml': full }, async (project) => {
    await project.build();
    expect(await records(project)).toEqual(LIVE);
    project.write({ 'data/2.xml': file });
    await work(project);
  });
}

describe('a later snapshot that holds less', () => {
  it.each([
    ['one subject', oneSubject, { ...LIVE, '1/V#1/VS#1/VS#1': { SYS: '125', DIA: '80' } }],
    ['no form AE', withoutForm, LIVE],
    ['no item DIA', withoutItem, LIVE],
  ])('of %s removes nothing where nothing was declared complete [LOAD-004]', async (_, file, live) => {
    await withFull('increment', file, async (project) => {
      await project.build();
      expect(await records(project)).toEqual(live);
    });
  });

  it('is stopped where the study was declared complete, and nothing of it lands [LOAD-005]', async () => {
    await withFull('study', oneSubject, async (project) => {
      expect(await project.failure()).toEqual({
        kind: 'data',
        code: 'REMOVAL_THRESHOLD',
        message:
          'The delivery would remove 5 of 6 live item groups (83.3 %) because it does not hold them: 3 of ae, 2 of vs, of 3 subjects. Nothing would be left of site B.',
        file: 'data/2.xml',
        next: 'Nothing of it was loaded. Check that the file is complete; if the removals are meant, build again with --accept-removals.',
      });
      expect(await project.rows('SELECT name FROM raw.part')).toEqual([['data/1.xml']]);
      project.delete('data/2.xml');
      await project.build();
      expect(await records(project)).toEqual(LIVE);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('is stopped in the same way when both arrive at once [LOAD-005]', async () => {
    const files = {
      'warehouse.yml': configuration({ covers: 'study' }),
      'data/1.xml': full,
      'data/2.xml': withoutForm,
    };
    await withProject(files, async (project) => {
      const { code, message } = await project.failure();
      expect([code, message]).toEqual([
        'REMOVAL_THRESHOLD',
        'The delivery would remove 3 of 6 live item groups (50.0 %) because it does not hold them: 3 of ae, of 2 subjects.',
      ]);
      expect(await project.rows('SELECT name FROM raw.part')).toEqual([['data/1.xml']]);
    });
  });

  it('removes exactly what it does not hold when the removals are accepted [LOAD-005]', async () => {
    await withFull('study', oneSubject, async (project) => {
      await project.build({ acceptRemovals: true });
      expect(await records(project)).toEqual({ '1/V#1/VS#1/VS#1': { SYS: '125', DIA: '80' } });
    });
  });

  it('removes exactly what is absent, below the threshold, without a word [LOAD-005]', async () => {
    const many = (created: string, keys: number[]) =>
      odm(
        { created },
        subject(
          '1',
          {},
          site('A'),
          visit('1', ...keys.map((key) => form('F', { FormRepeatKey: `${key}` }, group('G', {}, item('I', `${key}`))))),
        ),
      );
    const all = Array.from({ length: 100 }, (_, index) => index + 1);
    const files = {
      'warehouse.yml': configuration({ covers: 'study' }),
      'data/1.xml': many('2026-01-01T00:00:00Z', all),
    };
    await withProject(files, async (project) => {
      await project.build();
      // Two of a hundred are the threshold of 2 %, three are more.
      project.write({
        'data/2.xml': many(
          '2026-01-02T00:00:00Z',
          all.filter((key) => key !== 17 && key !== 100),
        ),
      });
      await project.build();
      const rest = all.filter((key) => key !== 17 && key !== 100);
      expect(await project.column('SELECT i::INTEGER AS i FROM staged.g ORDER BY i')).toEqual(rest);
      project.write({ 'data/3.xml': many('2026-01-03T00:00:00Z', rest.slice(2)) });
      expect((await project.failure()).message).toBe(
        'The delivery would remove 2 of 98 live item groups (2.0 %) because it does not hold them: 2 of g, of 1 subject.',
      );
    });
  });
});

describeWithSharedData('a Rave subject list after a full snapshot', () => {
  it.each(['increment', 'study'])('removes nothing (covers: %s) [LOAD-004]', async (covers) => {
    const list = readFileSync(sharedData('odm/rws/rwslib__tests__test_rwsobjects__2.xml'), 'utf8');
    const study = 'SIMPLESTUDY(TEST)';
    const snapshot = odm(
      { created: '2013-01-01T00:00:00Z', study },
      subject('1', {}, site('A'), visit('1', vitals(item('SYS', '120')))),
    );
    const files = { 'warehouse.yml': configuration({ covers, dialect: 'rave' }, [study]), 'data/1.xml': snapshot };
    await withProject(files, async (project) => {
      await project.build();
      project.write({ 'data/list.xml': list });
      await project.build();
      expect(await records(project)).toEqual({ '1/V#1/VS#1/VS#1': { SYS: '120' } });
      expect(await project.value('SELECT count(*) FROM raw.subject_data')).toBe(4);
    });
  });
});

const S1 = (...children: string[]) => subject('1', {}, site('A'), ...children);
const inItem = (attributes: Record<string, string>, value: string | undefined, time: string, id: string) =>
  S1(visit('1', form('VS', AE, group('VS', {}, item('SYS', value, attributes, audit(time, id))))));

/** The same outcome for one file and for a file each, in order of arrival and the other way round. */
async function afterAudits(audits: [string, string][][], expected: object): Promise<void> {
  // A service that writes the file when it is asked for, and one that says when the stream began.
  const [asked, began] = ['2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z'];
  const files = audits.map((one) => raveAudits(asked, ...one));
  for (const arrival of [[raveAudits(began, ...audits.flat())], files, files.toReversed()]) {
    await bench.load(arrival.map((content) => ({ content })));
    expect(await bench.records()).toEqual(expected);
  }
}

const bench = LoadBench.ofTests();

describe('Rave audit streams', () => {
  const entered: [string, string] = ['Entered', inItem(upsert, '120', '2026-01-01T10:00:00', '1')];

  it.each(['QueryOpen', 'QueryCancel', 'Verify', 'Hidden', 'SetVisible'])(
    '%s without a value does not touch the value [LOAD-006]',
    async (category) => {
      const silent: [string, string] = [category, inItem(upsert, undefined, '2026-01-01T11:00:00', '2')];
      await afterAudits([[entered], [silent]], { '1/V#1/VS#1/VS#1': { SYS: '120' } });
    },
  );

  it('EnteredEmpty blanks the value, and a later value stands again [LOAD-006]', async () => {
    const empty: [string, string] = ['EnteredEmpty', inItem(upsert, undefined, '2026-01-01T11:00:00', '2')];
    const again: [string, string] = ['Entered', inItem(upsert, '125', '2026-01-01T12:00:00', '3')];
    await afterAudits([[entered], [empty]], { '1/V#1/VS#1/VS#1': { SYS: null } });
    await afterAudits([[entered], [empty], [again]], { '1/V#1/VS#1/VS#1': { SYS: '125' } });
  });

  it('orders records of the same time by SourceID as a number [LOAD-006]', async () => {
    const nine: [string, string] = ['Entered', inItem(upsert, 'nine', '2026-01-01T10:00:00', '9')];
    const ten: [string, string] = ['Entered', inItem(upsert, 'ten', '2026-01-01T10:00:00', '10')];
    await afterAudits([[ten], [nine]], { '1/V#1/VS#1/VS#1': { SYS: 'ten' } });
  });

  const other = S1(
    visit('2', form('VS', AE, group('VS', {}, item('SYS', '99', upsert, audit('2026-01-01T10:00:00', '1'))))),
  );
  const kept = { '1/V#2/VS#1/VS#1': { SYS: '99' } };
  const gone = '2026-01-01T11:00:00';
  const removals: [string, string, object][] = [
    ['an item', inItem(remove, undefined, gone, '2'), { '1/V#1/VS#1/VS#1': {}, ...kept }],
    ['an item group', S1(visit('1', form('VS', AE, group('VS', remove, audit(gone, '2'))))), kept],
    ['a form', S1(visit('1', form('VS', { ...AE, ...remove }, audit(gone, '2')))), kept],
    ['an event', S1(event('V', { StudyEventRepeatKey: '1', ...remove }, audit(gone, '2'))), kept],
    ['a subject', subject('1', remove, site('A'), audit(gone, '2')), {}],
  ];
  it.each(removals)(
    'a Remove of %s removes it and all below it, and nothing else [LOAD-007]',
    async (_, removal, live) => {
      await afterAudits([[entered, ['Entered', other]], [['Removed', removal]]], live);
    },
  );

  it.each(removals)(
    'what is inserted again after a Remove of %s stands, with nothing of before [LOAD-007]',
    async (_, removal, live) => {
      const before: [string, string] = [
        'Entered',
        S1(visit('1', form('VS', AE, group('VS', {}, item('DIA', '80', upsert, audit('2026-01-01T10:00:00', '1')))))),
      ];
      const again: [string, string] = ['Entered', inItem(upsert, '121', '2026-01-01T12:00:00', '3')];
      const removesItem = _ === 'an item';
      await afterAudits([[entered, before, ['Entered', other]], [['Removed', removal]], [again]], {
        ...live,
        '1/V#1/VS#1/VS#1': removesItem ? { DIA: '80', SYS: '121' } : { SYS: '121' },
      });
    },
  );

  it('what stands inside the removing element itself is not live [LOAD-007]', async () => {
    const inside: [string, string] = [
      'Removed',
      S1(visit('1', form('VS', { ...AE, ...remove }, audit(gone, '2'), group('VS', {}, item('SYS', '1', insert))))),
    ];
    await afterAudits([[entered], [inside]], {});
  });
});
