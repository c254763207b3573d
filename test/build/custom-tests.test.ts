import { describe, expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';

const YML = JSON.stringify({ name: 'test', study: { id: 'S' } });
const TEST = 'tests/generic/between.sql';
const SPEC = 'models/work/vs.yml';
const files = {
  'warehouse.yml': YML,
  'models/work/vs.sql': "SELECT * FROM (VALUES ('S1', 36.5), ('S2', 41.5), ('S3', 47.0)) AS t (subject, temp)",
  [TEST]: `{% test between(model, column_name, low, high=45) %}
SELECT * FROM {{ model }} WHERE {{ column_name }} NOT BETWEEN {{ low }} AND {{ high }}
{% endtest %}`,
  'tests/generic/has_rows.sql': '{% test has_rows(model) %}SELECT 1 WHERE NOT EXISTS (FROM {{ model }}){% endtest %}',
};

const tests = (written: string) => `columns: { subject: {}, temp: { tests: [${written}] } }\n`;

describe('a test of tests/generic/', () => {
  it('is a kind of test with arguments, of a column or of a model [MODEL-163]', async () => {
    const spec = `tests: [has_rows, { between: { column_name: temp, low: 30 }, severity: warn, name: feasible }]
columns:
  subject: {}
  temp: { tests: [{ between: { low: 30, high: 42 }, severity: warn }] }
`;
    await withProject({ ...files, [SPEC]: spec }, async (project) => {
      await project.build();
      expect(
        await project.rows('SELECT test, state, failure_count, asserts, sql FROM run.current_test ORDER BY 1'),
      ).toEqual([
        [
          'between_temp',
          'warned',
          1,
          'between, column_name temp, low 30, high 42',
          'SELECT * FROM "work"."vs" WHERE temp NOT BETWEEN 30 AND 42',
        ],
        [
          'feasible',
          'warned',
          1,
          'between, column_name temp, low 30',
          'SELECT * FROM "work"."vs" WHERE temp NOT BETWEEN 30 AND 45',
        ],
        ['has_rows', 'passed', 0, 'has_rows', 'SELECT 1 WHERE NOT EXISTS (FROM "work"."vs")'],
      ]);
    });
  });

  it('tests the rows for which where is true, by the thresholds that are given, as in dbt [MODEL-163] [MODEL-124]', async () => {
    const written = [
      "{ between: { low: 30, high: 42 }, where: subject <> 'S3', name: some }",
      '{ between: { low: 30, high: 42 }, error_if: ">1", name: few }',
    ];
    await withProject({ ...files, [SPEC]: tests(written.join(', ')) }, async (project) => {
      await project.build();
      expect(await project.rows('SELECT test, state, failure_count, sql FROM run.current_test ORDER BY 1')).toEqual([
        ['few', 'warned', 1, 'SELECT * FROM "work"."vs" WHERE temp NOT BETWEEN 30 AND 42'],
        [
          'some',
          'passed',
          0,
          `SELECT * FROM (SELECT * FROM "work"."vs" WHERE (subject <> 'S3'\n)) WHERE temp NOT BETWEEN 30 AND 42`,
        ],
      ]);
    });
  });

  it('that lies in tests/ itself is told where it belongs [MODEL-163]', async () => {
    const between = `{# of dbt #}\n${files[TEST]}`;
    await withProject({ ...files, 'tests/between.sql': between }, async (project) => {
      expect(await project.failure()).toMatchObject({
        kind: 'usage',
        code: 'TEST_FILE',
        file: 'tests/between.sql',
        next: 'Move it to tests/generic/between.sql, under the name of the kind.',
      });
    });
  });

  it('keeps the former table where it fails, and runs again when its file changes [MODEL-163]', async () => {
    await withProject({ ...files, [SPEC]: tests('{ between: { low: 30, high: 50 } }') }, async (project) => {
      await project.build();
      project.write({ [TEST]: files[TEST].replace('NOT BETWEEN', 'BETWEEN') });
      await project.build();
      expect(await project.rows('SELECT state, failure_count FROM run.current_test')).toEqual([['failed', 3]]);
    });
  });

  it.for([
    ['{ between: { low: 1, hihg: 2 } }', 'TEST_ARGUMENT', SPEC, 'between has no argument hihg.', 'Did you mean high?'],
    ['{ between: { low: 1, model: x } }', 'TEST_ARGUMENT', SPEC, 'between has no argument model.'],
    ['{ between: 30 }', 'TEST_ARGUMENT', SPEC, 'between takes its arguments by name.'],
    ['between', 'TEMPLATE_UNDEFINED', TEST, 'between is called without low.'],
    ['{ betwen: { low: 30 } }', 'CONFIG_UNKNOWN_KEY', SPEC, 'There is no test "betwen" of a column.'],
    ['betwen', 'CONFIG_UNKNOWN_KEY', SPEC, 'There is no test "betwen" of a column.', 'Did you mean "between"?'],
    [
      'row_count',
      'CONFIG_UNKNOWN_KEY',
      SPEC,
      'There is no test "row_count" of a column.',
      'It is a test of a dataset: write it under tests: of the model.',
    ],
    // What it lacks besides is not told of a use that was refused.
    ['{ between: { lo: 1 } }', 'TEST_ARGUMENT', SPEC, 'between has no argument lo.', 'Did you mean low?'],
    [
      '{ between: { low: 30 }, severty: warn }',
      'CONFIG_UNKNOWN_KEY',
      SPEC,
      'Unknown key "severty" in columns.temp.tests[0].',
    ],
  ] as [string, string, string, string, string?][])(
    'is refused with what it takes: %s [MODEL-163]',
    async ([written, code, file, message, next]) => {
      await withProject({ ...files, [SPEC]: tests(written) }, async (project) => {
        const failure = await project.failure();
        expect(failure).toMatchObject({ kind: 'usage', code, file, message });
        if (next !== undefined) expect(failure.next).toBe(next);
      });
    },
  );

  it.for([
    ['SELECT 1', 'The file defines no test between, as its name says.'],
    ['{% test other(model) %}{% endtest %}', 'The file defines no test between, as its name says.'],
    ['{% test between(column_name) %}{% endtest %}', 'The first argument of a test is the model.'],
  ])('has to be defined in a file of its name: %s [MODEL-163]', async ([text, message]) => {
    await withProject({ ...files, [TEST]: text }, async (project) => {
      expect(await project.failure()).toMatchObject({ code: 'TEST_FILE', file: TEST, message });
    });
  });

  it.for(['positive.SQL', 'positive.sql.j2', 'positive.yml', 'old/x.sql'])(
    'is no file of another name, which would be passed over: %s [MODEL-163]',
    async (name) => {
      await withProject(
        { ...files, 'tests/generic/README.md': 'x', [`tests/generic/${name}`]: 'x' },
        async (project) => {
          expect(await project.failure()).toMatchObject({
            kind: 'usage',
            code: 'TEST_FILE',
            file: `tests/generic/${name}`,
            message: 'A test of tests/generic/ is a file <name>.sql, and this is none.',
          });
        },
      );
    },
  );
});
