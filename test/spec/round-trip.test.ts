import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertiesSchema } from '../../src/project/properties.ts';
import { readYaml } from '../../src/project/yaml-file.ts';
import { Notes } from '../../src/spec/notes.ts';
import { readSpecification } from '../../src/spec/read-sheets.ts';
import { tablesOf } from '../../src/spec/tables.ts';
import { sheetsOf } from '../../src/spec/write-sheets.ts';
import { readWorkbook } from '../../src/spec/xlsx/read.ts';
import { writeWorkbook } from '../../src/spec/xlsx/write.ts';
import { editYaml } from '../../src/spec/yaml/edit.ts';
import type { Mapping } from '../../src/spec/yaml/patch.ts';
import { yamlLine, yamlText } from '../../src/spec/yaml/text.ts';
import { written } from './properties.ts';

const TIME = 3_600_000;
const RUNS = process.env.WAREHOUSE_LONG ? 1_000 : 25;

/** What a workbook of these properties says, through its bytes. */
async function throughWorkbook(value: Mapping): Promise<Mapping> {
  const sheets = await readWorkbook('spec.xlsx', writeWorkbook(sheetsOf('S', [{ model: 'sdtm.ae', value }])));
  const notes = new Notes();
  const { datasets } = readSpecification(tablesOf('spec.xlsx', sheets, notes), notes);
  expect(notes).toEqual(new Notes());
  return datasets.get('sdtm.ae')!.value;
}

/** What they mean, and the order of columns. */
function meaningOf(value: unknown): unknown {
  const properties = propertiesSchema.parse(value);
  return { properties, columns: Object.keys(properties.columns) };
}

/** Tests in lines, each with a comment above it and one behind it, and another order of them. */
const ordered = fc
  .uniqueArray(fc.nat(30), { minLength: 1, maxLength: 8 })
  .chain((tests) => fc.tuple(fc.constant(tests), fc.shuffledSubarray(tests, { minLength: 1 })));

describe('the specification workbook', () => {
  it('keeps the comments of all tests that stay, in whatever order, and tells of the others [SPEC-002]', () => {
    const linesOf = (test: number) => `  # above ${test}\n  - row_count: { min: ${test} } # behind ${test}\n`;
    const propertiesOf = (tests: number[]) => ({ tests: tests.map((min) => ({ row_count: { min } })) });
    const fileOf = (tests: number[]) => `# head\ntests:\n${tests.map(linesOf).join('')}`;
    fc.assert(
      fc.property(ordered, ([one, other]) => {
        expect(editYaml(fileOf(one), propertiesOf(one), propertiesOf(other))).toEqual({
          text: fileOf(other),
          losesComments: other.length < one.length,
        });
      }),
      { numRuns: 40 * RUNS },
    );
  });

  it(
    'says all that properties say, whatever they are [SPEC-001]',
    async () => {
      await fc.assert(
        fc.asyncProperty(written, async (value) => {
          expect(meaningOf(await throughWorkbook(value))).toEqual(meaningOf(value));
        }),
        { numRuns: RUNS },
      );
    },
    TIME,
  );

  it(
    'makes of any properties in YAML, in lines or in braces, any others [SPEC-002]',
    async () => {
      const layouts = [yamlText, (value: unknown) => `# head\n${yamlLine(value)}\n`, mixed];
      await fc.assert(
        fc.asyncProperty(written, written, fc.constantFrom(...layouts), async (one, other, layout) => {
          const source = layout(one);
          expect(readYaml('', source).problems).toEqual([]);
          const [before, after] = [await throughWorkbook(one), await throughWorkbook(other)];
          const { text, losesComments } = editYaml(source, before, after);
          expect(losesComments).toBe(!keepsAll(source, text));
          expect(meaningOf(readYaml('', text).value)).toEqual(meaningOf(other));
          expect(editYaml(text, after, after).text).toBe(text);
        }),
        { numRuns: RUNS },
      );
    },
    TIME,
  );
});

/** Of `mixed`, and of the others: each comment stands there once, and no value holds one of them. */
function keepsAll(before: string, after: string): boolean {
  const has = new Set(after.split(/\r?\n/).flatMap((line) => COMMENT.exec(line)?.[0] ?? []));
  return before.split('\n').every((line) => has.has(COMMENT.exec(line)?.[0] ?? '') || !COMMENT.test(line));
}

const COMMENT = /# (head|The specification\.|of \w+|[A-Z]+|_rows|x1)$/;

/** In lines at the top, in braces below. */
function mixed(value: Mapping): string {
  const pairs = Object.entries(value).map(([key, below]) => {
    if (key !== 'columns') return `${key}: ${yamlLine(below)} # of ${key}\n`;
    const columns = Object.entries(below as Mapping).map(
      ([name, one]) => `  # ${name}\n  ${name}: ${yamlLine(one)}\n\n`,
    );
    return `columns:\n${columns.join('')}`;
  });
  return `# The specification.\n\n${pairs.join('') || '{}\n'}`;
}
