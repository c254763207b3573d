import { createHash } from 'node:crypto';
import { existsSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Ledger } from '../../src/audit/ledger.ts';
import * as actions from '../../src/build/commands.ts';
import { Client } from '../helpers/client.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { type Run, runCli } from './world.ts';

const NOW = '2026-03-27 08:00:00';

const lab = (keys: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/lab*.csv', keys: ['ID'], ...keys }, vitals: { files: 'data/vs.csv' } },
    ...more,
  });

/** One cell too many, an escape sequence that would clear a screen, and one cell too few. */
const RAGGED = 'ID,VALUE\n1,a\n2,b,\u001b[2J\\n\n3\n4,d\n';
const FILES = { 'warehouse.yml': lab(), 'data/lab.csv': RAGGED, 'data/vs.csv': 'ID,BP\n1,120\n2,"1,2",3\n' };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Command = (...argv: string[]) => Promise<Run>;

async function loaded(
  files: Record<string, string | Uint8Array>,
  work: (q: Command, project: TemporaryProject) => Promise<void>,
) {
  await withProject(files, async (project) => {
    await project.load();
    await work((...argv) => runCli(['quarantine', ...argv], actions, project.root), project);
  });
}

const decisions = (project: TemporaryProject) =>
  project.rows(
    "SELECT action, object, effect, reason, actor, meta ->> '$.attempt', meta ->> '$.outcome' FROM audit.ledger WHERE action LIKE 'quarantine.%' ORDER BY sequence",
  );
const statuses = (project: TemporaryProject) =>
  project.rows('SELECT quarantine_key, status, attempts FROM recon.quarantine ORDER BY ALL');

beforeEach(() => vi.stubEnv('WAREHOUSE_ACTOR', 'ada'));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('list has a row for each fragment that is open, and none of its bytes [QUARANTINE-001]', async () => {
  await loaded(FILES, async (quarantine) => {
    const csv = await quarantine('list', '--csv');
    expect([csv.code, csv.log]).toEqual([0, '']);
    expect(csv.output).toBe(
      [
        'number,source,file,line,byte,length,code,reason,attempts,status',
        '1,lab,data/lab.csv,3,13,11,CSV_CELL_COUNT,"The line has 3 cells, the header 2.",0,open',
        '2,lab,data/lab.csv,4,24,2,CSV_CELL_COUNT,"The line has 1 cells, the header 2.",0,open',
        '3,vitals,data/vs.csv,3,12,10,CSV_CELL_COUNT,"The line has 3 cells, the header 2.",0,open',
        '',
      ].join('\n'),
    );
    const table = (await quarantine('list', '--source', 'vitals')).output.split('\n');
    expect(table[2]).toMatch(/^ +3 {2}vitals {2}data/);
    expect(table.slice(3)).toEqual(['(1 fragment)', '']);
    const json = JSON.parse((await quarantine('list', '--json', '--source', 'vitals')).output);
    expect(json).toMatchObject({ event: 'result', fragments: [{ number: 3, byte: 12, status: 'open' }], others: 0 });
    const unknown = await quarantine('list', '--source', 'vital');
    expect([unknown.code, unknown.log]).toEqual([2, expect.stringContaining('Did you mean "vitals"?')]);
  });
});

it('list says that nothing is open, and what is not shown [QUARANTINE-001]', async () => {
  const empty = { ...FILES, 'data/lab.csv': 'ID,VALUE\n1,a\n', 'data/vs.csv': 'ID,BP\n1,1\n' };
  await loaded(empty, async (quarantine) => {
    expect((await quarantine('list')).output).toBe('Nothing is open in quarantine.\n');
    const none = await quarantine('show', '1');
    expect([none.code, none.log]).toEqual([2, expect.stringContaining('Nothing was ever put aside.')]);
  });
  await loaded(FILES, async (quarantine, project) => {
    project.write({ 'data/lab.csv': 'ID,VALUE\n1,a\n2,b\n4,d\n', 'data/vs.csv': 'ID,BP\n1,120\n' });
    await project.load();
    expect((await quarantine('list')).output).toBe(
      'Nothing is open in quarantine. 3 more are decided or replaced: --all.\n',
    );
  });
  await withProject(FILES, async (project) => {
    const before = await runCli(['quarantine', 'list'], actions, project.root);
    expect([before.code, before.log]).toEqual([2, expect.stringContaining('NOT_BUILT')]);
  });
});

it('show tells what is known and writes out what would steer a terminal [QUARANTINE-002]', async () => {
  await loaded(FILES, async (quarantine) => {
    const line = '2,b,\u001b[2J\\n\n';
    expect((await quarantine('show', '1')).output).toBe(
      [
        'fragment  1',
        'status    open',
        'source    lab',
        'file      data/lab.csv',
        'line      3',
        'byte      13',
        'length    11',
        'code      CSV_CELL_COUNT',
        'reason    The line has 3 cells, the header 2.',
        `sha256    ${sha256(line)}`,
        'delivery  1, part 1',
        'attempts  0',
        '',
        '2,b,\\u{1b}[2J\\\\n\\n',
        '',
      ].join('\n'),
    );
    const json = JSON.parse((await quarantine('show', '1', '--json')).output);
    expect(Buffer.from(json.base64, 'base64').toString()).toBe(line);
    for (const wrong of ['0', '-1', 'one', '1.5', '1e3', '99999999999999999999']) {
      expect((await quarantine('show', '--', wrong)).log, wrong).toContain('CLI_INVALID');
    }
    const absent = await quarantine('show', '4');
    expect([absent.code, absent.log]).toEqual([2, expect.stringContaining('There is no fragment 4 in quarantine.')]);
    expect(absent.log).toContain('The last is 3. All: warehouse quarantine list --all.');
  });
});

it.each([
  // ID CR LF, 1,euro sign e acute CR LF
  ['windows-1252', '49440d0a312c80e90d0a', '1,€é\\r\\n'],
  // Byte order mark, ID LF, 1,bullet LF
  ['utf-16le', 'fffe490044000a0031002c0022200a00', '1,•\\n'],
])('show reads bytes in the encoding of their file: %s [QUARANTINE-002]', async (encoding, hex, text) => {
  const yml = lab({ encoding, keys: undefined });
  await loaded({ ...FILES, 'warehouse.yml': yml, 'data/lab.csv': Buffer.from(hex, 'hex') }, async (quarantine) => {
    expect((await quarantine('show', '1')).output.split('\n\n')[1]).toBe(`${text}\n`);
  });
});

it('bytes that do not have their hash are not shown [QUARANTINE-002]', async () => {
  await loaded(FILES, async (quarantine, project) => {
    const client = await Client.open(project.path('.warehouse/main.duckdb'), true);
    await client.rows("UPDATE raw.quarantine SET bytes = 'x'::BLOB WHERE quarantine_key = 1");
    client.close();
    const shown = await quarantine('show', '1');
    expect([shown.code, shown.output]).toEqual([3, '']);
    expect(shown.log).toContain('QUARANTINE_DAMAGED');
  });
});

it('show --out writes exactly the bytes, for their owner, over nothing, and not into the record [QUARANTINE-009]', async () => {
  await loaded(FILES, async (quarantine, project) => {
    const out = project.path('line.bin');
    const written = await quarantine('show', '1', '--out', out);
    expect(written.output.split('\n').at(-2)).toBe(`Its bytes are written as ${out}.`);
    expect(project.read('line.bin').toString()).toBe('2,b,\u001b[2J\\n\n');
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect((await quarantine('show', '1', '--out', out)).output).toContain('stand already as');
    const other = await quarantine('show', '2', '--out', out);
    expect([other.code, other.log]).toEqual([2, expect.stringContaining('QUARANTINE_EXISTS')]);
    expect((await quarantine('show', '2', '--out', out, '--force')).code).toBe(0);
    expect(project.read('line.bin').toString()).toBe('3\n');
    symlinkSync(project.path('.warehouse'), project.path('linked'));
    const record = ['main.duckdb', 'vault/main/ab/new', 'ledger/main/ledger.jsonl'].map((name) => `.warehouse/${name}`);
    for (const name of [...record, 'linked/main.duckdb', 'data/../linked/vault/new']) {
      const inside = project.path(name);
      const hash = () => existsSync(inside) && createHash('sha256').update(project.read(name)).digest('hex');
      const before = hash();
      const refused = await quarantine('show', '2', '--out', inside, '--force');
      expect([refused.code, refused.log]).toEqual([2, expect.stringContaining('OUTPUT_IN_RECORD')]);
      expect(hash()).toBe(before);
    }
    expect((await quarantine('show', '2', '--out', project.path('data'))).log).toContain('OUTPUT_PLACE');
    expect(await project.checks()).not.toContainEqual(expect.objectContaining({ ok: false }));
  });
});

/** Under a comma each line is one cell, but for the third; under a semicolon all fit. */
const SEMICOLON = { ...FILES, 'warehouse.yml': lab({ keys: undefined }), 'data/lab.csv': 'ID;VALUE\n1;a\n2;b,c\n' };

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

it('bytes of a source that nobody is to see by accident are shown and written only with --reveal [QUARANTINE-014]', async () => {
  for (const classification of ['restricted', 'unblinding']) {
    await loaded({ ...FILES, 'warehouse.yml': lab({ classification }) }, async (quarantine, project) => {
      const shown = (await quarantine('show', '2')).output;
      expect(shown).toContain(`source    lab (${classification})\n`);
      expect(shown.split('\n').at(-2)).toBe(
        `Its bytes are not shown, because source lab is ${classification}: --reveal shows them.`,
      );
      expect((await quarantine('show', '2', '--json')).output).not.toContain('base64');
      const out = project.path('out');
      expect((await quarantine('show', '2', '--out', out)).log).toContain('QUARANTINE_WITHHELD');
      expect(existsSync(out)).toBe(false);
      expect((await quarantine('show', '2', '--reveal')).output.split('\n\n')[1]).toBe('3\\n\n');
      expect((await quarantine('show', '2', '--reveal', '--out', out)).code).toBe(0);
    });
  }
  await loaded({ ...FILES, 'warehouse.yml': lab({ classification: 'identifier' }) }, async (quarantine) => {
    expect((await quarantine('show', '2')).output.split('\n\n')[1]).toBe('3\\n\n');
  });
});

it('a fragment of 50 MB is put aside, shown by its beginning and written whole [QUARANTINE-015]', async () => {
  const long = `2,${'x'.repeat(50_000_000)},\n`;
  await loaded({ ...FILES, 'data/lab.csv': `ID,VALUE\n1,a\n${long}` }, async (quarantine, project) => {
    const { output } = await quarantine('show', '1');
    expect(output.length).toBeLessThan(5000);
    expect(output).toContain(`\n2,${'x'.repeat(4094)}\n\n(and 50 MB more: --out FILE writes them all)\n`);
    const out = project.path('long.csv');
    await quarantine('show', '1', '--out', out);
    expect(sha256(project.read('long.csv').toString())).toBe(sha256(long));
  });
});
