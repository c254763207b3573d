import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Requirement {
  id: string;
  text: string;
  risk: string;
}

const root = join(import.meta.dirname, '..');

function requirements(): Requirement[] {
  const folder = join(root, 'docs/requirements');
  return readdirSync(folder).flatMap((file) => parse(readFileSync(join(folder, file), 'utf8')) as Requirement[]);
}

function idsInTests(): Set<string> {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  const ids = files.flatMap((file) => {
    const text = readFileSync(join(root, 'test', file), 'utf8');
    return [...text.matchAll(/\[((?:[A-Z]+-\d{3})(?:,\s*[A-Z]+-\d{3})*)\]/g)].flatMap((match) =>
      match[1].split(/,\s*/),
    );
  });
  return new Set(ids);
}

it('gives every requirement an id of its own, a text and a risk [REQ-001]', () => {
  const all = requirements();
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, text, risk } of all) {
    expect(id).toMatch(/^[A-Z]+-\d{3}$/);
    expect(text.length, id).toBeGreaterThan(10);
    expect(['high', 'medium', 'low'], id).toContain(risk);
  }
});

it('shows every requirement by a test [REQ-002]', () => {
  const shown = idsInTests();
  expect(requirements().filter(({ id }) => !shown.has(id))).toEqual([]);
});

it('names no requirement that there is not [REQ-003]', () => {
  const known = new Set(requirements().map(({ id }) => id));
  expect([...idsInTests()].filter((id) => !known.has(id))).toEqual([]);
});
