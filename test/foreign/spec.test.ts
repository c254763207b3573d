import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FILES, SpecProject } from '../spec/workbook.ts';
import { describeWithPython, python } from './python.ts';

interface Sheet {
  readonly rows: (string | number | null)[][];
  readonly types: string[];
  readonly formats: string[];
  readonly frozen: string;
  readonly filter: string;
  readonly choices: string[];
}

const AE = 'models/sdtm/ae.yml';

/** A project whose workbook was edited by openpyxl. */
async function edited(...edits: string[]): Promise<SpecProject> {
  const project = new SpecProject();
  await project.export();
  python('edit_spec.py', join(project.root, 'spec.xlsx'), ...edits);
  return project;
}

describeWithPython('a specification workbook', () => {
  it('is read by openpyxl as it was written, text as text [SPEC-003]', async () => {
    const project = new SpecProject({
      ...FILES,
      'models/work/days.yml': 'label: "=1+1"\nstructure: "1.0"\ncomment: " two\\nlines "\n',
    });
    await project.export();
    const { sheets } = python<{ sheets: Record<string, Sheet> }>('read_spec.py', join(project.root, 'spec.xlsx'));
    expect(Object.keys(sheets)).toEqual([
      'Define',
      'Datasets',
      'Variables',
      'ValueLevel',
      'WhereClauses',
      'Codelists',
      'Methods',
      'Comments',
      'Tests',
      'UnitTests',
    ]);
    expect(sheets.Define.rows).toEqual([
      ['Attribute', 'Value'],
      ['StudyName', 'VEXIN-03'],
    ]);
    expect(sheets.Datasets.rows.map((row) => row.slice(0, 4))).toEqual([
      ['Dataset', 'Label', 'Class', 'Structure'],
      ['AE', 'Adverse Events', 'EVENTS', null],
      ['LB', 'Laboratory Test Results', null, null],
      ['work.days', '=1+1', null, '1.0'],
    ]);
    expect(sheets.Variables.rows.slice(1).map((row) => [row[0], row[1], row[2], row[5], row[12], row[13]])).toEqual([
      [1, 'AE', 'STUDYID', 8, null, null],
      [2, 'AE', 'AESEQ', null, null, 'MT.AE.AESEQ'],
      [3, 'AE', 'AESEV', null, '7, 8', null],
      [1, 'LB', 'LBTESTCD', null, null, null],
      [2, 'LB', 'LBORRES', null, null, null],
    ]);
    expect(sheets.WhereClauses.rows.slice(1)).toEqual([
      ['WC.LB.LBORRES.1', 'LB', 'LBTESTCD', 'EQ', 'GLUC'],
      ['WC.LB.LBORRES.2', 'LB', 'LBTESTCD', 'IN', 'HGB, "A, B"'],
    ]);
    expect(sheets.Comments.rows.slice(1)).toEqual([
      ['COM.LB.LBORRES', 'As reported.'],
      ['COM.work.days', ' two\nlines '],
    ]);
    expect(sheets.Codelists.rows.slice(1)).toEqual([['AESEV', 'AE.AESEV']]);
    expect(sheets.Tests.rows.slice(1).map((row) => row.slice(0, 5))).toEqual([
      ['AE', null, 'expression', 'AESEQ > 0', 'positive'],
      ['AE', 'AESEQ', 'not_null', null, null],
    ]);
    expect([sheets.Datasets.types, sheets.Datasets.formats]).toEqual([['s'], ['@']]);
    expect([sheets.Variables.frozen, sheets.Variables.filter]).toEqual(['A2', 'A1:W6']);
    expect(sheets.Variables.choices).toContain('"Req,Exp,Perm"');
  });

  it('that openpyxl saved says the same, and what was edited in it is what changes [SPEC-002]', async () => {
    const same = await edited();
    expect((await same.import()).changes).toEqual([]);
    const project = await edited('Variables!D2="Study"', 'Variables!F2=12', 'Methods!C2=null', 'Methods!C2="By day."');
    await project.import();
    expect(project.read(AE)).toBe(
      FILES[AE]
        .replace('label: Study Identifier', 'label: Study')
        .replace('length: 8', 'length: 12')
        .replace('"By start date."', 'By day.'),
    );
  });

  it.each([
    ['a formula', 'Variables!D2="=A1"', 'Variables!D2 (Label)', 'The cell holds a formula.'],
    [
      'a date',
      'Variables!D2={"date": "2026-01-05"}',
      'Variables!D2 (Label)',
      'The cell holds a date of Excel, which is not what was typed.',
    ],
    ['TRUE', 'Variables!D2=true', 'Variables!D2 (Label)', 'The cell holds TRUE or FALSE of Excel, and text is meant.'],
    ['a number', 'Tests!E2=1.0', 'Tests!E2 (Name)', 'The cell holds a number, and text is meant.'],
    [
      'a fraction of a length',
      'Variables!F2=8.5',
      'Variables!F2 (Length)',
      'The cell must be a whole number, not "8.5".',
    ],
    [
      'merged cells',
      'Variables!D2:D3="merge"',
      'Variables!D2:D3',
      'Cells are merged, and each row has to say all by itself.',
    ],
  ])('is refused where openpyxl put %s into it [SPEC-010]', async (_, edit, cell, message) => {
    const project = await edited(edit);
    expect(await project.refusal()).toMatchObject({ cell, message });
    expect(project.read(AE)).toBe(FILES[AE]);
  });

  it('with rows that are hidden is read like any other, and this is told [SPEC-009]', async () => {
    const project = await edited('Variables!2="hide"', 'Variables!D2="Study"');
    expect((await project.import()).changes).toHaveLength(1);
    expect(project.told).toEqual(['SPEC_HIDDEN']);
  });
});
