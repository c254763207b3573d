import { describe, expect, it } from 'vitest';
import { editYaml } from '../../src/spec/yaml/edit.ts';

const FILE = `# The specification of sdtm.ae.

label: Adverse Events # as in SDTMIG
keys: [STUDYID, USUBJID]
tests:
  # No subject twice.
  - unique: [USUBJID, AESEQ]
  - name: ends_after_start
    expression: "AEENDTC >= AESTDTC"   # as texts
columns:
  STUDYID: { label: 'Study Identifier', origin: { type: Protocol, source: Sponsor } }

  # The number within the subject.
  AESEQ:
    label:   Sequence Number
    length: 3
    method:
      {
        description: "1, 2, ... by start date.",
      }
  AETERM:
    label: Reported Term
    comment: |
      The verbatim.
`;

const BEFORE = {
  label: 'Adverse Events',
  keys: ['STUDYID', 'USUBJID'],
  tests: [
    { unique: ['USUBJID', 'AESEQ'] },
    { name: 'ends_after_start', expression: 'AEENDTC >= AESTDTC' },
  ] as unknown[],
  columns: {
    STUDYID: { label: 'Study Identifier', origin: { type: 'Protocol', source: 'Sponsor' } },
    AESEQ: { label: 'Sequence Number', length: 3, method: { description: '1, 2, ... by start date.' } },
    AETERM: { label: 'Reported Term', comment: 'The verbatim.\n' },
  } as Record<string, unknown>,
};

/** The file after a change, as pairs of lines that are gone and that are new, in their order. */
function changed(after: object): { gone: string[]; come: string[] } {
  const { text, losesComments } = editYaml(FILE, BEFORE, { ...BEFORE, ...after });
  const [had, has] = [FILE.split('\n'), text.split('\n')];
  const [gone, come] = [had.filter((line) => !has.includes(line)), has.filter((line) => !had.includes(line))];
  const commentsOf = (lines: string[]) => lines.flatMap((line) => /#.*/.exec(line) ?? []).join();
  expect(losesComments).toBe(commentsOf(gone) !== commentsOf(come));
  return { gone, come };
}

const columns = (changes: Record<string, unknown>) => ({ columns: { ...BEFORE.columns, ...changes } });

describe('a YAML file that is edited', () => {
  it('is the same to the byte where nothing changes [SPEC-002]', () => {
    expect(editYaml(FILE, BEFORE, structuredClone(BEFORE)).text).toBe(FILE);
  });

  it('changes one value and keeps the comment behind it [SPEC-002]', () => {
    expect(changed({ label: 'Events' })).toEqual({
      gone: ['label: Adverse Events # as in SDTMIG'],
      come: ['label: Events # as in SDTMIG'],
    });
  });

  it('changes a value within braces, on one line or several [SPEC-002]', () => {
    const STUDYID = { label: 'Study Identifier', origin: { type: 'Protocol', source: 'Vendor' } };
    const AESEQ = { label: 'Sequence Number', length: 3, method: { description: 'By day: 1, 2.' } };
    expect(changed(columns({ STUDYID, AESEQ }))).toEqual({
      gone: [
        "  STUDYID: { label: 'Study Identifier', origin: { type: Protocol, source: Sponsor } }",
        '        description: "1, 2, ... by start date.",',
      ],
      come: [
        "  STUDYID: { label: 'Study Identifier', origin: { type: Protocol, source: Vendor } }",
        '        description: "By day: 1, 2.",',
      ],
    });
  });

  it('adds a key behind the one that it follows, and takes keys away [SPEC-002]', () => {
    const AESEQ = { label: 'Sequence Number', type: 'integer', length: 3 };
    expect(changed(columns({ AESEQ }))).toEqual({
      gone: ['    method:', '      {', '        description: "1, 2, ... by start date.",', '      }'],
      come: ['    type: integer'],
    });
  });

  it('adds to a list in brackets, and to one of lines [SPEC-002]', () => {
    const tests = [...BEFORE.tests, { name: 'few', row_count: { max: 9 } }];
    expect(changed({ keys: ['STUDYID', 'USUBJID', 'AESEQ'], tests })).toEqual({
      gone: ['keys: [STUDYID, USUBJID]'],
      come: ['keys: [STUDYID, USUBJID, AESEQ]', '  - name: few', '    row_count:', '      max: 9'],
    });
  });

  it('takes a test away with the comment above it, and leaves the other [SPEC-002]', () => {
    expect(changed({ tests: BEFORE.tests.slice(1) })).toEqual({
      gone: ['  # No subject twice.', '  - unique: [USUBJID, AESEQ]'],
      come: [],
    });
  });

  it('moves tests with their comments, and one of them that changes loses nothing of the others [SPEC-002]', () => {
    const source =
      'tests:\n  - unique: [x]\n  # agreed\n  - row_count: { min: 1 } # one at least\n  # last\n  - not_null: x\n';
    const [unique, rows, last] = [{ unique: ['x'] }, { row_count: { min: 1 } }, { not_null: 'x' }];
    const edit = (tests: unknown[]) => editYaml(source, { tests: [unique, rows, last] }, { tests });
    expect(edit([last, rows, unique])).toEqual({
      text: 'tests:\n  # last\n  - not_null: x\n  # agreed\n  - row_count: { min: 1 } # one at least\n  - unique: [x]\n',
      losesComments: false,
    });
    expect(edit([rows, { unique: ['x', 'y'] }, last])).toEqual({
      text: 'tests:\n  # agreed\n  - row_count: { min: 1 } # one at least\n  - unique:\n      - x\n      - y\n  # last\n  - not_null: x\n',
      losesComments: false,
    });
  });

  it('says so where a column is renamed and changed in one, and its comments are gone [SPEC-002]', () => {
    const source = 'columns:\n  # number of the visit\n  x: { label: X }\n';
    const { text, losesComments } = editYaml(
      source,
      { columns: { x: { label: 'X' } } },
      { columns: { x2: { label: 'Visit' } } },
    );
    expect(text).not.toContain('number of the visit');
    expect(losesComments).toBe(true);
  });

  it('moves a column with its comment [SPEC-002]', () => {
    const { STUDYID, AESEQ, AETERM } = BEFORE.columns;
    const { text } = editYaml(FILE, BEFORE, { ...BEFORE, columns: { AESEQ, STUDYID, AETERM } });
    expect(text).toBe(
      FILE.replace(/(columns:\n)( {2}STUDYID.*\n\n)((?:.*\n)*)( {2}AETERM:)/, (_, head, studyid, aeseq, aeterm) => {
        return head + aeseq + studyid + aeterm;
      }),
    );
  });

  it('renames a column that says the same as before, and keeps its lines [SPEC-002]', () => {
    const { STUDYID, AESEQ, AETERM } = BEFORE.columns;
    const { text } = editYaml(FILE, BEFORE, { ...BEFORE, columns: { STUDYID, AEGRPID: AESEQ, AETERM } });
    expect(text).toBe(FILE.replace('  AESEQ:', '  AEGRPID:'));
  });

  it('writes a text of several lines in lines, and a new one over it [SPEC-002]', () => {
    const AETERM = { label: 'Reported\nTerm', comment: 'Verbatim.' };
    expect(changed(columns({ AETERM }))).toEqual({
      gone: ['    label: Reported Term', '    comment: |', '      The verbatim.'],
      come: ['    label: |-', '      Reported', '      Term', '    comment: Verbatim.'],
    });
  });

  it('keeps the comments of a file that says nothing yet, or no more [SPEC-002]', () => {
    expect(editYaml('# to do', {}, { a: 1 }).text).toBe('# to do\na: 1\n');
    expect(editYaml('# to do\n{} # none\n', {}, { a: 1 }).text).toBe('# to do\na: 1 # none\n');
    expect(editYaml('# to do\na: 1\n', { a: 1 }, {}).text).toBe('# to do\n{}\n');
  });

  it('keeps line ends of Windows [SPEC-002]', () => {
    const { text } = editYaml('a: 1\r\nb: 2\r\n', { a: 1, b: 2 }, { a: 1, c: { d: 3 }, b: 2 });
    expect(text).toBe('a: 1\r\nc:\r\n  d: 3\r\nb: 2\r\n');
  });

  it('puts in quotes what YAML would read as something else than text [SPEC-002]', () => {
    const text = ['1.0', 'no: yes', `\${HOME}`, 'true'];
    expect(editYaml('a: [x]\n', { a: ['x'] }, { a: text }).text).toBe(`a: ["1.0", "no: yes", '\${HOME}', "true"]\n`);
  });

  it('says so where comments within what changes cannot be kept [SPEC-002]', () => {
    const source = '# head\na:\n- b: 1 # gone\n-\n  c: 2\n';
    const before = { a: [{ b: 1 }, { c: 2 }] };
    const { text, losesComments } = editYaml(source, before, { a: [{ b: 1 }, { c: 2 }, { d: 3 }] });
    expect({ text, losesComments }).toEqual({
      text: '# head\na:\n  - b: 1\n  - c: 2\n  - d: 3\n',
      losesComments: true,
    });
  });
});
