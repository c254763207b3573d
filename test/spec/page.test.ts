import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { propertiesSchema } from '../../src/project/properties.ts';
import { validKeys } from '../../src/project/schema-walk.ts';
import { COMMON_KEYS } from '../../src/project/test-kinds.ts';
import { type Field, TEST_FIELDS, UNIT_TEST_FIELDS, VALUE_FIELDS, VARIABLE_FIELDS } from '../../src/spec/fields.ts';
import { SHEET_NAMES, titlesOf } from '../../src/spec/layout.ts';

const PAGE = readFileSync('docs/specification.md', 'utf8');

describe('docs/specification.md', () => {
  it('has every sheet with its columns, in their order [SPEC-006]', () => {
    const rows = [...PAGE.matchAll(/^\| `(\w+)` +\| (.*?) +\|/gm)].map(([, sheet, columns]) => [
      sheet,
      [...columns.matchAll(/`([^`]+)`/g)].map(([, title]) => title),
    ]);
    const sheets = rows.filter(([sheet]) => (SHEET_NAMES as readonly unknown[]).includes(sheet));
    expect(Object.fromEntries(sheets)).toEqual(Object.fromEntries(SHEET_NAMES.map((name) => [name, titlesOf(name)])));
  });

  it('names every code that an import tells [SPEC-006]', () => {
    const source = ['notices', 'tables', 'compare', 'read-row', 'write-sheets'].map((name) =>
      readFileSync(`src/spec/${name}.ts`, 'utf8'),
    );
    const codes = new Set(source.join('').match(/SPEC_[A-Z_]+/g));
    expect([...codes].filter((code) => !PAGE.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('the fields of a workbook', () => {
  const below = (fields: readonly Field[], root: string) => {
    return fields.filter(({ path }) => path[0] === root && path.length > 1).map(({ path }) => path[1]);
  };

  it('have all keys of what they take apart; a key that they do not know is in Further Properties [SPEC-001]', () => {
    const column = ['columns', '*'];
    expect(below(VARIABLE_FIELDS, 'origin').sort()).toEqual(validKeys(propertiesSchema, [...column, 'origin']).sort());
    expect(below(VARIABLE_FIELDS, 'supp').sort()).toEqual(validKeys(propertiesSchema, [...column, 'supp']).sort());
    const level = [...column, 'value_level', '*'];
    expect(below(VALUE_FIELDS, 'origin').sort()).toEqual(validKeys(propertiesSchema, [...level, 'origin']).sort());
    expect(validKeys(propertiesSchema, [...level, 'where', '*'])).toEqual(['column', 'comparator', 'values']);
    expect(validKeys(propertiesSchema, [...column, 'method'])).toEqual(['type', 'description']);
    expect(UNIT_TEST_FIELDS.some(({ kind }) => kind === 'rest')).toBe(true);
  });

  it('have every key that a test of any kind may have [SPEC-001]', () => {
    expect(TEST_FIELDS.map(({ path: [key] }) => key).sort()).toEqual([...COMMON_KEYS].sort());
  });
});
