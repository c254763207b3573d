import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { Cutter } from '../../src/odm/recover/cutter.ts';
import type { Damage } from '../../src/odm/recover/damage.ts';
import { DamageScan } from '../../src/odm/recover/damage-scan.ts';
import { rowsBarPlaces } from '../export/odm/in-memory.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';
import { read } from './read.ts';

const RUNS = process.env.WAREHOUSE_LONG === '1' ? 3000 : 60;

const FILES = [
  'odm/openedc/clinicaldata.xml',
  'odm/openclinica/extract.xml',
  'odm/redcap-etl/BasicDemography.REDCap.xml',
  'odm/redcap/arm-single-delete/project.xml',
  'odm/odm2/Demographics_RACE_check_all_that_apply.xml',
  'odm/odmlib/odm-data-snapshot.xml',
  'odm/edge.xml',
];

/** Where the subjects stand, by a search for their tags: in these files none is commented out or empty. */
function subjectsOf(document: string): { start: number; end: number; next: number }[] {
  const found = [...document.matchAll(/<SubjectData\s[\s\S]*?<\/SubjectData>/g)];
  return found.map(({ index, 0: text }) => {
    const end = index + text.length;
    return { start: index, end, next: end + document.slice(end).search(/<(?:SubjectData|\/ClinicalData)/) };
  });
}

const damage = fc.oneof(
  fc.record({
    kind: fc.constant('insert'),
    text: fc.constantFrom(
      '&',
      '<',
      '"',
      '\u00ff',
      '\u0001',
      '&#2;',
      ']]>',
      '--',
      '</x>',
      '<y>',
      ' a="1" a="2"',
      '<p:q/>',
      '<!--',
      '</SubjectData>',
      '<SubjectData ',
    ),
  }),
  fc.record({ kind: fc.constant('delete'), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('overwrite'), text: fc.constantFrom('\u00c3', 'x', ' ', '>', '<') }),
) as fc.Arbitrary<{ kind: 'insert' | 'delete' | 'overwrite'; text?: string; length?: number }>;

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof WarehouseError) return error.code;
    throw error;
  }
};

function scan(bytes: Uint8Array, length: number): readonly Damage[] {
  const scan = new DamageScan({ system: 'edc', environment: 'Prod', study: 'VEXIN-03', firstKey: 1 });
  for (let at = 0; at < bytes.length; at += length) scan.write(bytes.subarray(at, at + length));
  return scan.end();
}

describeWithSharedData('real files of which a random subject is damaged', () => {
  it.each(FILES)('%s lands without it as if it had been cut out, or is refused [ODM-167]', (name) => {
    const document = readFileSync(sharedData(name)).toString('latin1');
    const subjects = subjectsOf(document);
    const verdicts = { recovered: 0, refused: 0, wellFormed: 0 };
    const without = new Map<number, ReturnType<typeof rowsBarPlaces>>();
    const property = fc.property(fc.nat(), fc.nat(), damage, fc.nat({ max: 1 << 16 }), (which, where, how, chunk) => {
      const subject = subjects[which % subjects.length];
      const at = subject.start + 1 + (where % (subject.end - subject.start - 1));
      const removed = how.kind === 'insert' ? 0 : Math.min(how.length ?? 1, subject.end - at);
      const put = how.text ?? '';
      const damaged = document.slice(0, at) + put + document.slice(at + removed);
      const bytes = Buffer.from(damaged, 'latin1');
      if (codeOf(() => read(bytes)) === undefined) {
        verdicts.wellFormed++;
        return;
      }
      let damages: readonly Damage[] = [];
      const refused = codeOf(() => {
        damages = scan(bytes, chunk + 1);
      });
      if (refused !== undefined) {
        verdicts.refused++;
        return;
      }
      verdicts.recovered++;
      const shift = put.length - removed;
      // One span or, where the damage looks like another subject, more: none reaches into the next subject.
      expect(damages[0].start).toBe(subject.start);
      expect(damages.at(-1)?.end).toBeLessThanOrEqual(subject.next + shift);
      const found = rowsBarPlaces(read(new Cutter(damages).pass(bytes)));
      let expected = without.get(subject.start);
      if (expected === undefined) {
        const rest = document.slice(0, subject.start) + document.slice(subject.end);
        expected = rowsBarPlaces(read(Buffer.from(rest, 'latin1')));
        without.set(subject.start, expected);
      }
      expect(found).toEqual(expected);
    });
    fc.assert(property, { numRuns: RUNS, seed: 20260326 });
    expect(verdicts.recovered).toBeGreaterThan(RUNS / 4);
  });
});
