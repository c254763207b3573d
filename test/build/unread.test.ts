import { describe, expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

/** N is an integer; C has a codelist with decodes, E one that only enumerates. */
const DEFINITIONS = `<Study OID="S"><MetaDataVersion OID="1" Name="1"><ItemGroupDef OID="G" Name="G" Repeating="No">
  <ItemRef ItemOID="N" Mandatory="No"/><ItemRef ItemOID="C" Mandatory="No"/><ItemRef ItemOID="E" Mandatory="No"/></ItemGroupDef>
  <ItemDef OID="N" Name="N" DataType="integer"/>
  <ItemDef OID="C" Name="C" DataType="text"><CodeListRef CodeListOID="CL"/></ItemDef>
  <ItemDef OID="E" Name="E" DataType="text"><CodeListRef CodeListOID="EL"/></ItemDef>
  <CodeList OID="CL" Name="CL" DataType="text"><CodeListItem CodedValue="1"><Decode><TranslatedText>One</TranslatedText></Decode>
  </CodeListItem></CodeList>
  <CodeList OID="EL" Name="EL" DataType="text"><EnumeratedItem CodedValue="1"/></CodeList>
  </MetaDataVersion></Study>`;

/** Subjects with the values of their items, as a snapshot of a day of January. */
function snapshot(day: number, values: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const subjects = Object.entries(values).map(([key, items]) => {
    const all = Object.entries(items).map(([oid, value]) => item(oid, value));
    return subject(key, {}, event('V', {}, form('F', {}, group('G', {}, ...all))));
  });
  const text = odm({ created: `2026-01-0${day}T00:00:00Z` }, ...subjects);
  return text.replace('<ClinicalData', `${DEFINITIONS}<ClinicalData`);
}

const valuesCheck = async (project: TemporaryProject) => (await project.checks()).find(({ name }) => name === 'values');

describe('values that stand as text alone [BUILD-011]', () => {
  it('are counted by build, load and verify', async () => {
    const first = snapshot(1, { a: { N: '1.5', C: '2', E: '9' }, b: { N: 'x', C: '2' }, c: { N: '3', C: '' } });
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': first }, async (project) => {
      expect((await project.build()).unread).toEqual({ unconverted: 2, undecoded: 2, undecodedCodes: 1 });
      expect((await project.build()).unread).toEqual({ unconverted: 2, undecoded: 2, undecodedCodes: 1 });
      expect(await valuesCheck(project)).toEqual({
        name: 'values',
        ok: true,
        detail: 'conversion: 2 values failed; decodes: none for 2 values (1 code)',
        next: 'See them: warehouse query "FROM recon.conversion_failures", warehouse query "FROM recon.undecoded".',
      });
      // One is corrected, one stands, one is another text of the same item, one is of a new subject.
      const second = snapshot(2, { a: { N: '2', C: '1' }, b: { N: 'x', C: '3' }, c: { N: '3.0' }, d: { N: '4.5' } });
      project.write({ 'data/2.xml': second });
      expect((await project.load()).unread).toEqual({
        unconverted: 3,
        newlyUnconverted: 2,
        undecoded: 1,
        undecodedCodes: 1,
      });
      expect((await project.build()).unread).toEqual({ unconverted: 3, undecoded: 1, undecodedCodes: 1 });
    });
  });

  it('are none where all is well', async () => {
    const files = { 'warehouse.yml': configuration(), 'data/1.xml': snapshot(1, { a: { N: '1', C: '1', E: '9' } }) };
    await withProject(files, async (project) => {
      expect((await project.build()).unread).toEqual({ unconverted: 0, undecoded: 0, undecodedCodes: 0 });
      expect(await valuesCheck(project)).toEqual({
        name: 'values',
        ok: true,
        detail: 'all convert to their DataType and have their decode',
      });
    });
  });

  it('have a row for each item and code, which are those whose decode is NULL', async () => {
    const sent = snapshot(1, { a: { C: '2' }, b: { C: '2' }, c: { C: ' 1' }, d: { C: '1' }, e: { C: '', E: '7' } });
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': sent }, async (project) => {
      await project.build();
      expect(await project.rows('FROM recon.undecoded ORDER BY code')).toEqual([
        ['g', 'c', 'G', 'C', 'CL', ' 1', 1, 1],
        ['g', 'c', 'G', 'C', 'CL', '2', 2, 2],
      ]);
      const open = `SELECT c, count(*) FROM staged.g WHERE c <> '' AND c_decode IS NULL GROUP BY ALL ORDER BY ALL`;
      expect(await project.rows(open)).toEqual([
        [' 1', 1],
        ['2', 2],
      ]);
    });
  });
});
