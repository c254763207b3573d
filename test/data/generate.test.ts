import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XmlDocument } from 'libxml2-wasm';
import { afterAll, describe, expect, it } from 'vitest';
import { count, DELTA, root, rows, SNAPSHOT, source } from './committed.ts';

interface Generator {
  sources(seed: number, subjects: number): [name: string, text: Iterable<string>][];
}
interface Women {
  woman(seed: number, index: number): { visits: { day: number }[]; unscheduled: number[] };
}
const { woman }: Women = await import(new URL('../../data/generate/woman/woman.mjs', import.meta.url).href);
const { sources }: Generator = await import(new URL('../../data/generate/sources.mjs', import.meta.url).href);

const generated = (seed: number, subjects: number) =>
  new Map(sources(seed, subjects).map(([name, text]) => [name, [...text].join('')]));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashes = (files: Map<string, string>) => [...files].map(([name, text]) => `${name} ${sha256(text)}`);

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [`${root}data/generate/main.mjs`, '--out', folder, ...args], { encoding: 'utf8' });

describe('the generator', () => {
  it('writes the same text twice, and other text from another seed [DEMO-001]', () => {
    const once = hashes(generated(3, 30));
    expect(hashes(generated(3, 30))).toEqual(once);
    expect(hashes(generated(4, 30))[0]).not.toBe(once[0]);
  });

  it('wrote the committed sources, all of them [DEMO-001]', () => {
    const fresh = generated(3, 260);
    const committed = readdirSync(`${root}data/sources`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(`${root}data/sources/`.length).replaceAll('\\', '/'));
    expect(committed.sort()).toEqual([...fresh.keys()].sort());
    for (const [name, text] of fresh) expect([name, sha256(source(name))]).toEqual([name, sha256(text)]);
  });

  it('keeps the first 260 women when there are more [DEMO-007]', () => {
    const more = generated(3, 273).get(SNAPSHOT) ?? '';
    const women = source(SNAPSHOT);
    const start = women.indexOf('<SubjectData ');
    const testSubject = women.indexOf('<SubjectData SubjectKey="VEX-101-T01"');
    expect(more.slice(0, testSubject)).toBe(women.slice(0, testSubject));
    expect(testSubject).toBeGreaterThan(start);
    expect(count(more, 'SubjectData')).toBe(263 + 13);
  });

  it('gives no woman of many an unscheduled visit on the day of a planned one [DEMO-007]', () => {
    const visits = Array.from({ length: 2000 }, (_, index) => woman(3, index));
    expect(visits.flatMap(({ unscheduled }) => unscheduled).length).toBeGreaterThan(150);
    const both = visits.filter(({ visits, unscheduled }) => visits.some(({ day }) => unscheduled.includes(day)));
    expect(both).toEqual([]);
  });

  it('writes a benchmark snapshot with an audit record on every item [DEMO-007]', () => {
    expect(run('--megabytes', '1').status).toBe(0);
    const xml = readFileSync(join(folder, 'edc', 'vexin03_benchmark.xml'), 'utf8');
    expect(Buffer.byteLength(xml)).toBeGreaterThan(1_000_000);
    expect(Buffer.byteLength(xml)).toBeLessThan(1_400_000);
    expect(count(xml, 'AuditRecord')).toBe(count(xml, 'ItemData'));
    XmlDocument.fromString(xml).dispose();
  });

  it.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['--subjects', '0'], "--subjects must be a whole number of at least 1, not '0'"],
    [['--seed', '1e3'], "--seed must be a whole number of at least 0, not '1e3'"],
  ])('refuses %j [DEMO-008]', (args, message) => {
    const { status, stderr } = run(...args);
    expect([status, stderr.split('\n')[0].slice(0, message.length)]).toEqual([2, message]);
  });
});

describe('the ODM files', () => {
  it.each([SNAPSHOT, DELTA])('%s is well-formed [DEMO-002]', (name) => {
    const document = XmlDocument.fromString(source(name));
    expect(document.root.name).toBe('ODM');
    document.dispose();
  });

  it('have as many elements as the README says [DEMO-002]', () => {
    const names = [
      'ClinicalData',
      'SubjectData',
      'StudyEventData',
      'FormData',
      'ItemGroupData',
      'ItemData',
      'AuditRecord',
    ];
    const counts = (name: string) => names.map((element) => count(source(name), element));
    expect(counts(SNAPSHOT)).toEqual([1, 263, 2031, 5619, 13881, 74138, 0]);
    expect(counts(DELTA)).toEqual([1, 61, 101, 131, 251, 1024, 391]);
    const definitions = ['ItemGroupDef', 'ItemDef', 'CodeList', 'Location', 'User'];
    expect(definitions.map((element) => count(source(SNAPSHOT), element))).toEqual([13, 82, 18, 13, 25]);
  });

  it('have 263 SubjectKeys, each once in the snapshot [DEMO-002]', () => {
    const keys = [...source(SNAPSHOT).matchAll(/<SubjectData SubjectKey="([^"]*)"/g)].map(([, key]) => key);
    expect([keys.length, new Set(keys).size]).toEqual([263, 263]);
  });

  it('have only coded values that their codelists know, and only two values that do not fit their type [DEMO-005]', () => {
    const xml = source(SNAPSHOT);
    const codes = new Map(
      [...xml.matchAll(/<CodeList OID="([^"]*)"[\s\S]*?<\/CodeList>/g)].map(([list, oid]) => [
        oid,
        new Set([...list.matchAll(/CodedValue="([^"]*)"/g)].map(([, code]) => code)),
      ]),
    );
    const items = new Map(
      [...xml.matchAll(/<ItemDef OID="([^"]*)"[^>]*DataType="([^"]*)"[\s\S]*?<\/ItemDef>/g)].map(([def, oid, type]) => [
        oid,
        { type, list: /CodeListOID="([^"]*)"/.exec(def)?.[1] },
      ]),
    );
    const forms: Record<string, RegExp> = {
      integer: /^-?\d+$/,
      float: /^-?\d+(\.\d+)?$/,
      date: /^\d{4}-\d\d-\d\d$/,
      partialTime: /^\d\d:\d\d$/,
      datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      partialDate: /^\d{4}(-\d\d(-\d\d)?)?$/,
      text: /[\s\S]/,
    };
    const misfits: string[] = [];
    for (const [, oid, value] of `${xml}${source(DELTA)}`.matchAll(
      /<ItemData ItemOID="([^"]*)"[^>]*? Value="([^"]*)"/g,
    )) {
      const { type, list } = items.get(oid) ?? { type: 'none' };
      if (!forms[type]?.test(value) || (list && !codes.get(list)?.has(value))) misfits.push(`${oid} ${value}`);
    }
    expect(misfits).toEqual(['IT.EX.EXTABR 1.5', 'IT.VS.PULSE 0x1F']);
  });
});

describe('the lists of the randomisation system', () => {
  it.each(['randomisation', 'kits'])(
    '%s: the dummy one differs only in arms and treatments, and says so [DEMO-004]',
    (name) => {
      const [dummy, actual] = [rows(`rand/${name}.csv`), rows(`rand/${name}_unblinded.csv`)];
      const blinded = (row: Record<string, string>) => ({
        ...row,
        LIST: '',
        ARMCD: '',
        ARM: '',
        TREATMENT: '',
        DOSE: '',
      });
      expect(dummy.map(blinded)).toEqual(actual.map(blinded));
      expect(new Set(dummy.map((row) => row.LIST))).toEqual(new Set(['DUMMY']));
      expect(new Set(actual.map((row) => row.LIST))).toEqual(new Set(['ACTUAL']));
      const same = dummy.filter(
        (row, i) => row.ARM === actual[i].ARM && row.TREATMENT === actual[i].TREATMENT && row.DOSE === actual[i].DOSE,
      );
      expect(same.length).toBeLessThan(dummy.length / 2);
    },
  );

  it('have 200 women in arms of 67, 67 and 66 [DEMO-004]', () => {
    for (const name of ['randomisation', 'randomisation_unblinded']) {
      const arms = rows(`rand/${name}.csv`).map((row) => row.ARMCD);
      expect(['PEL100', 'PEL200', 'PBO'].map((arm) => arms.filter((a) => a === arm).length)).toEqual([67, 67, 66]);
    }
  });
});

describe('data/README.md', () => {
  it('lists every item of the casebook with type and codelist [DEMO-006]', () => {
    const readme = readFileSync(`${root}data/README.md`, 'utf8').replaceAll(/ +/g, ' ');
    const items = [...source(SNAPSHOT).matchAll(/<ItemDef OID="([^"]*)"([^>]*)>([\s\S]*?)<\/ItemDef>/g)];
    for (const [, oid, tag, content] of items) {
      const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
      const digits = attribute('SignificantDigits');
      const size = attribute('Length') ? ` ${attribute('Length')}${digits ? `.${digits}` : ''}` : '';
      const list = /CodeListOID="([^"]*)"/.exec(content)?.[1] ?? '';
      expect(readme).toContain(`| \`${oid}\` | ${attribute('DataType')}${size} | ${list}`.trimEnd());
    }
    expect(items).toHaveLength(82);
  });
});
