import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { noticesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const said = (value: string, created = '2026-01-01T00:00:00Z') =>
  odm({ created }, subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value))))));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Two documents of one time: that which comes first in the order of state, by its hash, and the other. */
const [lower, higher] = [said('a'), said('b')].sort((one, other) => (sha256(one) < sha256(other) ? -1 : 1));

it.each([
  ['earlier', higher, lower, 'the earlier delivery counts as the later state'],
  ['present', lower, higher, 'this delivery counts as the later state'],
])(
  'other bytes of the same name and time are told, and which stand: the %s [LOAD-023]',
  async (_, before, now, told) => {
    const files = { 'warehouse.yml': configuration(), 'data/1.xml': before };
    await withProject(files, async (project) => {
      await project.build();
      project.write({ 'data/1.xml': now });
      const notices = noticesOf(project);
      await project.build();
      expect(notices).toEqual([
        {
          event: 'notice',
          code: 'SOURCE_SAME_TIME',
          message: `data/1.xml has other bytes than in delivery 1, but gives the same time for itself, 2026-01-01T00:00:00Z. By the order of their hashes, ${told}.`,
          next: 'Ask the sender for files whose CreationDateTime says which is later.',
        },
      ]);
      expect(await project.column('SELECT i FROM staged.g')).toEqual([/Value="(.)"/.exec(higher)?.[1]]);
    });
  },
);

it('nothing is told of another time, or of the same bytes [LOAD-023]', async () => {
  await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': said('a') }, async (project) => {
    const notices = noticesOf(project);
    await project.build();
    project.write({ 'data/1.xml': said('b', '2026-01-02T00:00:00Z'), 'data/2.xml': said('a') });
    await project.build();
    expect(notices).toEqual([]);
  });
});

it('files without any time are ordered by arrival, and are told where a build from nothing would take them the other way round [LOAD-060]', async () => {
  const timeless = (value: string) => said(value).replace(/ CreationDateTime="[^"]*"/, '');
  const live = (project: TemporaryProject) => project.column('SELECT i FROM staged.g');
  const files = { 'warehouse.yml': configuration(), 'data/2.xml': timeless('b') };
  await withProject(files, async (project) => {
    const notices = noticesOf(project);
    await project.build();
    project.write({ 'data/3.xml': timeless('c') });
    await project.build();
    expect(await live(project)).toEqual(['c']);
    expect(notices).toEqual([]);
    project.write({ 'data/1.xml': timeless('a') });
    await project.build();
    expect(await live(project)).toEqual(['a']);
    expect(notices).toEqual([
      {
        event: 'notice',
        code: 'SOURCE_NO_TIME',
        message:
          'data/1.xml and data/3.xml say by neither AsOfDateTime nor CreationDateTime of what time they are: data/1.xml counts ' +
          'as the later because it came later. A build from nothing goes by names: data/3.xml would be the later.',
        next: 'Ask the sender for files with a CreationDateTime, which ODM requires.',
      },
    ]);
    await withProject({ 'data/1.xml': timeless('a'), 'data/3.xml': timeless('c'), ...files }, async (fresh) => {
      await fresh.build();
      expect(await live(fresh)).toEqual(['c']);
    });
  });
});

it('the ledger says how many removals of a snapshot were accepted [LOAD-020]', async () => {
  const two = odm(
    { created: '2026-01-01T00:00:00Z' },
    subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'a'))))),
    subject('2', {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'a'))))),
  );
  await withProject({ 'warehouse.yml': configuration({ covers: 'study' }), 'data/1.xml': two }, async (project) => {
    await project.build({ acceptRemovals: true });
    project.write({ 'data/2.xml': said('a', '2026-01-02T00:00:00Z') });
    await project.build({ acceptRemovals: true });
    expect(
      await project.column(
        `SELECT meta->'$.removalsAccepted' FROM audit.ledger WHERE action = 'delivery.load' ORDER BY sequence`,
      ),
    ).toEqual([null, '{"live":2,"removed":1}']);
  });
});
