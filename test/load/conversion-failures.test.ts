import { expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const ITEMS: Readonly<Record<string, { type: string; length?: number; good: string; bad: string }>> = {
  BOOLEAN: { type: 'boolean', good: '1', bad: 'yes' },
  DATE: { type: 'date', good: '2026-02-28', bad: '2026-02-29' },
  // Of ODM 2.0: digits, without an exponent.
  DECIMAL: { type: 'decimal', good: '1.50', bad: '1e5' },
  INTEGER: { type: 'integer', length: 2, good: '12', bad: '123' },
  PDATE: { type: 'partialDate', good: '2026-02', bad: 'FEB 2026' },
  PTIME: { type: 'partialTime', good: '08', bad: '8' },
  PDATETIME: { type: 'partialDatetime', good: '2026-02-28T08', bad: '2026-02T08' },
  TEXT: { type: 'text', length: 3, good: 'äöü', bad: 'abcd' },
};

const references = Object.keys(ITEMS).map((oid) => `<ItemRef ItemOID="${oid}" Mandatory="No"/>`);
const definitions = Object.entries(ITEMS).map(
  ([oid, { type, length }]) =>
    `<ItemDef OID="${oid}" Name="${oid}" DataType="${type}"${length ? ` Length="${length}"` : ''}/>`,
);
const STUDY = `<Study OID="S"><MetaDataVersion OID="1" Name="1"><ItemGroupDef OID="G" Name="G" Repeating="No">
  ${references.join('')}</ItemGroupDef>${definitions.join('')}</MetaDataVersion></Study>`;

const person = (key: string, which: 'good' | 'bad') => {
  const items = Object.entries(ITEMS).map(([oid, values]) => item(oid, values[which]));
  return subject(key, {}, event('V', {}, form('F', {}, group('G', {}, ...items))));
};

it('recon.conversion_failures has each value that has not the form of its DataType, or is too long [STAGED-021]', async () => {
  const document = odm({ created: '2026-03-01T00:00:00Z' }, person('1', 'good'), person('2', 'bad'));
  const files = {
    'warehouse.yml': configuration(),
    'data/1.xml': document.replace('<ClinicalData', `${STUDY}<ClinicalData`),
  };
  await withProject(files, async (project) => {
    await project.build();
    expect(
      await project.rows('SELECT subject_key, item_oid, failure, value FROM recon.conversion_failures ORDER BY ALL'),
    ).toEqual([
      ['2', 'BOOLEAN', 'form', 'yes'],
      ['2', 'DATE', 'form', '2026-02-29'],
      ['2', 'DECIMAL', 'form', '1e5'],
      ['2', 'INTEGER', 'length', '123'],
      ['2', 'PDATE', 'form', 'FEB 2026'],
      ['2', 'PDATETIME', 'form', '2026-02T08'],
      ['2', 'PTIME', 'form', '8'],
      ['2', 'TEXT', 'length', 'abcd'],
    ]);
    expect(await project.rows('SELECT subject_key, "decimal", decimal_n FROM staged.g ORDER BY ALL')).toEqual([
      ['1', '1.50', 1.5],
      ['2', '1e5', null],
    ]);
  });
});
