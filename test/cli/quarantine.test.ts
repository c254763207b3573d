import { createHash } from 'node:crypto';
import { chmodSync, existsSync, statSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as actions from '../../src/build/commands.ts';
import { Client } from '../helpers/client.ts';
import { withProject } from '../helpers/project.ts';
import { asAda, FILES, lab, loaded, sha256 } from './quarantine-project.ts';
import { runCli } from './world.ts';

asAda();

it('list has a row for each fragment that is open, and none of its bytes [QUARANTINE-001]', async () => {
  await loaded(FILES, async (quarantine) => {
    const csv = await quarantine('list', '--csv');
    expect([csv.code, csv.log]).toEqual([0, '']);
    expect(csv.output).toBe(
      [
        'number,source,file,line,byte,length,code,reason,attempts,status',
        '1,lab,data/lab.csv,3,13,11,CSV_CELL_COUNT,"The line has 3 cells, the header 2.",0,open',
        '2,lab,data/lab.csv,4,24,2,CSV_CELL_COUNT,"The line has 1 cell, the header 2.",0,open',
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
    chmodSync(out, 0o644);
    await quarantine('show', '1', '--out', out);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const nowhere = await quarantine('show', '1', '--out', project.path('nowhere/line.bin'));
    expect([nowhere.code, nowhere.log]).toEqual([2, expect.stringContaining('OUTPUT_PLACE')]);
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
