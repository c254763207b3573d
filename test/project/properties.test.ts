import { describe, expect, it } from 'vitest';
import { NO_PROPERTIES, propertiesSchema } from '../../src/project/properties.ts';
import { validateYaml } from '../../src/project/validate.ts';

const read = (yaml: string) => validateYaml('models/sdtm/ae.yml', yaml, propertiesSchema);

const AE = `
label: Adverse Events
comment: Serious events were reconciled with the safety database.
class: EVENTS
structure: One record per adverse event per subject
keys: [STUDYID, USUBJID, AESEQ]
repeating: true
reference_data: false
standard: SDTMIG 3.4
purpose: Tabulation
materialized: view
depends_on: [sdtm.dm]
tags: [safety]
classification: restricted
tests:
  - {unique: [USUBJID, AESEQ]}
  - {sql: "SELECT 1 WHERE false", severity: warn, name: no_future_dates}
columns:
  STUDYID: {label: Study Identifier, type: text, core: Req, role: Identifier}
  USUBJID:
    tests: [not_null, {relationships: {to: sdtm.dm, column: USUBJID}}]
  AESEQ: {type: integer, length: 8, tests: [not_null, not_null]}
  AESEV:
    codelist: AESEV
    mandatory: false
    origin: {type: Collected, source: Investigator, pages: [12, 13]}
    tests: [{accepted_values: [MILD, MODERATE, SEVERE], severity: warn}]
  AESTDY:
    method: {type: Computation, description: Days since the first dose.}
    value_level:
      - where: [{column: AESEV, comparator: IN, values: [MILD, SEVERE]}]
        type: float
        significant_digits: 2
        display_format: "8.2"
        comment: Two digits.
  AETRTEM:
    classification: none
    supp: {qnam: AETRTEM, qlabel: Treatment Emergent Flag, qeval: SPONSOR}
`;

describe('properties of a model', () => {
  it.each(['', '# nothing yet\n'])('says of an empty file what may stand in it: %j [PROJECT-009]', (yaml) => {
    const { problems } = read(yaml);
    expect(problems).toMatchObject([
      {
        kind: 'usage',
        code: 'CONFIG_INVALID',
        message: 'The file must be a mapping, not nothing.',
        next: expect.stringMatching(/^Write keys into it, or remove the file\. Valid keys here: label, .*columns.*\.$/),
      },
    ]);
  });

  it.each([
    ['data_tests: []', 'Write "tests": it means what data_tests means in dbt.'],
    ['columns: {A: {data_tests: []}}', 'Write "tests": it means what data_tests means in dbt.'],
    ['description: x', 'Write "label" for a short name, "comment" for what a reader should know.'],
    ['columns: {A: {description: x}}', 'Write "label" for a short name, "comment" for what a reader should know.'],
    ['config: {tags: [x]}', 'Write its keys here, without config.'],
    ['tests: [{row_count: {min: 1}, config: {severity: warn}}]', 'Write its keys here, without config.'],
    ['meta: {owner: x}', 'Nothing reads meta: write "comment", or a comment of YAML behind #.'],
    ['columns: {A: {tests: [{relationships: {to: sdtm.dm, field: A}}]}}', 'Write "column".'],
  ])('says what stands in the place of a key of dbt: %s [PROJECT-042]', (yaml, next) => {
    expect(read(yaml).problems.map((problem) => [problem.code, problem.next])).toContainEqual([
      'CONFIG_UNKNOWN_KEY',
      next,
    ]);
  });

  it("speaks define.xml's whole vocabulary [PROJECT-009]", () => {
    const { valid, problems } = read(AE);
    expect(problems).toEqual([]);
    expect(valid).toMatchObject({ class: 'EVENTS', keys: ['STUDYID', 'USUBJID', 'AESEQ'], materialized: 'view' });
    expect(Object.keys(valid!.columns)).toEqual(['STUDYID', 'USUBJID', 'AESEQ', 'AESEV', 'AESTDY', 'AETRTEM']);
    expect(valid!.columns.AESTDY).toEqual({
      method: { type: 'Computation', description: 'Days since the first dose.' },
      value_level: [
        {
          where: [{ column: 'AESEV', comparator: 'IN', values: ['MILD', 'SEVERE'] }],
          type: 'float',
          significant_digits: 2,
          display_format: '8.2',
          comment: 'Two digits.',
        },
      ],
    });
    expect(valid!.columns.AETRTEM.supp).toEqual({
      qnam: 'AETRTEM',
      qlabel: 'Treatment Emergent Flag',
      qeval: 'SPONSOR',
    });
  });

  it('gathers the tests of dataset and columns, each under a name of its own [PROJECT-010]', () => {
    const { tests } = read(AE).valid!;
    expect(tests.map(({ at }) => at!.join('.'))).toEqual([
      'tests.0',
      'tests.1',
      'columns.USUBJID.tests.0',
      'columns.USUBJID.tests.1',
      'columns.AESEQ.tests.0',
      'columns.AESEQ.tests.1',
      'columns.AESEV.tests.0',
    ]);
    expect(tests.map(({ at: _at, ...test }) => test)).toEqual([
      { kind: 'unique', name: 'unique_USUBJID_AESEQ', severity: 'error', columns: ['USUBJID', 'AESEQ'] },
      { kind: 'sql', name: 'no_future_dates', severity: 'warn', sql: 'SELECT 1 WHERE false' },
      { kind: 'not_null', name: 'not_null_USUBJID', severity: 'error', column: 'USUBJID' },
      {
        kind: 'relationships',
        name: 'relationships_USUBJID',
        severity: 'error',
        column: 'USUBJID',
        to: 'sdtm.dm',
        toColumn: 'USUBJID',
      },
      { kind: 'not_null', name: 'not_null_AESEQ', severity: 'error', column: 'AESEQ' },
      { kind: 'not_null', name: 'not_null_AESEQ_2', severity: 'error', column: 'AESEQ' },
      {
        kind: 'accepted_values',
        name: 'accepted_values_AESEV',
        severity: 'warn',
        column: 'AESEV',
        values: ['MILD', 'MODERATE', 'SEVERE'],
      },
    ]);
  });

  it('is frozen to its leaves [PROJECT-011]', () => {
    const { valid } = read(AE);
    expect(Object.isFrozen(valid!.columns.AESTDY.value_level[0].where[0].values)).toBe(true);
    expect(Object.isFrozen(NO_PROPERTIES.columns)).toBe(true);
  });

  it('makes a table without YAML, tests and columns [PROJECT-009]', () => {
    expect(NO_PROPERTIES).toEqual({
      keys: [],
      materialized: 'table',
      depends_on: [],
      tags: [],
      tests: [],
      unit_tests: [],
      columns: {},
    });
  });

  it.each([
    ['lable: x', 'Unknown key "lable".', 'Did you mean "label"?'],
    ['columns: {A: {lable: x}}', 'Unknown key "lable" in columns.A.', 'Did you mean "label"?'],
    ['columns: {A: {tests: [not_nul]}}', 'Unknown key "not_nul" in columns.A.tests[0].', 'Did you mean "not_null"?'],
    ['columns: {A: {origin: {type: Colected}}}', /^columns.A.origin.type must be one of/, 'Did you mean "Collected"?'],
    ['columns: {A: {tests: [{unique: true, not_null: true}]}}', /must be exactly one of not_null/, undefined],
    [
      'materialized: incremental',
      'materialized needs either unique_key or by_subject.',
      'Say which rows are the same row, or whose they are.',
    ],
    [
      'materialized: snapshot',
      'materialized needs unique_key.',
      'Name the columns that say which row is the same row.',
    ],
    ['schema: x', 'Unknown key "schema".', 'The folder says it: models/<schema>/<name>.sql.'],
    ['enabled: false', 'Unknown key "enabled".', /out of models/],
    ['materialized: ephemeral', /^materialized must be one of/, /^Write a view, a WITH/],
    ['columns: [{name: A}]', 'columns must be a mapping, not a list.', /^Write a mapping by name: /],
    [
      'columns: {A: {tests: [{accepted_values: {values: [F]}}]}}',
      'columns.A.tests[0].accepted_values must be a list, not a mapping.',
      'Write the values alone: accepted_values: [F, M].',
    ],
    [
      'columns: {A: {tests: [{relationships: {to: "ref(\'dm\')", column: A}}]}}',
      /^columns.A.tests\[0\].relationships.to must be the name of a model/,
      'Write the name of the model, with its schema: to: sdtm.dm.',
    ],
    ['unique_key: A', 'unique_key belongs to materialized: incremental or snapshot.', undefined],
    [
      'materialized: snapshot\nunique_key: A\nby_subject: {column: A, inputs: {a.b: A}}',
      /^by_subject belongs to/,
      undefined,
    ],
    ['materialized: incremental\nby_subject: {column: A, inputs: {}}', /^by_subject.inputs must name/, undefined],
    ['materialized: snapshot\nunique_key: A\ncheck_cols: B\nupdated_at: C', /are two ways/, 'Say one of them.'],
    [
      'tests: [unique]',
      'tests[0] must say more than unique.',
      'Write {unique: [USUBJID, AESEQ]}, with what you mean in its place.',
    ],
    ['tests: [sql]', 'tests[0] must say more than sql.', /^Write \{sql: "SELECT \.\.\."\},/],
    [
      'columns: {A: {tests: [not_null, accepted_values]}}',
      'columns.A.tests[1] must say more than accepted_values.',
      'Write {accepted_values: [F, M]}, with what you mean in its place.',
    ],
    [
      'columns: {A: {tests: [relationships]}}',
      'columns.A.tests[0] must say more than relationships.',
      /^Write \{relationships: \{to: sdtm\.dm, column: USUBJID\}\},/,
    ],
    ['columns: {A: {length: 0}}', 'columns.A.length must be 1 or more.', undefined],
    ['columns: {A: {length: "8"}}', 'columns.A.length must be a number, not "8".', undefined],
    ['columns: {1A: {label: x}}', /^The name "1A" must be the name of a column/, undefined],
    ['keys: [B]\ncolumns: {A: {label: x}}', 'keys[0] names B, which is not under columns:.', undefined],
    ['tests: [{unique: [B]}]\ncolumns: {A: {}}', 'tests[0].unique[0] names B, which is not under columns:.', undefined],
    [
      'tests: [{unique_combination: [B]}]\ncolumns: {A: {}}',
      'tests[0].unique_combination[0] names B, which is not under columns:.',
      undefined,
    ],
    ['tests: [expression]', 'tests[0] must say more than expression.', /^Write \{expression: "AEENDTC >= AESTDTC"\}/],
    ['tests: [{row_count: {}}]', 'tests[0].row_count must have min, max or both, or else equals.', undefined],
    ['tests: [{row_count: {min: 2, max: 1}}]', 'tests[0].row_count.min must not be more than max.', undefined],
    ['tests: [{sql: SELECT 1, where: A > 1}]', 'tests[0].where says nothing beside sql.', /^Write it in the WHERE/],
    ['tests: [{freshness: {error_after: 3 days}}]', 'tests[0].freshness must have either column or source.', undefined],
    [
      'columns: {A: {tests: [{freshness: {warn_after: 48 hours, error_after: 2 days}}]}}',
      'columns.A.tests[0].freshness.warn_after must be less than error_after.',
      undefined,
    ],
    [
      'columns: {A: {tests: [{freshness: {error_after: 3 moons}}]}}',
      'columns.A.tests[0].freshness.error_after must be an age, such as 36 hours or 7 days.',
      undefined,
    ],
    [
      'columns: {A: {tests: [{freshness: {error_after: 3 days}, severity: warn}]}}',
      'columns.A.tests[0].severity says nothing beside freshness.',
      'Say warn_after and error_after.',
    ],
    [
      'columns: {A: {tests: [codelist]}}',
      'columns.A.tests[0].codelist means the codelist of the column, which has none.',
      /^Write \{codelist: SEX\}/,
    ],
    [
      'columns: {A: {tests: [{iso8601: duratoin}]}}',
      /^columns.A.tests\[0\].iso8601\[0\] must be one of datetime, duration, interval/,
      'Did you mean "duration"?',
    ],
    ['columns: {A: {supp: {qnam: TOOLONGNAME, qlabel: x}}}', /^columns.A.supp.qnam must be 1 to 8/, undefined],
    [
      'columns: {A: {value_level: [{where: [{column: A, values: [x, y]}]}]}}',
      'columns.A.value_level[0].where[0].values must be one value for EQ.',
      undefined,
    ],
  ])('refuses %s [PROJECT-009]', (yaml, message, next) => {
    const { problems } = read(yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0].message).toMatch(message);
    expect(problems[0].next).toEqual(next instanceof RegExp ? expect.stringMatching(next) : next);
  });
});

describe('accepted values [PROJECT-040]', () => {
  const accepted = (values: string) => read(`columns: {ARMCD: {tests: [{accepted_values: ${values}}]}}\n`);

  it('that are numbers are what they say, or stand in quotes', () => {
    expect(accepted('[1, 2.5, "0012"]').valid?.tests).toMatchObject([{ values: [1, 2.5, '0012'] }]);
    expect(accepted('[1, 0012, 1.0]').problems.map(({ message, next }) => [message, next])).toEqual([
      [
        'columns.ARMCD.tests[0].accepted_values[1] is 0012, which YAML reads as the number 12.',
        'Put it in quotes if it is text, or write 12.',
      ],
      [
        'columns.ARMCD.tests[0].accepted_values[2] is 1.0, which YAML reads as the number 1.',
        'Put it in quotes if it is text, or write 1.',
      ],
    ]);
  });
});
