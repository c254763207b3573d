import { expect, it } from 'vitest';
import { built, data, definitions, snapshot } from '../helpers/definitions.ts';
import { messagesOf, noticesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const delta = (day: number, oid: string, prior?: string, type: 'Transactional' | 'Snapshot' = 'Transactional') =>
  odm(
    { type, created: `2026-01-0${day}T00:00:00Z`, root: { FileOID: oid, PriorFileOID: prior } },
    subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', `${day}`, { TransactionType: 'Upsert' }))))),
  );

const gaps = (project: TemporaryProject) =>
  project.rows('SELECT part, file_oid, prior_file_oid, delivery_key FROM recon.prior_file_gaps ORDER BY ALL');

it('a Transactional file after one that its source has not delivered is told, until that is there [ODM-150]', async () => {
  const files = {
    'warehouse.yml': configuration(),
    // In the order of names the first follows the second: they come in one load.
    'data/1.xml': delta(3, 'C', 'B'),
    'data/2.xml': delta(2, 'B', 'A'),
    'data/3.xml': delta(1, 'S', 'none', 'Snapshot'),
  };
  await withProject(files, async (project) => {
    const notices = noticesOf(project);
    await project.build();
    expect(notices).toEqual([
      {
        event: 'notice',
        code: 'SOURCE_PRIOR_FILE',
        message:
          'Source edc: data/2.xml follows a file with FileOID A (PriorFileOID), which the source has not delivered.',
        next: 'Ask the sender for that file: what it said may be missing. recon.prior_file_gaps lists such files until it is there.',
      },
    ]);
    expect(await gaps(project)).toEqual([['data/2.xml', 'B', 'A', 2]]);
    // What was told is not told again, nor is what closes the gap.
    project.write({ 'data/4.xml': delta(1, 'A') });
    await project.build();
    expect(notices).toHaveLength(1);
    expect(await gaps(project)).toEqual([]);
  });
});

it('a gap ends with a complete snapshot that says all anew, and a file is none before itself [ODM-150]', async () => {
  const files = { 'warehouse.yml': configuration({ covers: 'study' }), 'data/1.xml': delta(2, 'F', 'F') };
  await withProject(files, async (project) => {
    await project.build();
    expect(await gaps(project)).toEqual([['data/1.xml', 'F', 'F', 1]]);
    project.write({ 'data/2.xml': delta(3, 'G', undefined, 'Snapshot') });
    await project.build();
    expect(await gaps(project)).toEqual([]);
  });
});

it('a file of another source is not the one before [ODM-150]', async () => {
  const sources = { a: { files: 'a/*.xml' }, b: { files: 'b/*.xml' } };
  const files = {
    'warehouse.yml': JSON.stringify({ name: 'p', study: { id: 'S', oids: ['S'] }, sources }),
    'a/1.xml': delta(1, 'A'),
    'b/1.xml': delta(2, 'B', 'A'),
  };
  await withProject(files, async (project) => {
    await project.build();
    expect(await gaps(project)).toEqual([['b/1.xml', 'B', 'A', 2]]);
  });
});

const unresolved = (project: TemporaryProject) =>
  project.rows(
    'SELECT part, metadata_version_oid, include_oid, problem, elsewhere FROM recon.unresolved_includes ORDER BY ALL',
  );

it('an Include of a version that nobody sent is told, until it is there, in whatever delivery [ODM-151]', async () => {
  const values = { A: '1', B: '70' };
  const files = {
    'edc/1.xml': snapshot(
      1,
      definitions({ oid: '3', include: '2' }),
      definitions({ oid: '4', include: '2' }),
      data('1', values, '3'),
    ),
  };
  await built(files, async (project) => {
    expect(await unresolved(project)).toEqual([
      ['edc/1.xml', '3', '2', 'missing', null],
      ['edc/1.xml', '4', '2', 'missing', null],
    ]);
    const messages = messagesOf(project);
    // 2 includes 1, which comes in another delivery of the same load.
    project.write({
      'edc/2.xml': snapshot(2, definitions({ oid: '2', include: '1', unit: 'kg' })),
      'edc/3.xml': snapshot(3, definitions({ oid: '1', decodes: { 1: 'Male' } })),
    });
    await project.build();
    expect(messages).toEqual([]);
    expect(await unresolved(project)).toEqual([]);
    expect(await project.rows('SELECT a_decode, b_unit FROM staged.g')).toEqual([['Male', 'kg']]);
  });
});

it('an Include is told with its versions, and the source of another system that has what it lacks [ODM-151]', async () => {
  const sources = { edc: { files: 'edc/*.xml' }, lab: { files: 'lab/*.xml' } };
  const files = {
    'warehouse.yml': JSON.stringify({ name: 'p', study: { id: 'S', oids: ['S'] }, sources }),
    'edc/1.xml': snapshot(1, definitions({ oid: '3', include: '2' }), definitions({ oid: '4', include: '2' })),
    'lab/1.xml': snapshot(1, definitions({ oid: '2', decodes: { 1: 'Male' } })),
  };
  await withProject(files, async (project) => {
    const notices = noticesOf(project);
    await project.build();
    expect(notices).toEqual([
      {
        event: 'notice',
        code: 'SOURCE_INCLUDE_MISSING',
        message:
          'Source edc: MetaDataVersion 3, 4 include 2 of study S, which its system has not sent: nothing of that version holds. Source lab has, as another system.',
        next: 'Give both sources the same "system" in warehouse.yml, if they are of one. recon.unresolved_includes lists such versions.',
      },
    ]);
    const same = Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [name, { ...source, system: 'one' }]),
    );
    await withProject(
      { ...files, 'warehouse.yml': JSON.stringify({ name: 'p', study: { id: 'S', oids: ['S'] }, sources: same }) },
      async (other) => {
        const messages = messagesOf(other);
        await other.build();
        expect(messages).toEqual([]);
      },
    );
  });
});

it('versions that include one another are told, and what leads to them is not [ODM-151]', async () => {
  const files = {
    'warehouse.yml': configuration(),
    'data/1.xml': snapshot(
      1,
      definitions({ oid: '1', include: '2', decodes: { 1: 'Male' } }),
      definitions({ oid: '2', include: '1', unit: 'kg' }),
      definitions({ oid: '3', include: '2' }),
    ),
  };
  await withProject(files, async (project) => {
    const messages = messagesOf(project);
    await project.build();
    const told = ', which includes it in turn. Each definition is taken from where it is first met.';
    expect(messages).toEqual([
      ['SOURCE_INCLUDE_CIRCLE', `Source edc: MetaDataVersion 2 includes 1 of study S${told}`],
      ['SOURCE_INCLUDE_CIRCLE', `Source edc: MetaDataVersion 1 includes 2 of study S${told}`],
    ]);
    expect(await unresolved(project)).toEqual([
      ['data/1.xml', '1', '2', 'circle', null],
      ['data/1.xml', '2', '1', 'circle', null],
    ]);
  });
});

it('an Include chain of any length is followed to its end [ODM-152]', async () => {
  const chain = Array.from({ length: 150 }, (_, index) =>
    definitions({ oid: `${index + 2}`, include: `${index + 1}` }),
  );
  const files = {
    'edc/1.xml': snapshot(1, definitions({ oid: '1', decodes: { 1: 'Male' }, unit: 'kg' }), ...chain),
    'edc/2.xml': snapshot(2, definitions({ oid: 'X', decodes: { 1: 'Other' }, unit: 'lb' })),
    'edc/3.xml': snapshot(3, data('1', { A: '1', B: '70' }, '151')),
  };
  await built(files, async (project) => {
    expect(await project.rows('SELECT a_decode, b_unit FROM staged.g')).toEqual([['Male', 'kg']]);
  });
});
