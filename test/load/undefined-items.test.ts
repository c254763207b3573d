import { describe, expect, it } from 'vitest';
import { buildSummary } from '../../src/report/summary.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';
import { screen } from '../report/screen.ts';

const DEFINITIONS = `<Study OID="S"><MetaDataVersion OID="1" Name="1">
  <ItemGroupDef OID="IG.VS" Name="VS" Repeating="No"><ItemRef ItemOID="I.SYSBP" Mandatory="No"/></ItemGroupDef>
  <ItemGroupDef OID="IG.DM" Name="DM" Repeating="No"><ItemRef ItemOID="I.SEX" Mandatory="No"/></ItemGroupDef>
  <ItemDef OID="I.SYSBP" Name="SYSBP" DataType="integer"/><ItemDef OID="I.SEX" Name="SEX" DataType="text"/>
  </MetaDataVersion></Study>`;

const document = (day: number, definitions: string, ...subjects: readonly string[]) =>
  odm({ type: 'Transactional', created: `2026-01-0${day}T00:00:00Z` }, ...subjects).replace(
    '<ClinicalData',
    `${definitions}<ClinicalData`,
  );

const person = (key: string, ...groups: readonly string[]) =>
  subject(key, {}, event('V', {}, form('F', {}, ...groups)));

const first = document(
  1,
  DEFINITIONS,
  person('a', group('IG.VS', {}, item('I.SYSBP', '120'))),
  person('b', group('IG.VS', {}, item('I.SYSBP', '130'))),
);

describe('items that no definition has [BUILD-013]', () => {
  it('are told with their values and the delivery that brought them, by build, load and verify', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': first }, async (project) => {
      expect((await project.build()).unread).not.toHaveProperty('undefinedItems');
      expect(await project.rows('FROM recon.undefined_items')).toEqual([]);
      // Two values and a blank of a misspelt item, one of a misspelt group, one of an item in another group than its own.
      const second = document(
        2,
        '',
        person('a', group('IG.VS', {}, item('I.SYSPB', '121'), item('I.SEX', 'F'))),
        person('b', group('IG.VS', {}, item('I.SYSPB', '131'))),
        person('c', group('IG.VS', {}, item('I.SYSPB', ''))),
        person('d', group('IG.DMX', {}, item('I.SEX', 'F'))),
      );
      project.write({ 'data/2.xml': second });
      const { unread } = await project.load();
      expect(unread).toMatchObject({ undefinedItems: 3, undefinedValues: 4 });
      expect(buildSummary({ unread, ms: 300 }, screen())).toBe(
        'undefined  3 items (4 values) have no definition, see recon.undefined_items\ntime       0.3 s\n',
      );
      expect((await project.build()).unread).toMatchObject({ undefinedItems: 3, undefinedValues: 4 });
      expect(await project.rows('FROM recon.undefined_items ORDER BY ALL')).toEqual([
        ['dmx', 'sex', 'IG.DMX', 'I.SEX', 'ItemGroupDef', 1, 2],
        ['vs', 'sex', 'IG.VS', 'I.SEX', 'ItemRef', 1, 2],
        ['vs', 'syspb', 'IG.VS', 'I.SYSPB', 'ItemDef', 2, 2],
      ]);
      expect((await project.checks()).find(({ name }) => name === 'values')).toEqual({
        name: 'values',
        ok: true,
        detail: 'undefined: 3 items (4 values) have no definition',
        next: 'See them: warehouse query "FROM recon.undefined_items".',
      });
      // What is defined later, and what is live no longer, is not told any more.
      const third = document(
        3,
        `<Study OID="S"><MetaDataVersion OID="2" Name="2"><ItemGroupDef OID="IG.DMX" Name="DMX" Repeating="No">
          <ItemRef ItemOID="I.SEX" Mandatory="No"/></ItemGroupDef></MetaDataVersion></Study>`,
        person('a', group('IG.VS', {}, item('I.SEX', undefined, { TransactionType: 'Remove' }))),
      );
      project.write({ 'data/3.xml': third });
      expect((await project.build()).unread).toMatchObject({ undefinedItems: 1, undefinedValues: 2 });
    });
  });

  it('are one line where there are no definitions at all', async () => {
    const data = document(1, '', person('a', group('IG.VS', {}, item('I.SYSBP', '120'), item('I.DIABP', '80'))));
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': data }, async (project) => {
      expect((await project.build()).unread).toMatchObject({ undefinedItems: 2, undefinedValues: 2 });
      const missing = await project.column('SELECT DISTINCT missing FROM recon.undefined_items');
      expect(missing).toEqual(['ItemGroupDef, ItemDef']);
    });
  });
});
