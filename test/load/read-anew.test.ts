import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messagesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const FILE = 'ID;TEST;VALUE\n1;X;a\n1;Y;b\n2;X;c\n';

const standing = (project: TemporaryProject) =>
  project.rows('SELECT delivery_key, first_key, superseded_by FROM state.part ORDER BY delivery_key');

const subjects = (project: TemporaryProject) =>
  project.column(
    `SELECT s.subject_key FROM state.item_group_data g JOIN raw.subject_data s ON s.key = g.subject_data_key ORDER BY ALL`,
  );

/** One item of one group at its time of entry; a document of that time. */
const said = (created: string, value: string) =>
  odm({ created }, subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value))))));

describe('a file whose source is set otherwise than when it was loaded', () => {
  it('is read anew, and stands in the place of its earlier reading [LOAD-018]', async () => {
    const files = { 'warehouse.yml': lab({ covers: 'increment' }), 'data/lab.csv': FILE };
    await withProject(files, async (project) => {
      await project.load();
      expect(await project.rows('SELECT * EXCLUDE (_key, _line, _identity) FROM state.file_lab')).toHaveLength(3);
      project.write({ 'warehouse.yml': lab({ covers: 'increment', delimiter: ';', keys: ['ID', 'TEST'] }) });
      expect(await project.planned()).toEqual([['data/lab.csv', 'reader changed']]);
      await project.load();
      expect(await project.rows('SELECT id, test, value FROM state.file_lab ORDER BY ALL')).toEqual([
        ['1', 'X', 'a'],
        ['1', 'Y', 'b'],
        ['2', 'X', 'c'],
      ]);
      expect(await standing(project)).toEqual([
        [1, 1, 2],
        [2, 4, null],
      ]);
      expect(await project.planned()).toEqual([]);
      // As it was set at first: those rows are there already.
      project.write({ 'warehouse.yml': lab({ covers: 'increment' }) });
      await project.load();
      expect(await standing(project)).toEqual([
        [1, 1, 2],
        [2, 4, 3],
        [3, 1, null],
      ]);
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(6);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it.each([
    ['another name of the same encoding', { encoding: 'latin1' }, { encoding: 'windows-1252' }, []],
    ['another encoding', {}, { encoding: 'latin1' }, [['data/lab.csv', 'reader changed']]],
    [
      'another order of the keys',
      { keys: ['ID', 'TEST'] },
      { keys: ['TEST', 'ID'] },
      [['data/lab.csv', 'reader changed']],
    ],
    ['another system', {}, { system: 'central' }, [['data/lab.csv', 'reader changed']]],
    ['another classification', {}, { classification: 'restricted' }, []],
    ['another way to keep the bytes', {}, { keep: 'reference' }, []],
  ])('by %s [LOAD-018]', async (_, before, after, expected) => {
    const files = { 'warehouse.yml': lab({ delimiter: ';', ...before }), 'data/lab.csv': FILE };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'warehouse.yml': lab({ delimiter: ';', ...after }) });
      expect(await project.planned()).toEqual(expected);
    });
  });

  it('names how it was read by the SHA-256 of its canonical JSON [LOAD-018]', async () => {
    const files = { 'warehouse.yml': lab({ delimiter: ';', keys: ['ID', 'TEST'] }), 'data/lab.csv': FILE };
    await withProject(files, async (project) => {
      await project.load();
      // sha256sum of {"delimiter":";","encoding":"utf-8","format":"csv","keys":["ID","TEST"],"system":"lab","version":1}
      expect(await project.value('SELECT reader_fingerprint FROM raw.part')).toBe(
        'f99682df0981a8e386dec992302dc889bbc68f3eec0d9b76774fa42dd2835fad',
      );
    });
    await withProject(
      { 'warehouse.yml': configuration(), 'data/1.xml': said('2026-01-01T00:00:00Z', 'a') },
      async (project) => {
        await project.load();
        // sha256sum of {"dialect":null,"format":"odm","system":"edc","time_zone":null,"version":2}
        expect(await project.value('SELECT reader_fingerprint FROM raw.part')).toBe(
          '96a7f197e752b79811d976d4683ea7deec73ac793de2520b51fdecf23cd5d082',
        );
      },
    );
  });

  it('stands even where its time, read by another zone, is earlier than before [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': said('2026-01-01T12:00:00', 'first'),
      'data/2.xml': said('2026-01-01T11:00:00Z', 'second'),
    };
    await withProject(files, async (project) => {
      await project.load();
      // Without a zone, noon is later than eleven. At +05:00 it was seven.
      expect(await project.column('SELECT value FROM state.item_data')).toEqual(['first']);
      project.write({ 'warehouse.yml': configuration({ time_zone: '+05:00' }) });
      expect(await project.planned()).toEqual([
        ['data/2.xml', 'reader changed'],
        ['data/1.xml', 'reader changed'],
      ]);
      await project.load();
      expect(await project.column('SELECT value FROM state.item_data')).toEqual(['second']);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('is delivered anew where its source covers something else, and its rows are not stored again [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': configuration({ covers: 'study' }),
      'data/1.xml': said('2026-01-01T00:00:00Z', 'a'),
    };
    const other = said('2026-01-02T00:00:00Z', 'b').replaceAll('SubjectKey="1"', 'SubjectKey="2"');
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/2.xml': other });
      await project.load({ acceptRemovals: true });
      expect(await subjects(project)).toEqual(['2']);
      project.write({ 'warehouse.yml': configuration({ covers: 'increment' }) });
      expect(await project.planned()).toEqual([
        ['data/1.xml', 'covers changed'],
        ['data/2.xml', 'covers changed'],
      ]);
      await project.load();
      expect(await subjects(project)).toEqual(['1', '2']);
      expect(await project.value('SELECT count(*) FROM raw.item_group_data')).toBe(2);
      expect(await project.planned()).toEqual([]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('stays as it is where a later file has replaced it as a whole [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': lab({ delivery: 'each', delimiter: ';' }),
      'data/1.csv': FILE,
      'data/2.csv': `${FILE}3;X;d\n`,
    };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'warehouse.yml': lab({ delivery: 'each', delimiter: ';', keys: ['ID', 'TEST'] }) });
      expect(await project.planned()).toEqual([['data/2.csv', 'reader changed']]);
      await project.load();
      expect(await project.value('SELECT count(*) FROM state.file_lab')).toBe(4);
    });
  });
});

/** What the project says of bytes that stand as they were read. */
const standAsRead = (project: TemporaryProject) => messagesOf(project, 'SOURCE_READ_OTHERWISE');

/** Where the vault has bytes. */
function sealed(bytes: string): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `${sha256.slice(0, 2)}/${sha256}`;
}

const V1 = 'ID,TEST,V\na,ALT,1\n';
const V2 = 'ID,TEST,V\na,ALT,2\n';

describe('bytes that stand and are among the files no more, where the settings change', () => {
  it('are read anew from the vault before the file that followed them [LOAD-066]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keys });
    await withProject({ 'warehouse.yml': settings('ID') }, async (project) => {
      await project.loadInTurn([
        ['data/lab.csv', V1],
        ['data/lab.csv', V2],
      ]);
      project.write({ 'warehouse.yml': settings('ID', 'TEST') });
      expect(await project.planned()).toEqual([
        ['data/lab.csv', 'former bytes'],
        ['data/lab.csv', 'reader changed'],
      ]);
      const notices = standAsRead(project);
      await project.load();
      expect(notices).toEqual([]);
      // What was corrected stays corrected.
      expect(await project.column('SELECT v FROM state.file_lab')).toEqual(['2']);
      expect(await standing(project)).toEqual([
        [1, 1, 3],
        [2, 2, 4],
        [3, 3, null],
        [4, 4, null],
      ]);
      expect(await project.planned()).toEqual([]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('are read anew though no file is left, and those of several files in one delivery together [LOAD-066]', async () => {
    const settings = (keys: string[]) => lab({ delivery: 'together', keys });
    const files = { 'warehouse.yml': settings(['ID']), 'data/1.csv': V1, 'data/2.csv': 'ID,TEST,V\na,AST,3\n' };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/1.csv');
      project.delete('data/2.csv');
      expect(await project.planned()).toEqual([]);
      project.write({ 'warehouse.yml': settings(['ID', 'TEST']) });
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'former bytes'],
        ['data/2.csv', 'former bytes'],
      ]);
      await project.load();
      expect(await project.rows('SELECT test, v FROM state.file_lab ORDER BY ALL')).toEqual([
        ['ALT', '1'],
        ['AST', '3'],
      ]);
      expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(2);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('are of ODM documents as well: their times move with the others [LOAD-066]', async () => {
    const files = { 'warehouse.yml': configuration(), 'data/1.xml': said('2026-01-01T12:00:00', 'noon') };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/1.xml': said('2026-01-01T11:00:00Z', 'eleven') });
      await project.load();
      // Without a zone, noon is later than eleven. At +05:00 it was seven.
      expect(await project.column('SELECT value FROM state.item_data')).toEqual(['noon']);
      project.write({ 'warehouse.yml': configuration({ time_zone: '+05:00' }) });
      await project.load();
      expect(await project.column('SELECT value FROM state.item_data')).toEqual(['eleven']);
      expect(await project.planned()).toEqual([]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('let a file with lines in quarantine stand on what it stood on [LOAD-066]', async () => {
    const settings = (...keys: string[]) => lab({ delivery: 'each', keys });
    const files = { 'warehouse.yml': settings('ID'), 'data/lab.csv': 'ID,TEST,V\na,ALT,1\nb,ALT,1\n' };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/lab.csv': 'ID,TEST,V\na,ALT,2\nb\n', 'warehouse.yml': settings('ID', 'TEST') });
      await project.load();
      expect(await project.rows('SELECT id, v FROM state.file_lab ORDER BY ALL')).toEqual([
        ['a', '2'],
        ['b', '1'],
      ]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('stand as they were read where no copy is kept, and the load says so [LOAD-064]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keep: 'reference', keys });
    await withProject({ 'warehouse.yml': settings('ID') }, async (project) => {
      await project.loadInTurn([
        ['data/lab.csv', V1],
        ['data/lab.csv', V2],
      ]);
      project.write({ 'warehouse.yml': settings('ID', 'TEST') });
      expect(await project.planned()).toEqual([['data/lab.csv', 'reader changed']]);
      const notices = standAsRead(project);
      await project.load();
      expect(notices.map(([, message]) => message)).toEqual([
        'Source lab: data/lab.csv (delivery 1) stands as it was read under its former settings, because these bytes are not among its files any more, and no copy of them is in the vault.',
      ]);
      expect(await project.column('SELECT v FROM state.file_lab ORDER BY ALL')).toEqual(['1', '2']);
      await project.load();
      expect(notices).toHaveLength(1);
    });
  });

  it('stand as they were read where they do not fit the settings of today, and stop nothing [LOAD-064]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keys });
    await withProject({ 'warehouse.yml': settings('ID') }, async (project) => {
      await project.loadInTurn([
        ['data/lab.csv', 'ID,V\na,1\n'],
        ['data/lab.csv', V2],
      ]);
      project.write({ 'warehouse.yml': settings('ID', 'TEST') });
      const notices = standAsRead(project);
      expect(await project.planned()).toEqual([
        ['data/lab.csv', 'former bytes'],
        ['data/lab.csv', 'reader changed'],
      ]);
      await project.load();
      expect(notices.map(([, message]) => message)).toEqual([
        'Source lab: data/lab.csv, in bytes that are not among its files any more, stands as it was read under its former settings. Under those of today: The header has no column "TEST", which keys: of source lab names. Its columns are "ID", "V". (CSV_KEY, line 1)',
      ]);
      expect(await project.column('SELECT v FROM state.file_lab ORDER BY ALL')).toEqual(['1', '2']);
      // Other settings may fit, so that it is tried each time.
      expect(await project.planned()).toEqual([['data/lab.csv', 'former bytes']]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('keep their turn: a file that is gone has the last word where it had it [LOAD-066]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keys });
    const files = { 'warehouse.yml': settings('ID'), 'data/lab_1.csv': V1, 'data/lab_2.csv': V2 };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/lab_2.csv');
      project.write({ 'warehouse.yml': settings('ID', 'TEST') });
      expect(await project.planned()).toEqual([
        ['data/lab_1.csv', 'reader changed'],
        ['data/lab_2.csv', 'former bytes'],
      ]);
      await project.load();
      expect(await project.column('SELECT v FROM state.file_lab')).toEqual(['2']);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('are none where a file of another name has them [LOAD-066]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keys });
    await withProject({ 'warehouse.yml': settings('ID'), 'data/lab_1.csv': V1 }, async (project) => {
      await project.load();
      project.delete('data/lab_1.csv');
      project.write({ 'warehouse.yml': settings('ID', 'TEST'), 'data/lab_2.csv': V1 });
      const notices = standAsRead(project);
      expect(await project.planned()).toEqual([['data/lab_2.csv', 'new file']]);
      await project.load();
      expect(notices).toEqual([]);
      expect(await standing(project)).toEqual([
        [1, 1, 2],
        [2, 2, null],
      ]);
    });
  });

  it('bring no word of columns and of files that they take the place of, and are in the vault [LOAD-066]', async () => {
    const settings = (keep: string, system: string) => lab({ delivery: 'each', keys: ['ID'], keep, system });
    const files = { 'warehouse.yml': settings('sealed', 'a'), 'data/lab_1.csv': 'ID,V\na,1\nb,1\n' };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/lab_2.csv': 'ID,V,W\na,2,x\nb\n' });
      await project.load();
      project.delete('data/lab_1.csv');
      project.write({ 'warehouse.yml': settings('reference', 'b') });
      const notices = messagesOf(project);
      await project.load();
      expect(notices.map(([code]) => code)).toEqual(['SOURCE_QUARANTINED']);
      expect(await project.rows('SELECT id, v FROM state.file_lab ORDER BY ALL')).toEqual([
        ['a', '2'],
        ['b', '1'],
      ]);
      expect(await project.rows('SELECT name, keep FROM raw.part ORDER BY delivery_key')).toEqual([
        ['data/lab_1.csv', 'sealed'],
        ['data/lab_2.csv', 'sealed'],
        ['data/lab_1.csv', 'sealed'],
        ['data/lab_2.csv', 'reference'],
      ]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it.each([['utf-8', 'CSV_ENCODING']])(
    'stand as they did where a setting is refused and taken back: encoding %s [LOAD-066]',
    async (encoding, code) => {
      const settings = (name: string) => lab({ covers: 'increment', keys: ['K'], encoding: name });
      const files = { 'warehouse.yml': settings('windows-1252'), 'data/1.csv': 'K,V\nk1,old\nk2,x\n' };
      await withProject(files, async (project) => {
        await project.load();
        project.write({ 'data/2.csv': Buffer.from('K,V\nk1,n\u00e9w\n', 'latin1') });
        await project.load();
        project.delete('data/1.csv');
        project.write({ 'warehouse.yml': settings(encoding) });
        expect(await project.failure()).toMatchObject({ code });
        project.write({ 'warehouse.yml': settings('windows-1252') });
        await project.load();
        expect(await project.rows('SELECT k, v FROM state.file_lab ORDER BY ALL')).toEqual([
          ['k1', 'n\u00e9w'],
          ['k2', 'x'],
        ]);
        expect(await project.planned()).toEqual([]);
      });
    },
  );

  it('stand as they did where the settings go there and back, and one of them did not fit [LOAD-066]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keys });
    const files = { 'warehouse.yml': settings('K'), 'data/1.csv': 'K,T,V\nk1,t,old\n', 'data/2.csv': 'K,V\nk1,new\n' };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/1.csv');
      project.delete('data/2.csv');
      for (const keys of [['K', 'T'], ['K']]) {
        project.write({ 'warehouse.yml': settings(...keys) });
        await project.load();
      }
      expect(await project.column('SELECT v FROM state.file_lab')).toEqual(['new']);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('cover what they did cover, so that they remove nothing that stood [LOAD-066]', async () => {
    const settings = (more: Record<string, unknown>) => configuration({ covers: 'study', ...more });
    const full = odm(
      { created: '2026-01-01T00:00:00' },
      ...['1', '2', '3'].map((key) => subject(key, {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'a')))))),
    );
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': full,
      'data/2.xml': said('2026-01-02T00:00:00', 'b'),
    };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/2.xml');
      project.write({ 'warehouse.yml': settings({ time_zone: '-05:00' }) });
      await project.load();
      expect(await subjects(project)).toEqual(['1', '2', '3']);
      expect(await project.column('SELECT value FROM state.item_data ORDER BY ALL')).toEqual(['a', 'a', 'b']);
      expect(await project.rows('SELECT covers, retry_of FROM raw.delivery ORDER BY delivery_key')).toEqual([
        ['increment', null],
        ['increment', null],
        ['study', 1],
        ['increment', 2],
      ]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('that stand again because a delivery covers less now are read anew as well [LOAD-066]', async () => {
    const settings = (more: Record<string, unknown>) =>
      JSON.stringify({ ...JSON.parse(lab(more)), removal_threshold: 1 });
    const files = { 'warehouse.yml': settings({ keys: ['K'] }), 'data/a.csv': 'K,T,V\nk1,t,1\nk2,t,2\n' };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/a.csv': 'K,T,V\nk1,t,11\n' });
      await project.load();
      expect(await project.rows('SELECT k, v FROM state.file_lab')).toEqual([['k1', '11']]);
      project.write({ 'warehouse.yml': settings({ keys: ['K', 'T'], covers: 'increment' }) });
      await project.load();
      expect(await project.rows('SELECT k, v FROM state.file_lab ORDER BY ALL')).toEqual([
        ['k1', '11'],
        ['k2', '2'],
      ]);
      expect(await project.planned()).toEqual([]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('are asked for again where the load stopped before their turn [LOAD-066]', async () => {
    const settings = (...keys: string[]) => lab({ covers: 'increment', keys });
    const files = { 'warehouse.yml': settings('ID'), 'data/lab_1.csv': V1, 'data/lab_2.csv': V2 };
    await withProject(files, async (project) => {
      await project.load();
      const second = `.warehouse/vault/main/${sealed(V2)}`;
      const bytes = project.read(second);
      project.delete('data/lab_2.csv');
      project.write({ 'warehouse.yml': settings('ID', 'TEST') });
      chmodSync(project.path(second), 0o600);
      project.write({ [second]: 'x' });
      expect(await project.failure()).toEqual({
        kind: 'data',
        code: 'VAULT_CHANGED',
        message: 'The copy in .warehouse/vault does not have the hash of what was delivered.',
        file: 'data/lab_2.csv',
        next: 'Nothing of it was loaded. Run warehouse verify, restore .warehouse/vault from a backup, and build again.',
      });
      project.write({ [second]: bytes });
      await project.load();
      expect(await project.column('SELECT v FROM state.file_lab ORDER BY ALL')).toEqual(['2']);
    });
  });
});
