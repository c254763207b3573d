import { chmodSync, lstatSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { type WrittenSheet, writeWorkbook } from '../../src/spec/xlsx/write.ts';
import { FILES, SpecProject } from './workbook.ts';

const AE = 'models/sdtm/ae.yml';

describe('spec import', () => {
  it('changes no byte where nothing was changed, and tells nothing [SPEC-002]', async () => {
    const project = new SpecProject();
    await project.export();
    expect(await project.import()).toMatchObject({ changes: [], files: [], written: false });
    expect(project.told).toEqual([]);
    expect([project.read(AE), project.read('models/sdtm/lb.yml')]).toEqual([FILES[AE], FILES['models/sdtm/lb.yml']]);
  });

  it('shows each change with file, key, before and after, and writes nothing with --dry-run [SPEC-007]', async () => {
    const project = new SpecProject();
    await project.edit((book) => {
      book.set('Variables', ['AE', 'STUDYID'], 'Label', 'Study');
      book.set('Variables', ['AE', 'AESEV'], 'Pages', '7');
      book.set('Methods', ['MT.AE.AESEQ'], 'Description', 'By day.');
      book.set('Datasets', ['work.days'], 'Label', 'Days');
    });
    const changes = [
      { file: AE, key: 'columns.STUDYID.label', change: 'changed', before: 'Study Identifier', after: 'Study' },
      {
        file: AE,
        key: 'columns.AESEQ.method.description',
        change: 'changed',
        before: 'By start date.',
        after: 'By day.',
      },
      { file: AE, key: 'columns.AESEV.origin.pages', change: 'changed', before: '[7, 8]', after: '[7]' },
      { file: 'models/work/days.yml', key: 'label', change: 'added', before: '', after: 'Days' },
    ];
    expect(await project.import({ dryRun: true })).toMatchObject({ changes, written: false });
    expect(project.read(AE)).toBe(FILES[AE]);
    expect(await project.import()).toMatchObject({ written: true, files: [AE, 'models/work/days.yml'] });
    expect(project.read(AE)).toBe(
      FILES[AE]
        .replace('label: Study Identifier', 'label: Study')
        .replace('"By start date."', 'By day.')
        .replace('[7, 8]', '[7]'),
    );
    expect(project.read('models/work/days.yml')).toBe(
      '# yaml-language-server: $schema=../../.warehouse/schemas/model.json\nlabel: Days\n',
    );
    expect(await project.import()).toMatchObject({ changes: [] });
  });

  it('makes the same properties in a copy without any [SPEC-001]', async () => {
    const project = new SpecProject();
    await project.export();
    const before = await loadProject(project.root);
    for (const name of ['ae', 'lb']) rmSync(join(project.root, `models/sdtm/${name}.yml`));
    await project.import();
    const after = await loadProject(project.root);
    const meaning = ({ models }: typeof before) =>
      models.map(({ name, properties }) => [name, properties, Object.keys(properties.columns)]);
    expect(meaning(after)).toEqual(meaning(before));
  });

  it('takes variables that were added, moved, renamed and removed [SPEC-008]', async () => {
    const project = new SpecProject();
    await project.edit((book) => {
      const rows = book.rows('Variables');
      book.set('Variables', ['AE', 'STUDYID'], 'Variable', 'STUDY');
      book.set('Datasets', ['AE'], 'Key Variables', 'STUDY');
      book.set('Variables', ['AE', 'AESEV'], 'Order', 1);
      book.set('Variables', ['AE', 'STUDY'], 'Order', 2);
      book.set('Variables', ['AE', 'AESEQ'], 'Order', 3);
      rows.splice(2, 0, [undefined, 'AE', 'AETERM', 'Reported Term']);
      rows.splice(rows.indexOf(book.row('Variables', 'LB', 'LBORRES')), 1);
      for (const sheet of ['ValueLevel', 'WhereClauses', 'Comments']) book.rows(sheet).splice(1);
    });
    const { changes } = await project.import();
    expect(changes.map(({ key, change }) => `${key} ${change}`)).toEqual([
      'keys changed',
      'columns.STUDYID renamed',
      'columns.AETERM added',
      'columns reordered',
      'columns.LBORRES removed',
    ]);
    const [head, studyid, aeseq, aesev] = FILES[AE].split(/(?= {2}STUDYID:)|(?= {2}# Of)|(?= {2}AESEV:)/);
    expect(project.read(AE)).toBe(
      [
        head.replace('[STUDYID, AESEQ]', '[STUDY]'),
        aesev,
        studyid.replace('STUDYID', 'STUDY'),
        '  AETERM:\n    label: Reported Term\n',
        aeseq,
      ].join(''),
    );
  });

  it('leaves alone what the workbook has no sheet, column or row for [SPEC-009]', async () => {
    const project = new SpecProject();
    await project.edit(
      (book) => {
        for (const sheet of ['Tests', 'UnitTests', 'ValueLevel', 'WhereClauses', 'Codelists', 'Define'])
          book.remove(sheet);
        for (const title of ['Core', 'Codelist', 'Order', 'Pages']) book.removeColumn('Variables', title);
        book.set('Datasets', ['AE'], 'Label', 'Events');
      },
      { models: ['ae'] },
    );
    await project.import();
    expect(project.read(AE)).toBe(FILES[AE].replace('label: Adverse Events', 'label: Events'));
    expect(project.told).toEqual(['SPEC_LEFT']);
  });

  it('keeps byte order mark, line ends and mode of a file, and a link to it [SPEC-002]', async () => {
    const project = new SpecProject({ ...FILES, [AE]: `\ufeff${FILES[AE].replaceAll('\n', '\r\n')}` });
    const path = join(project.root, AE);
    renameSync(path, join(project.root, 'ae-elsewhere.yml'));
    symlinkSync('../../ae-elsewhere.yml', path);
    chmodSync(path, 0o640);
    await project.edit((book) => book.set('Datasets', ['AE'], 'Label', 'Events'));
    await project.import();
    expect(project.read('ae-elsewhere.yml')).toBe(
      `\ufeff${FILES[AE].replace('label: Adverse Events', 'label: Events').replaceAll('\n', '\r\n')}`,
    );
    expect([lstatSync(path).isSymbolicLink(), statSync(path).mode & 0o777]).toEqual([true, 0o640]);
  });

  it('takes a specification as it is made for define.xml into a project that has the SQL [SPEC-009]', async () => {
    const project = new SpecProject({ ...FILES, [AE]: '{}\n', 'models/sdtm/lb.yml': '{}\n' });
    const sheet = (name: string, head: string, ...rows: (string | number | undefined)[][]): WrittenSheet => {
      return { name, columns: head.split('|').map((title) => ({ title, width: 9 })), rows };
    };
    const bytes = writeWorkbook([
      sheet('Define', 'Attribute|Value', ['StudyName', 'VEXIN-03'], ['StandardName', 'SDTM-IG']),
      sheet(
        'Datasets',
        'Dataset|Label|Class|SubClass|Structure|Purpose|Key Variables|Standard|Has No Data|Repeating|Reference Data|Comment|Developer Notes',
        [
          'LB',
          'Laboratory',
          'FINDINGS',
          undefined,
          'One record',
          'Tabulation',
          'LBTESTCD',
          'SDTMIG 3.4',
          undefined,
          'Yes',
          'No',
          'C1',
        ],
      ),
      sheet(
        'Variables',
        'Order|Dataset|Variable|Label|Data Type|Length|Significant Digits|Format|Mandatory|Assigned Value|Codelist|Common|Origin|Source|Pages|Method|Predecessor|Role|Has No Data|Comment|Developer Notes',
        [
          1,
          'LB',
          'LBTESTCD',
          'Short Name',
          'text',
          8,
          undefined,
          undefined,
          'Yes',
          undefined,
          'LBTESTCD',
          undefined,
          'Assigned',
          'Sponsor',
        ],
        [
          2,
          'LB',
          'LBORRES',
          'Result',
          'text',
          20,
          undefined,
          undefined,
          'No',
          undefined,
          undefined,
          undefined,
          'Collected',
          'Vendor',
          '12 13',
          'M1',
          undefined,
          'Result Qualifier',
        ],
      ),
      sheet('ValueLevel', 'Order|Dataset|Variable|Where Clause|Label|Data Type|Length|Significant Digits|Method', [
        1,
        'LB',
        'LBORRES',
        'LB.GLUC',
        'Glucose',
        'float',
        8,
        3,
      ]),
      sheet('WhereClauses', 'ID|Dataset|Variable|Comparator|Value|Comment', [
        'LB.GLUC',
        'LB',
        'LBTESTCD',
        'IN',
        'GLUC, "G, f"',
      ]),
      sheet('Codelists', 'ID|Name|NCI Codelist Code|Data Type|Order|Term', [
        'LBTESTCD',
        'Test',
        'C65047',
        'text',
        1,
        'GLUC',
      ]),
      sheet('Dictionaries', 'ID|Name|Data Type|Dictionary|Version'),
      sheet('Methods', 'ID|Name|Type|Description|Document|Pages', ['M1', 'Result', 'Computation', 'As sent.']),
      sheet('Comments', 'ID|Description|Document|Pages', ['C1', 'Of two vendors.']),
      sheet('Documents', 'ID|Title|Href', ['D1', 'aCRF', 'acrf.pdf']),
    ]);
    writeFileSync(join(project.root, 'spec.xlsx'), bytes);
    await project.import();
    expect(project.read('models/sdtm/lb.yml')).toBe(`label: Laboratory
class: FINDINGS
structure: One record
purpose: Tabulation
keys:
  - LBTESTCD
standard: SDTMIG 3.4
repeating: true
reference_data: false
comment: Of two vendors.
columns:
  LBTESTCD:
    label: Short Name
    type: text
    length: 8
    mandatory: true
    codelist: LBTESTCD
    origin:
      type: Assigned
      source: Sponsor
  LBORRES:
    label: Result
    type: text
    length: 20
    mandatory: false
    origin:
      type: Collected
      source: Vendor
      pages:
        - 12
        - 13
    method:
      description: As sent.
    role: Result Qualifier
    value_level:
      - where:
          - column: LBTESTCD
            comparator: IN
            values:
              - GLUC
              - G, f
        label: Glucose
        type: float
        length: 8
        significant_digits: 3
`);
    expect(project.told).toEqual(['SPEC_NOT_KEPT', 'SPEC_LEFT']);
  });

  it('tells what it does not take [SPEC-009]', async () => {
    const project = new SpecProject();
    await project.edit((book) => {
      book.add('Documents', [
        ['ID', 'Title', 'Href'],
        ['D1', 'aCRF', 'acrf.pdf'],
      ]);
      book.put('Datasets', 'R1', 'Developer Notes');
      book.put('Datasets', 'R2', 'to do');
      book.set('Variables', ['AE', 'AESEQ'], 'Method', undefined);
      book.set('Codelists', ['AESEV'], 'Used By', 'AE.AESEV, AE.AEREL');
      book.set('Datasets', ['AE'], 'Label', 'Adverse Events ');
    });
    await project.import();
    expect(project.told).toEqual(['SPEC_NOT_KEPT', 'SPEC_READ_ONLY', 'SPEC_UNUSED', 'SPEC_BLANKS']);
    expect(project.read(AE)).toContain('label: "Adverse Events "\n');
  });
});

/** One thing wrong, and what is said of it. */
const WRONG: readonly [string, (book: import('./workbook.ts').Book) => void, object][] = [
  [
    'an unknown sheet',
    (book) => book.add('Variable', [['Order'], [1]]),
    {
      code: 'SPEC_SHEET',
      cell: 'Variable!A1',
      message: 'There is no sheet "Variable" in a specification.',
      next: 'Did you mean "Variables"?',
    },
  ],
  [
    'an unknown column',
    (book) => book.put('Variables', 'D1', 'Lable'),
    {
      code: 'SPEC_SHEET',
      cell: 'Variables!D1',
      message: 'The sheet Variables has no column "Lable".',
      next: 'Did you mean "Label"?',
    },
  ],
  [
    'a column that stands twice',
    (book) => book.put('Datasets', 'C1', 'Label'),
    { code: 'SPEC_SHEET', cell: 'Datasets!C1', message: 'The column "Label" stands twice.' },
  ],
  [
    'a cell without a heading',
    (book) => book.put('Datasets', 'Z2', 'x'),
    { code: 'SPEC_SHEET', cell: 'Datasets!Z2', message: 'The column of this cell has no heading.' },
  ],
  [
    'a column that it cannot do without',
    (book) => book.removeColumn('Tests', 'Test'),
    { code: 'SPEC_SHEET', cell: 'Tests!A1', message: 'The sheet Tests has no column "Test", and cannot do without.' },
  ],
  [
    'a number where text is meant',
    (book) => book.put('Variables', 'D2', 1),
    { code: 'SPEC_CELL', cell: 'Variables!D2 (Label)', message: 'The cell holds a number, and text is meant.' },
  ],
  [
    'a text where a number is meant',
    (book) => book.put('Variables', 'F2', 'eight'),
    { code: 'SPEC_CELL', cell: 'Variables!F2 (Length)', message: 'The cell must be a whole number, not "eight".' },
  ],
  [
    'a word that is not of the list',
    (book) => book.put('Variables', 'K4', 'Colected'),
    {
      code: 'CONFIG_INVALID',
      cell: 'Variables!K4 (Origin)',
      message:
        'columns.AESEV.origin.type must be one of Collected, Derived, Assigned, Protocol, Predecessor, Not Available, not "Colected".',
      next: 'Did you mean "Collected"?',
    },
  ],
  [
    'a method that is not there',
    (book) => book.put('Variables', 'N3', 'MT.AE.AESEO'),
    {
      code: 'SPEC_CELL',
      cell: 'Variables!N3 (Method)',
      message: 'The sheet Methods has no row "MT.AE.AESEO".',
      next: 'Did you mean MT.AE.AESEQ?',
    },
  ],
  [
    'a variable that stands twice',
    (book) => book.put('Variables', 'C4', 'STUDYID'),
    {
      code: 'SPEC_CELL',
      cell: 'Variables!C4 (Variable)',
      message: 'STUDYID stands twice: Variables!C2 (Variable) has it too.',
    },
  ],
  [
    'an order that stands twice',
    (book) => book.put('Variables', 'A3', 1),
    { code: 'SPEC_CELL', cell: 'Variables!A3 (Order)', message: '1 stands twice: Variables!A2 (Order) has it too.' },
  ],
  [
    'a name with a blank behind it',
    (book) => book.put('Variables', 'C2', 'STUDYID '),
    { code: 'SPEC_CELL', cell: 'Variables!C2 (Variable)', message: 'The cell begins or ends with a blank.' },
  ],
  [
    'a dataset without a model',
    (book) => book.rows('Datasets').push(['CM', 'Medication']),
    {
      code: 'SPEC_NO_MODEL',
      cell: 'Datasets!A5 (Dataset)',
      message: 'There is no model sdtm.cm: properties stand beside a SELECT.',
    },
  ],
  [
    'a row of a dataset that has none',
    (book) => book.rows('Variables').push([1, 'CM', 'CMTRT']),
    { code: 'SPEC_CELL', cell: 'Variables!B7 (Dataset)', message: 'The sheet Datasets has no row "CM".' },
  ],
  [
    'a test of a kind that there is not',
    (book) => book.put('Tests', 'C3', 'not_nul'),
    {
      code: 'CONFIG_UNKNOWN_KEY',
      cell: 'Tests!C3 (Test)',
      message: 'There is no test "not_nul" of a column.',
      next: 'Did you mean "not_null"?',
    },
  ],
  [
    'YAML that is none',
    (book) => book.put('Datasets', 'T2', 'a: [1'),
    { code: 'SPEC_CELL', cell: 'Datasets!T2 (Further Properties)' },
  ],
  [
    'a key that has a column of its own',
    (book) => book.put('Datasets', 'T2', 'label: x'),
    {
      code: 'SPEC_CELL',
      cell: 'Datasets!T2 (Further Properties)',
      message: 'The key label has a column of its own: Label.',
    },
  ],
  [
    'the workbook of another study',
    (book) => book.put('Define', 'B2', 'OTHER'),
    {
      code: 'SPEC_STUDY',
      cell: 'Define!B2 (Value)',
      message: 'The workbook is of the study "OTHER", and the project of "VEXIN-03".',
    },
  ],
  [
    'two values of EQ',
    (book) => book.put('WhereClauses', 'E2', 'GLUC, HGB'),
    {
      code: 'CONFIG_INVALID',
      cell: 'WhereClauses!E2 (Value)',
      message: 'columns.LBORRES.value_level[0].where[0].values must be one value for EQ.',
    },
  ],
  [
    'a type of a method that there is not',
    (book) => book.put('Methods', 'B2', 'Computing'),
    {
      code: 'CONFIG_INVALID',
      cell: 'Methods!B2 (Type)',
      message: 'columns.AESEQ.method.type must be one of Computation, Imputation, not "Computing".',
    },
  ],
  [
    'a key that is no variable',
    (book) => book.put('Datasets', 'F2', 'STUDYID, AESEG'),
    { code: 'CONFIG_INVALID', cell: 'Datasets!F2 (Key Variables)' },
  ],
  [
    'a source without an origin',
    (book) => book.put('Variables', 'L2', 'Sponsor'),
    { code: 'CONFIG_INVALID', cell: 'Variables!L2 (Source)' },
  ],
  [
    'a label that XPT cannot hold',
    (book) => book.put('Variables', 'D2', 'x'.repeat(41)),
    { code: 'XPT_LABEL', cell: 'Variables!D2 (Label)' },
  ],
];

describe('a workbook that is wrong', () => {
  it.each(WRONG)('is refused with its cell: %s [SPEC-010]', async (_, change, expected) => {
    const project = new SpecProject();
    await project.edit(change);
    expect(await project.refusal()).toMatchObject(expected);
    expect(project.read(AE)).toBe(FILES[AE]);
  });

  it('is refused with all that is wrong, and writes nothing of it [SPEC-010]', async () => {
    const project = new SpecProject();
    await project.edit((book) => {
      book.put('Datasets', 'B2', 'Changed');
      book.put('Variables', 'F2', 'eight');
      book.put('Variables', 'D3', 2);
    });
    const { message } = await project.refusal();
    expect(message).toContain('2 problems:\n  spec.xlsx, cell Variables!F2 (Length): The cell must be');
    expect(message).toContain('\n  spec.xlsx, cell Variables!D3 (Label): The cell holds a number');
    expect(project.read(AE)).toBe(FILES[AE]);
  });
});

describe('spec export', () => {
  it('gives the same bytes for the same properties, and replaces no other file unasked [SPEC-004]', async () => {
    const project = new SpecProject();
    const { bytes, unchanged } = await project.export({ force: false });
    expect({ unchanged, bytes: bytes > 1000 }).toEqual({ unchanged: false, bytes: true });
    expect(await project.export({ force: false })).toMatchObject({ bytes, unchanged: true });
    await expect(project.export({ force: false, models: ['ae'] })).rejects.toMatchObject({ code: 'SPEC_EXISTS' });
    await expect(project.export({ models: ['a'] })).rejects.toMatchObject({ code: 'SPEC_MODELS' });
  });

  it('refuses what is longer than a cell [SPEC-011]', async () => {
    const project = new SpecProject({ ...FILES, [AE]: `label: Events\ncomment: ${'x'.repeat(32_768)}\n` });
    await expect(project.export()).rejects.toMatchObject({
      code: 'SPEC_TOO_LONG',
      message: 'Description of COM.AE on the sheet Comments is longer than the 32767 characters of a cell.',
    });
  });
});
