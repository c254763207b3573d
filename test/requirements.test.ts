import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Requirement {
  file: string;
  id: string;
  text: string;
  risk: string;
}

const root = join(import.meta.dirname, '..');

function requirements(): Requirement[] {
  const folder = join(root, 'docs/requirements');
  return readdirSync(folder).flatMap((file) => {
    const written = parse(readFileSync(join(folder, file), 'utf8')) as Omit<Requirement, 'file'>[];
    return written.map((one) => ({ file, ...one }));
  });
}

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, 'test', file), 'utf8') }));

/** A title: the text that `it(`, `describe(`, `it.each(...)(`, `describeWithPython(` and the like begin with. */
const TITLE = /(?:\b(?:it|describe\w*)(?:\.(?!skip\b|todo\b)\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs;
const IDS = /\[([A-Z]+-\d{3}(?:,\s*[A-Z]+-\d{3})*)\]/g;

function idsIn(text: string): string[] {
  const titles = [...text.matchAll(TITLE)].map(([, , title]) => title);
  return titles.flatMap((title) => [...title.matchAll(IDS)].flatMap(([, ids]) => ids.split(/,\s*/)));
}

const shown = new Set(tests.flatMap(({ text }) => idsIn(text)));

it('gives every requirement an id of its own, which names its file, a text and a risk [REQUIREMENTS-001]', () => {
  const all = requirements();
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { file, id, text, risk } of all) {
    expect(id).toMatch(/^[A-Z]+-\d{3}$/);
    expect(`${id.slice(0, -4).toLowerCase()}.yml`, id).toBe(file);
    expect(text.length, id).toBeGreaterThan(10);
    expect(['high', 'medium', 'low'], id).toContain(risk);
  }
});

it('shows every requirement by a test [REQUIREMENTS-002]', () => {
  expect(requirements().filter(({ id }) => !shown.has(id))).toEqual([]);
});

it('names no requirement that there is not [REQUIREMENTS-003]', () => {
  const known = new Set(requirements().map(({ id }) => id));
  expect([...shown].filter((id) => !known.has(id))).toEqual([]);
});

it('counts ids in the titles of tests only, and none that are skipped [REQUIREMENTS-002]', () => {
  const [open, close] = ['[', ']'];
  const id = (number: string) => `${open}X-${number}${close}`;
  const text = `
    // ${id('001')}
    it('a ${id('002')}', () => expect('${id('003')}'));
    it.each([1, 2])("b %i ${id('004')}", () => {});
    describe.skipIf(!here)(\`c \${d} ${id('005')}\`, () => {});
    it.skip('e ${id('006')}', () => {});
    it.todo('f ${id('007')}');
    describeWithPython(
      'it\\'s g ${open}X-008, X-009${close}', () => {});`;
  expect(idsIn(text)).toEqual(['X-002', 'X-004', 'X-005', 'X-008', 'X-009']);
});

it('skips no test but for a reason that the test looks for [REQUIREMENTS-002]', () => {
  const off = tests.filter(({ text }) => /\b(?:it|describe)\.(?:skip|todo)\(/.test(text));
  expect(off.map(({ file }) => file)).toEqual(['requirements.test.ts']);
});
