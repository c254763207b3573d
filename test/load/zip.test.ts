import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { event, form, group, item, odm, records, subject } from '../helpers/odm.ts';
import { configuration, failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';
import { zip } from '../helpers/zip.ts';

const document = (value: string, day = 1) =>
  odm(
    { created: `2026-01-0${day}T00:00:00Z` },
    subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value))))),
  );
const content = document('a');
const LIVE = { '1/V#1/F#1/G#1': { I: 'a' } };
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const withFile = (bytes: Uint8Array, check: (project: TemporaryProject) => Promise<void>, source = {}) =>
  withProject({ 'warehouse.yml': configuration(source), 'data/edc.xml.zip': bytes }, check);

describe('a zip file', () => {
  it.each([
    ['compressed', zip({ 'edc.xml': content })],
    ['stored as it is', zip({ 'edc.xml': { content, isStored: true } })],
    ['in a folder', zip({ 'export/': '', 'export/edc.xml': content })],
    ['beside what macOS adds', zip({ 'edc.xml': content, '__MACOSX/._edc.xml': 'x' })],
  ])('with one member, %s, lands as the member would [LOAD-070]', async (_, bytes) => {
    await withFile(bytes, async (project) => {
      await project.build();
      expect(await records(project)).toEqual(LIVE);
      expect(
        await project.rows('SELECT name, sha256, size_bytes, content_sha256, content_size_bytes FROM raw.part'),
      ).toEqual([['data/edc.xml.zip', sha256(bytes), bytes.length, sha256(content), Buffer.byteLength(content)]]);
    });
  });

  it('is told with the name of its member [LOAD-070]', async () => {
    await withFile(zip({ 'export/': '', 'export/edc.xml': content }), async (project) => {
      await project.load();
      expect(await project.column('SELECT member FROM raw.part')).toEqual(['export/edc.xml']);
    });
  });

  it('of which a source says the member is read by it alone [LOAD-071]', async () => {
    const bytes = zip({ 'a/lb.csv': 'K,V\n1,x\n', 'ae.csv': 'K,V\n2,y\n', 'readme.txt': 'no data' });
    const sources = {
      lb: { files: 'data/all.zip', format: 'csv', member: 'a/lb.csv', keys: ['K'] },
      ae: { files: 'data/all.zip', format: 'csv', member: 'ae*.csv', keys: ['K'] },
    };
    const yml = JSON.stringify({ name: 'test', study: { id: 'S', oids: ['S'] }, sources });
    await withProject({ 'warehouse.yml': yml, 'data/all.zip': bytes }, async (project) => {
      await project.load();
      expect(await project.rows('SELECT k, v FROM state.file_lb')).toEqual([['1', 'x']]);
      expect(await project.rows('SELECT k, v FROM state.file_ae')).toEqual([['2', 'y']]);
      expect(
        await project.rows(
          'SELECT source, name, member FROM raw.part JOIN raw.delivery USING (delivery_key) ORDER BY ALL',
        ),
      ).toEqual([
        ['ae', 'data/all.zip', 'ae.csv'],
        ['lb', 'data/all.zip', 'a/lb.csv'],
      ]);
    });
  });

  it('of which another member is meant is another document, of its own place in the order [LOAD-071]', async () => {
    const bytes = zip({ 'a.csv': 'K,V\n1,a\n', 'b.csv': 'K,V\n1,b\n' });
    const yml = (member: string, more = {}) => {
      const sources = { lb: { files: 'lb.csv.zip', member, keys: ['K'], ...more } };
      return JSON.stringify({ name: 'test', study: { id: 'S', oids: ['S'] }, sources });
    };
    await withProject({ 'warehouse.yml': yml('a.csv'), 'lb.csv.zip': bytes }, async (project) => {
      await project.load();
      for (const member of ['b', 'a', 'b', 'b']) {
        project.write({ 'warehouse.yml': yml(`${member}.csv`) });
        await project.load();
        expect(await project.rows('SELECT k, v FROM state.file_lb')).toEqual([['1', member]]);
      }
      const read =
        'SELECT delivery_key, member, retry_of FROM raw.part JOIN raw.delivery USING (delivery_key) ORDER BY ALL';
      const arrived = [
        [1, 'a.csv', null],
        [2, 'b.csv', null],
        [3, 'a.csv', null],
        [4, 'b.csv', null],
      ];
      expect(await project.rows(read)).toEqual(arrived);
      project.write({ 'warehouse.yml': yml('b.csv', { system: 'other' }) });
      await project.load();
      expect(await project.rows(read)).toEqual([...arrived, [5, 'b.csv', 4]]);
      expect(await project.rows('SELECT k, v FROM state.file_lb')).toEqual([['1', 'b']]);
    });
  });

  it('does not concern files that are none [LOAD-071]', async () => {
    const files = { 'data/edc.xml.gz': gzipSync(content), 'warehouse.yml': configuration({ member: 'edc.xml' }) };
    await withProject(files, async (project) => {
      await project.build();
      expect(await records(project)).toEqual(LIVE);
      expect(await project.column('SELECT member FROM raw.part')).toEqual([null]);
    });
  });
});

const SAY = 'Say which one with member: of the source in warehouse.yml, in a source for each, or unpack it.';
const AGAIN = 'Transfer it again.';
const whole = zip({ 'edc.xml': content });

describe('a zip file is refused, and nothing of it lands,', () => {
  it.each<[string, Uint8Array, object, string, string]>([
    ['with two members', zip({ 'a.xml': content, 'b.xml': content }), {}, 'it holds 2 files: a.xml, b.xml.', SAY],
    [
      'with two members that are meant',
      zip({ 'a.xml': content, 'b.xml': content, 'c.txt': '' }),
      { member: '*.xml' },
      'it holds 2 files that member: "*.xml" matches: a.xml, b.xml.',
      SAY,
    ],
    [
      'without the member that is meant',
      zip({ 'a.xml': content }),
      { member: 'b.xml' },
      'it holds no file that member: "b.xml" matches, but a.xml.',
      SAY,
    ],
    ['without members', zip({}), {}, 'it holds no file.', SAY],
    [
      'whose member has another CRC-32',
      zip({ 'edc.xml': { content, crc: 1 } }),
      {},
      'the content of its member edc.xml does not have its CRC-32.',
      AGAIN,
    ],
    [
      'whose member is encrypted',
      zip({ 'edc.xml': { content, flags: 1 } }),
      {},
      'its member edc.xml is encrypted.',
      'Have it sent without a password.',
    ],
  ])('%s [LOAD-072]', async (_, bytes, source, what, next) => {
    await withFile(
      bytes,
      async (project) => {
        expect(await failureOf(project.load())).toEqual({
          kind: 'data',
          code: 'SOURCE_ZIP',
          message: `The zip file cannot be read: ${what}`,
          file: 'data/edc.xml.zip',
          next,
        });
        expect(await project.column('SELECT count(*) FROM raw.delivery')).toEqual([0]);
      },
      source,
    );
  });

  it.each([
    ['that is cut off', whole.subarray(0, whole.length - 5)],
    ['whose data are damaged', Buffer.from(whole).fill(0xff, 60, 80)],
    ['whose directory is damaged', Buffer.from(whole).fill(0xff, whole.length - 60, whole.length - 40)],
  ])('%s [LOAD-072]', async (_, bytes) => {
    await withFile(bytes, async (project) => {
      expect(await failureOf(project.load())).toMatchObject({ kind: 'data', code: 'SOURCE_ZIP', next: AGAIN });
      expect(await project.column('SELECT count(*) FROM raw.delivery')).toEqual([0]);
    });
  });
});
