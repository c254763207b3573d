import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { propertiesSchema } from '../../src/project/properties.ts';
import { validKeys } from '../../src/project/schema-walk.ts';
import { COMMON_KEYS } from '../../src/project/test-kinds.ts';
import {
  DATASET_FIELDS,
  type Field,
  TEST_FIELDS,
  UNIT_TEST_FIELDS,
  VALUE_FIELDS,
  VARIABLE_FIELDS,
} from '../../src/spec/fields.ts';
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
  const SHEETS: readonly [fields: readonly Field[], above: readonly string[]][] = [
    [DATASET_FIELDS, []],
    [VARIABLE_FIELDS, ['columns', '*']],
    [VALUE_FIELDS, ['columns', '*', 'value_level', '*']],
    [UNIT_TEST_FIELDS, ['unit_tests', '*']],
  ];

  it('have all keys of what they take apart; a key that they do not know is in Further Properties [SPEC-001]', () => {
    for (const [fields, above] of SHEETS) {
      const apart = fields.filter(({ path }) => path.length > 1);
      for (const root of new Set(apart.map(({ path: [key] }) => key))) {
        const keys = apart.filter(({ path: [key] }) => key === root).map(({ path }) => path[1]);
        expect(keys.sort(), root).toEqual(validKeys(propertiesSchema, [...above, root]).sort());
      }
      expect(fields.some(({ kind }) => kind === 'rest')).toBe(true);
    }
    expect(validKeys(propertiesSchema, ['columns', '*', 'method'])).toEqual(['type', 'description']);
    const where = ['columns', '*', 'value_level', '*', 'where', '*'];
    expect(validKeys(propertiesSchema, where)).toEqual(['column', 'comparator', 'values']);
  });

  it('have every key that a test of any kind may have [SPEC-001]', () => {
    expect(TEST_FIELDS.map(({ path: [key] }) => key).sort()).toEqual([...COMMON_KEYS].sort());
  });
});
