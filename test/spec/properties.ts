import fc from 'fast-check';

/** Any text, of blanks, line breaks and control characters too. */
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  fc.constantFrom(
    '=1+1',
    '+1',
    '-1',
    '@x',
    '1.0',
    '0012',
    'true',
    'null',
    '2026-01-05',
    '# no',
    'a: b',
    ' x',
    'x ',
    'a\nb\n',
    '\r\n',
    '\t',
    '_x0041_',
    `\${X}`,
    '"',
    "'",
    '[',
    '{a',
    '- a',
    'Yes',
    '<&>',
    '...',
    '---',
  ),
);
const columnName = fc.constantFrom('STUDYID', 'USUBJID', 'AESEQ', 'AETERM', 'AESEV', '_rows', 'x1');
const modelName = fc.constantFrom('sdtm.dm', 'sdtm.ae', 'staged.ct');
const optional = <Model extends Record<string, fc.Arbitrary<unknown>>>(model: Model) =>
  fc.record(model, { requiredKeys: [] });

const scalar = fc.oneof(text, fc.integer(), fc.constantFrom(0.5, 1e21, 9007199254740993n), fc.boolean());
const positive = fc.integer({ min: 1, max: 9999 });
const classification = fc.constantFrom('none', 'identifier', 'restricted', 'unblinding');

const item = {
  label: text,
  type: fc.constantFrom('text', 'integer', 'partialDate'),
  length: positive,
  significant_digits: fc.nat(9),
  display_format: text,
  codelist: text,
  mandatory: fc.boolean(),
  origin: fc.record(
    {
      type: fc.constantFrom('Collected', 'Derived', 'Predecessor'),
      source: fc.constantFrom('Subject', 'Sponsor'),
      pages: fc.array(positive, { minLength: 1, maxLength: 3 }),
      description: text,
    },
    { requiredKeys: ['type'] },
  ),
  method: fc.record(
    { type: fc.constantFrom('Computation', 'Imputation'), description: text },
    { requiredKeys: ['description'] },
  ),
  comment: text,
};

/** With one of these columns, of the dataset. */
const condition = (columns: readonly string[]) =>
  fc.oneof(
    fc.record(
      {
        column: fc.constantFrom(...columns),
        comparator: fc.constantFrom('EQ', 'NE'),
        values: fc.array(fc.oneof(text, fc.constant('')), { minLength: 1, maxLength: 1 }),
      },
      { requiredKeys: ['column', 'values'] },
    ),
    fc.record({
      column: fc.constantFrom(...columns),
      comparator: fc.constantFrom('IN', 'NOTIN'),
      values: fc.array(fc.oneof(text, fc.constant('')), { minLength: 1, maxLength: 3 }),
    }),
  );

const common = optional({
  name: fc.constantFrom('a', 'b_1', 'Ends_after_start'),
  severity: fc.constantFrom('warn', 'error'),
  error_if: fc.constantFrom(10, '5%', '>10', 'between 1 and 5'),
  warn_if: fc.constantFrom(1, '!=0'),
  description: text,
});

const beside = <Kind>(kind: fc.Arbitrary<Kind>) => fc.tuple(kind, common).map(([one, more]) => ({ ...one, ...more }));

const columnTest = fc.oneof(
  fc.constantFrom('not_null', 'unique', 'not_negative', 'iso8601'),
  beside(
    fc.oneof(
      fc.constant({ not_null: true }),
      fc.record({ accepted_values: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
      fc.record({ codelist: text }),
      fc.record({ relationships: fc.record({ to: modelName, column: columnName }) }),
      fc.record({ expression: text }),
      fc.record({ iso8601: fc.constantFrom(true, 'duration', ['datetime', 'interval']) }),
      fc.record({ sql: text }),
    ),
  ),
  fc.constant({ freshness: { warn_after: '7 days', error_after: '30 days' } }),
);

const datasetTest = (columns: readonly string[]) =>
  fc.oneof(
    beside(
      fc.oneof(
        fc.record({ unique: fc.constant(columns.slice(0, 2)) }),
        fc.record({ expression: text }),
        fc.constantFrom({ row_count: { min: 1 } }, { row_count: { equals: 4 } }, { equal_rowcount: { to: 'sdtm.dm' } }),
        fc.record({ sql: text }),
      ),
    ),
    fc.constant({ freshness: { source: 'edc', error_after: '30 days' } }),
  );

const rows = fc.oneof(
  fc.constant('a,b\n1,\n,""\n'),
  fc.array(fc.dictionary(columnName, fc.oneof(scalar, fc.constant(null), fc.array(scalar, { maxLength: 2 }))), {
    maxLength: 2,
  }),
);

const unitTest = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      description: text,
      given: fc.record({ input: modelName, rows }).map((one) => [one]),
      vars: fc.dictionary(columnName, scalar, { maxKeys: 2 }),
      expect: fc.oneof(fc.record({ rows }), fc.constant({ fixture: 'tests/fixtures/ae.csv' })),
    },
    { requiredKeys: ['name', 'expect'] },
  );

const column = (columns: readonly string[]) =>
  optional({
    ...item,
    role: text,
    core: fc.constantFrom('Req', 'Exp', 'Perm'),
    supp: fc.record(
      { qnam: fc.constantFrom('AETRTEM', 'Q'), qlabel: text, qeval: text },
      { requiredKeys: ['qnam', 'qlabel'] },
    ),
    value_level: fc.array(
      fc
        .tuple(fc.array(condition(columns), { minLength: 1, maxLength: 2 }), optional(item))
        .map(([where, said]) => ({ where, ...said })),
      { maxLength: 2 },
    ),
    classification,
    tests: fc.array(columnTest, { maxLength: 3 }),
  });

const materialization = fc.constantFrom(
  {},
  { materialized: 'view' },
  { materialized: 'snapshot', unique_key: 'id', updated_at: 'changed' },
  { materialized: 'incremental', by_subject: { column: 'id', inputs: { 'staged.ae': "'S-' || id" } } },
);

/** Properties as they may be written: valid by their schema. */
export const written: fc.Arbitrary<Record<string, unknown>> = fc
  .uniqueArray(columnName, { minLength: 2, maxLength: 5 })
  .chain((columns) =>
    fc
      .tuple(
        optional({
          label: text,
          comment: text,
          class: fc.constantFrom('EVENTS', 'SPECIAL PURPOSE'),
          structure: text,
          keys: fc.constant(columns),
          repeating: fc.boolean(),
          reference_data: fc.boolean(),
          standard: text,
          purpose: fc.constantFrom('Tabulation', 'Analysis'),
          split_parent: text,
          supp: modelName,
          depends_on: fc.array(modelName, { maxLength: 2 }),
          tags: fc.array(fc.constantFrom('nightly', 'slow'), { maxLength: 2 }),
          tests: fc.array(datasetTest(columns), { maxLength: 3 }),
          unit_tests: fc.tuple(unitTest('one'), unitTest('two')).map((both) => [...both]),
          classification,
          columns: fc.tuple(...columns.map(() => column(columns))).map((all) => {
            return Object.fromEntries(columns.map((name, i) => [name, all[i]]));
          }),
        }),
        materialization,
      )
      .map(([value, made]) => ({ ...value, ...made })),
  );
