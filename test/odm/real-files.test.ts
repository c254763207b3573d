import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { comparable, read } from './read.ts';
import { describeWithFiles, realFile, SHARED_ODM } from './shared.ts';

/** Elements of a definition, by name. */
function definitions(name: string, file: string): number {
  let count = 0;
  const walk = (node: { name: string; children: readonly unknown[] }): void => {
    if (node.name === name) count++;
    for (const child of node.children) if (typeof child !== 'string') walk(child as typeof node);
  };
  for (const node of read(realFile(file)).definitions) walk(node);
  return count;
}

// The counts are those of the README beside the files.
describeWithFiles('real files (needs ../shared/data/odm)', () => {
  it.each([
    [
      'openedc/clinicaldata.xml',
      { SubjectData: 90, StudyEventData: 249, FormData: 366, ItemGroupData: 595, ItemData: 1684, AuditRecord: 90 },
    ],
    [
      'odmlib/odm-data-snapshot.xml',
      { SubjectData: 2, StudyEventData: 8, FormData: 16, ItemGroupData: 60, ItemData: 165 },
    ],
    [
      'openclinica/extract.xml',
      { ClinicalData: 3, SubjectData: 13, StudyEventData: 22, FormData: 51, ItemGroupData: 56, ItemData: 769 },
    ],
    [
      'odm2/Demographics_RACE_check_all_that_apply.xml',
      { SubjectData: 3, StudyEventData: 3, FormData: 0, ItemGroupData: 24, ItemData: 46 },
    ],
  ])('%s has the elements that are known to be in it [ODM-100]', (file, expected) => {
    const { summary, rows } = read(realFile(file));
    expect(summary.counts).toMatchObject(expected);
    expect(rows('subject_data')).toHaveLength(summary.counts.SubjectData);
    expect(rows('study_event_data')).toHaveLength(summary.counts.StudyEventData);
    expect(rows('form_data')).toHaveLength(summary.counts.FormData);
    expect(rows('item_group_data')).toHaveLength(summary.counts.ItemGroupData);
    expect(rows('item_data')).toHaveLength(summary.counts.ItemData);
    // The entries of OpenClinica's audit log have rows, too: audit-log.test.ts.
    const entries = file.startsWith('openclinica') ? 179 : 0;
    expect(rows('audit_record')).toHaveLength(summary.counts.AuditRecord + entries);
  });

  it.each([
    ['openedc/metadata.xml', 'ItemDef', 28],
    ['odmlib/odm-data-snapshot.xml', 'ItemDef', 52],
    ['openclinica/extract.xml', 'MetaDataVersion', 5],
    ['openclinica/extract.xml', 'ItemDef', 143],
  ])('%s has the definitions that are known to be in it: %s [ODM-100]', (file, name, count) => {
    expect(definitions(name, file)).toBe(count);
  });

  it('edge.xml has its four live adverse events, in records of their own [ODM-101]', () => {
    const { rows } = read(realFile('edge.xml'));
    const groups = new Map(rows('item_group_data').map((row) => [row.key, row]));
    const subjects = new Map(rows('subject_data').map((row) => [row.key, row.subject_key]));
    const found = rows('item_data').map((item) => {
      const group = groups.get(item.item_group_data_key)!;
      return [subjects.get(group.subject_data_key), item.item_code, item.value, group.transaction_code];
    });
    expect(found).toEqual([
      ['0012', 'I_AE_TERM', 'NORPT', null],
      ['0012', 'I_AE_STDAT', '2020-01-01', null],
      ['0013', 'I_AE_TERM', 'NA', null],
      ['0013', 'I_AE_TERM', 'DELETED AE', 'Remove'],
      ['0014', 'I_AE_TERM', 'FORM1', null],
      ['0014', 'I_AE_TERM', 'FORM2', null],
    ]);
    expect(new Set(rows('item_group_data').map((row) => row.identity)).size).toBe(5);
  });

  it.each([
    ['clinical-trial-1', 6500],
    ['decimal-comma', 24],
    ['decimal-dot', 24],
    ['nonnumeric-record-id', 9],
    ['repeating-instruments', 30],
  ])('REDCap %s has the cells of the data.csv beside it, at least [ODM-102]', (project, cells) => {
    const { summary, rows } = read(realFile(`redcap/${project}/project.xml`));
    expect(summary.dialect).toBe('redcap');
    expect(rows('item_data').length).toBeGreaterThanOrEqual(cells);
  });

  // The names are looked up even where the tests are skipped.
  const found = existsSync(SHARED_ODM) ? readdirSync(SHARED_ODM, { recursive: true, encoding: 'utf8' }) : [];
  const files = found.filter((file) => file.endsWith('.xml'));

  it.each(files)('%s is read alike by both engines in any chunks, or refused with a reason [ODM-103]', (file) => {
    const bytes = realFile(file);
    let whole: unknown;
    try {
      whole = comparable(read(bytes));
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error;
      // docs__source__retrieve_clinical_data__0.xml writes ItemDataOID for ItemOID.
      expect(['ODM_NOT_WELL_FORMED', 'ODM_NOT_ODM', 'ODM_TRUNCATED', 'ODM_KEY_MISSING']).toContain(error.code);
      expect(error.place).toMatchObject({
        byte: expect.any(Number),
        line: expect.any(Number),
        column: expect.any(Number),
      });
      expect(() => read(bytes, { engine: 'sax' })).toThrow(WarehouseError);
      return;
    }
    expect(comparable(read(bytes, { engine: 'sax' }))).toEqual(whole);
    if (bytes.length > 70_000) return;
    for (const length of [1, 2, 3, 7]) expect(comparable(read(bytes, { cut: () => length }))).toEqual(whole);
    expect(comparable(read(bytes, { engine: 'sax', cut: () => 7 }))).toEqual(whole);
  });
});
