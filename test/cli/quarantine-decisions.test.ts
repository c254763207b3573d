import { expect, it, vi } from 'vitest';
import { Ledger } from '../../src/audit/ledger.ts';
import * as actions from '../../src/build/commands.ts';
import { Client } from '../helpers/client.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import type { TemporaryProject } from '../helpers/project.ts';
import { asAda, FILES, lab, loaded, NOW, RAGGED, SEMICOLON, sha256 } from './quarantine-project.ts';
import { runCli } from './world.ts';

asAda();

const decisions = (project: TemporaryProject) =>
  project.rows(
    "SELECT action, object, effect, reason, actor, meta ->> '$.attempt', meta ->> '$.outcome' FROM audit.ledger WHERE action LIKE 'quarantine.%' ORDER BY sequence",
  );
const statuses = (project: TemporaryProject) =>
  project.rows('SELECT quarantine_key, status, attempts FROM recon.quarantine ORDER BY ALL');

it('retry lands what can be used now, in the place of its earlier reading [QUARANTINE-003]', async () => {
  await loaded(SEMICOLON, async (quarantine, project) => {
    expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(1);
    project.write({ 'warehouse.yml': lab({ delimiter: ';' }) });
    const retried = await quarantine('retry', '1');
    expect([retried.code, retried.output]).toEqual([
      0,
      'Fragment 1 is used: data/lab.csv landed as delivery 3.\nNext: warehouse build\n',
    ]);
    expect(await project.rows('SELECT id, value FROM state.file_lab ORDER BY ALL')).toEqual([
      ['1', 'a'],
      ['2', 'b,c'],
    ]);
    const order = 'SELECT delivery_key, retry_of, covers FROM raw.delivery ORDER BY ALL';
    expect(await project.rows(order)).toEqual([
      [1, null, 'study'],
      [2, null, 'study'],
      [3, 1, 'study'],
    ]);
    expect(await decisions(project)).toEqual([
      ['quarantine.retry', 'quarantine/1', 'commit', null, 'ada', '1', 'used'],
    ]);
    const ledger = 'SELECT action FROM audit.ledger ORDER BY sequence DESC LIMIT 2';
    expect(await project.column(ledger)).toEqual(['quarantine.retry', 'delivery.load']);
    expect(await statuses(project)).toEqual([
      [1, 'used', 1],
      [2, 'open', 0],
    ]);
    expect((await project.build()).deliveries).toEqual([]);
    const again = await quarantine('retry', '1');
    expect([again.code, again.log]).toEqual([2, expect.stringContaining('QUARANTINE_DECIDED')]);
  });
});

it('retry reads from the vault what is among the files no more [QUARANTINE-003]', async () => {
  const increment = (keys: Record<string, unknown>) => lab({ keys: undefined, covers: 'increment', ...keys });
  await loaded({ ...SEMICOLON, 'warehouse.yml': increment({}) }, async (quarantine, project) => {
    project.delete('data/lab.csv');
    project.write({ 'warehouse.yml': increment({ delimiter: ';' }), 'data/lab2.csv': 'ID;VALUE\n7;g\n' });
    expect((await quarantine('retry', '1')).code).toBe(0);
    expect(await project.column('SELECT value FROM state.file_lab ORDER BY ALL')).toEqual(['a', 'b,c']);
    // What else is there is for the next build.
    await project.load();
    expect(await project.column('SELECT value FROM state.file_lab ORDER BY ALL')).toEqual(['a', 'b,c', 'g']);
  });
});

it('a fragment that is aside again in a reading that lands for another has a new number [QUARANTINE-003, QUARANTINE-006]', async () => {
  const file = 'ID;VALUE\n1;a\n2;b,c\n3;d,e;f\n';
  await loaded({ ...SEMICOLON, 'data/lab.csv': file }, async (quarantine, project) => {
    project.write({ 'warehouse.yml': lab({ delimiter: ';' }) });
    const wrong = await quarantine('retry', '2');
    expect([wrong.code, wrong.log]).toEqual([3, expect.stringContaining('QUARANTINE_AGAIN')]);
    expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(2);
    expect((await quarantine('retry', '1')).output).toContain('1 fragment of it is put aside still.');
    expect(await statuses(project)).toEqual([
      [1, 'used', 1],
      [2, 'replaced', 1],
      [3, 'open', 0],
      [4, 'open', 0],
    ]);
  });
});

it('a retry that comes to nothing is recorded, and there are three of them [QUARANTINE-004]', async () => {
  await loaded(FILES, async (quarantine, project) => {
    const tables =
      'SELECT (SELECT count(*) FROM raw.delivery), (SELECT count(*) FROM raw.quarantine), (SELECT count(*) FROM raw.file_lab)';
    const before = await project.rows(tables);
    for (const attempt of [1, 2, 3]) {
      const { code, output, log } = await quarantine('retry', '1');
      expect([code, output]).toEqual([3, '']);
      const last = attempt === 3 ? ', the last' : '';
      expect(log).toBe(
        [
          'error QUARANTINE_UNCHANGED (data)',
          '  It would be read as it was: neither the settings of source lab nor its reader are others than then.',
          '  where  data/lab.csv, line 3',
          `  next   Nothing landed. This was attempt ${attempt} of 3${last}; a file in which it is corrected replaces this one, or warehouse quarantine discard 1 --reason TEXT if it holds nothing that is to land.`,
          '',
        ].join('\n'),
      );
    }
    const fourth = await quarantine('retry', '1');
    expect(fourth.code).toBe(2);
    expect(fourth.log.replaceAll(/\s+/g, ' ')).toContain(
      'All 3 attempts at fragment 1 (data/lab.csv, line 3) are used up. next A build reads its file anew where settings of source lab or the reader have changed; else a file in which it is corrected replaces this one, or warehouse quarantine discard 1 --reason TEXT',
    );
    expect(await decisions(project)).toEqual(
      ['1', '2', '3'].map((attempt) => [
        'quarantine.retry',
        'quarantine/1',
        'done',
        null,
        'ada',
        attempt,
        'QUARANTINE_UNCHANGED',
      ]),
    );
    expect(await project.rows(tables)).toEqual(before);
    expect((await quarantine('show', '1')).output).toContain(
      `attempts  3, the last at ${NOW} UTC: QUARANTINE_UNCHANGED\n`,
    );
  });
});

it('a retry says where the bytes are gone, and finds a file that is back [QUARANTINE-003, QUARANTINE-004]', async () => {
  await loaded(
    { ...SEMICOLON, 'warehouse.yml': lab({ keys: undefined, keep: 'reference' }) },
    async (quarantine, project) => {
      const file = project.read('data/lab.csv');
      project.delete('data/lab.csv');
      project.write({ 'warehouse.yml': lab({ delimiter: ';', keep: 'reference' }) });
      const gone = await quarantine('retry', '1');
      expect([gone.code, gone.log]).toEqual([3, expect.stringContaining('QUARANTINE_NO_BYTES')]);
      project.write({ 'data/lab.csv': file });
      expect((await quarantine('retry', '1')).code).toBe(0);
      expect((await decisions(project)).map((row) => row.slice(5))).toEqual([
        ['1', 'QUARANTINE_NO_BYTES'],
        ['2', 'used'],
      ]);
    },
  );
});

it('discard records who decided and why, and changes nothing of what is live [QUARANTINE-005, QUARANTINE-007]', async () => {
  const first = { ...FILES, 'data/lab.csv': 'ID,VALUE\n1,x\n2,x\n3,x\n4,x\n' };
  await loaded(first, async (quarantine, project) => {
    project.write({ 'data/lab.csv': RAGGED });
    await project.load();
    const rows = 'SELECT id, value FROM state.file_lab ORDER BY ALL';
    const live = [
      ['1', 'a'],
      ['2', 'x'],
      ['3', 'x'],
      ['4', 'd'],
    ];
    expect(await project.rows(rows)).toEqual(live);
    const note = async () => (await project.checks()).find(({ name }) => name === 'quarantine')?.detail;
    expect(await note()).toBe('3 fragments put aside and open, of data/lab.csv, data/vs.csv');

    for (const argv of [[], ['--reason', ' ']]) expect((await quarantine('discard', '2', ...argv)).code).toBe(2);
    const discarded = await quarantine('discard', '2', '--reason', 'trailer, no record');
    expect([discarded.code, discarded.output]).toEqual([0, 'Fragment 2 of data/lab.csv is discarded.\n']);
    expect(await decisions(project)).toEqual([
      ['quarantine.discard', 'quarantine/2', 'commit', 'trailer, no record', 'ada', null, null],
    ]);
    expect((await quarantine('show', '2')).output).toContain(
      `decided   ${NOW} UTC by ada\nbecause   trailer, no record\n`,
    );
    expect((await quarantine('list', '--csv')).output.split('\n').map((line) => line.split(',')[0])).toEqual([
      'number',
      '1',
      '3',
      '',
    ]);
    expect((await quarantine('discard', '2', '--reason', 'x')).log).toContain('it was discarded');
    expect((await quarantine('retry', '2')).code).toBe(2);
    expect(await note()).toBe('2 fragments put aside and open, of data/lab.csv, data/vs.csv');

    await quarantine('discard', '1', '--reason', 'sent twice');
    await quarantine('discard', '3', '--reason', 'sent twice');
    expect(await note()).toBeUndefined();
    expect((await project.build()).deliveries).toEqual([]);
    expect(await project.rows(rows)).toEqual(live);
    expect(await project.rows('SELECT count(*) FROM raw.quarantine')).toEqual([[3]]);
  });
});

it('a fragment is replaced with its file, and open again with the same bytes [QUARANTINE-006, QUARANTINE-007]', async () => {
  await loaded(FILES, async (quarantine, project) => {
    const whole = 'ID,VALUE\n1,a\n2,b\n3,c\n4,d\n';
    project.write({ 'data/lab.csv': whole });
    await project.load();
    expect(await statuses(project)).toEqual([
      [1, 'replaced', 0],
      [2, 'replaced', 0],
      [3, 'open', 0],
    ]);
    expect((await quarantine('retry', '1')).log).toContain('its file does not stand any more');
    // The same bytes are not stored twice.
    project.write({ 'data/lab.csv': RAGGED });
    await project.load();
    expect(await statuses(project)).toEqual([
      [1, 'open', 0],
      [2, 'open', 0],
      [3, 'open', 0],
    ]);
    expect(await project.rows('SELECT quarantine_key, delivery_key, stands_as FROM recon.quarantine')).toEqual([
      [1, 1, 4],
      [2, 1, 4],
      [3, 2, 2],
    ]);
    await project.build();
    const published = await Client.open(project.path('target/main.duckdb'));
    expect(await published.rows('SELECT quarantine_key, status FROM recon.quarantine')).toEqual([
      [1, 'open'],
      [2, 'open'],
      [3, 'open'],
    ]);
    expect(
      await published.rows(
        `SELECT column_name FROM duckdb_columns() WHERE schema_name = 'recon' AND table_name IN ('quarantine', '_fragments_of') AND comment IS NULL`,
      ),
    ).toEqual([]);
    published.close();
  });
});

it('the commands work on fragments of ODM, which need not have a line [QUARANTINE-001, QUARANTINE-003, QUARANTINE-005]', async () => {
  const document = odm(
    { created: '2026-01-01T00:00:00Z' },
    subject('1', {}, event('E', {}, form('F', {}, group('G', {}, item('I', 'a'))))),
  );
  const yml = (dialect: string) =>
    JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { edc: { files: 'data/edc.xml', dialect } } });
  await loaded({ 'warehouse.yml': yml('plain'), 'data/edc.xml': document }, async (quarantine, project) => {
    const client = await Client.open(project.path('.warehouse/main.duckdb'), true);
    const bytes = Buffer.from(document).subarray(0, 5).toString();
    for (const key of [1, 2]) {
      await client.rows(
        `INSERT INTO raw.quarantine VALUES (${key}, 1, 1, NULL, 0, 5, 'ODM_SPAN', 'It was damaged.', '${sha256(bytes)}', NULL, '${bytes}'::BLOB, NULL)`,
      );
    }
    client.close();
    expect((await quarantine('list', '--csv')).output.split('\n')[1]).toBe(
      '1,edc,data/edc.xml,,0,5,ODM_SPAN,It was damaged.,0,open',
    );
    expect((await quarantine('show', '1')).output).toContain('file      data/edc.xml\nbyte      0\nlength    5\n');
    expect((await quarantine('discard', '2', '--reason', 'x')).code).toBe(0);
    const unchanged = await quarantine('retry', '1');
    expect(unchanged.log).toContain('where  data/edc.xml, byte 0\n');
    project.write({ 'warehouse.yml': yml('rave') });
    expect((await quarantine('retry', '1')).output).toContain('Fragment 1 is used: data/edc.xml landed as delivery 2.');
    expect(await statuses(project)).toEqual([
      [1, 'used', 2],
      [2, 'discarded', 0],
    ]);
  });
});

/** As by a kill, right after the ledger was written and before the transaction ends. */
async function killed(project: TemporaryProject, action: string, ...argv: string[]): Promise<void> {
  const append = Ledger.prototype.append;
  vi.spyOn(Ledger.prototype, 'append').mockImplementation(async function (this: Ledger, entries) {
    const records = await append.call(this, entries);
    if (entries.some((entry) => entry.action === action)) throw new Error('killed');
    return records;
  });
  expect((await runCli(['quarantine', ...argv], actions, project.root)).log).toContain('killed');
  vi.restoreAllMocks();
}

it('a retry or discard that is killed between ledger and commit has decided nothing [QUARANTINE-008]', async () => {
  await loaded(SEMICOLON, async (quarantine, project) => {
    await killed(project, 'quarantine.discard', 'discard', '1', '--reason', 'x');
    expect(await statuses(project)).toEqual([
      [1, 'open', 0],
      [2, 'open', 0],
    ]);
    project.write({ 'warehouse.yml': lab({ delimiter: ';' }) });
    await killed(project, 'quarantine.retry', 'retry', '1');
    expect(await statuses(project)).toEqual([
      [1, 'open', 0],
      [2, 'open', 0],
    ]);
    expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(2);
    expect((await quarantine('retry', '1')).code).toBe(0);
    expect(await statuses(project)).toEqual([
      [1, 'used', 1],
      [2, 'open', 0],
    ]);
    expect(
      await project.column("SELECT outcome FROM audit.history WHERE action LIKE 'quarantine.%' ORDER BY sequence"),
    ).toEqual(['not in this database', 'not in this database', 'committed']);
    expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
  });
});
