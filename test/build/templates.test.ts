import { describe, expect, it } from 'vitest';
import { compile } from '../../src/build/inspect.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const AE = 'models/work/ae.sql';
const YML = JSON.stringify({ name: 'test', study: { id: 'S' }, vars: { cutoff: '2026-03-31', arms: 2 } });
const TERMS = { 'models/work/terms.sql': "SELECT * FROM (VALUES (1, 'headache'), (2, 'nausea')) AS t (n, term)" };

const compiled = async (project: TemporaryProject, name: string) => {
  const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
  const { models } = await compile(await loadProject(project.root), { select: [name] }, context);
  return models[0].sql;
};

const outcome = async (project: TemporaryProject) =>
  (await project.build()).models.map(({ name, state, reason }) => `${name} ${state}: ${reason}`);

describe('a model that is a template', () => {
  it('is built from what it renders to, in the order of what it refers to [MODEL-152]', async () => {
    const files = {
      'warehouse.yml': YML,
      ...TERMS,
      [AE]: [
        "{{ config(materialized='view', tags=['nightly']) }}",
        'SELECT n, term',
        "{%- for arm in range(1, var('arms') + 1) %}, n + {{ arm }} AS arm_{{ arm }}{% endfor %}",
        "FROM {{ ref('terms') }} WHERE '{{ var('cutoff') }}' > '2026'",
      ].join('\n'),
    };
    await withProject(files, async (project) => {
      expect(await outcome(project)).toEqual(['work.terms built: new', 'work.ae built: new']);
      expect(await project.rows('FROM work.ae ORDER BY n')).toEqual([
        [1, 'headache', 2, 3],
        [2, 'nausea', 3, 4],
      ]);
      expect(await project.value("SELECT table_type FROM information_schema.tables WHERE table_name = 'ae'")).toBe(
        'VIEW',
      );
      expect(await compiled(project, 'work.ae')).toBe(
        `\nSELECT n, term, n + 1 AS arm_1, n + 2 AS arm_2\nFROM "work"."terms" WHERE '2026-03-31' > '2026';`,
      );
    });
  });

  it('is built again if what it renders to is another, and not for its layout, comments or unused branches [MODEL-157]', async () => {
    const select = "SELECT '{{ var('cutoff') }}' AS day";
    await withProject({ 'warehouse.yml': YML, [AE]: select }, async (project) => {
      await project.build();
      project.write({ [AE]: `{# why #}\n{% if false %}UNION{% endif %}\n${select}\n{%- set unused = 1 %}` });
      expect(await outcome(project)).toEqual(['work.ae skipped: unchanged']);
      project.write({ 'warehouse.yml': YML.replace('2026-03-31', '2026-04-30') });
      expect(await outcome(project)).toEqual(['work.ae built: SQL changed']);
      expect(await project.value('SELECT day FROM work.ae')).toBe('2026-04-30');
    });
  });

  it('tells an error of DuckDB with the line of the file, and the SQL where that is another [MODEL-156]', async () => {
    const text =
      "{% set columns = ['term', 'termm'] %}\n\nSELECT\n  {{ columns | join(', ') }}\nFROM {{ ref('terms') }}\nWHERE n = 1";
    await withProject({ 'warehouse.yml': YML, ...TERMS, [AE]: text }, async (project) => {
      const [, ae] = (await project.build()).models;
      expect(ae.error).toMatchObject({ kind: 'usage', code: 'MODEL_SQL', place: { file: AE, line: 4 } });
      expect(ae.error?.place.column).toBeUndefined();
      expect(ae.error?.message).toMatch(/In the compiled SQL, line 4:\n {4}term, termm\n {10}\^$/);
      project.write({ [AE]: text.replace(", 'termm'", '').replace('n = 1', 'nn = 1') });
      const [, again] = (await project.build()).models;
      expect(again.error).toMatchObject({ place: { file: AE, line: 6, column: 7 } });
      expect(again.error?.message).toMatch(/\n {2}WHERE nn = 1\n {8}\^$/);
      expect(again.error?.message).not.toContain('compiled');
    });
  });

  it('may use the macros of macros/, which may use one another [MODEL-158]', async () => {
    const files = {
      'warehouse.yml': YML,
      ...TERMS,
      'macros/upper.sql': '{% macro shouted(column) %}upper({{ column }}){% endmacro %}',
      'macros/loud.sql': "{% macro loud(column) %}{{ shouted(column) }} || '!' AS {{ column }}{% endmacro %}",
      'macros/plain.sql': 'CREATE OR REPLACE MACRO twice(x) AS x * 2',
      [AE]: "SELECT twice(n) AS n, {{ loud('term') }} FROM {{ ref('terms') }}",
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await project.rows('FROM work.ae ORDER BY n')).toEqual([
        [2, 'HEADACHE!'],
        [4, 'NAUSEA!'],
      ]);
      project.write({ 'macros/upper.sql': '{% macro shouted(column) %}lower({{ colum }}){% endmacro %}' });
      expect(await project.failure()).toMatchObject({
        code: 'TEMPLATE_UNDEFINED',
        file: 'macros/upper.sql',
        line: 1,
        next: 'Did you mean column?',
      });
      project.write({ 'macros/upper.sql': '{% macro loud(column) %}{% endmacro %}' });
      expect(await project.failure()).toMatchObject({ code: 'MACRO_DEFINED_TWICE', file: 'macros/upper.sql' });
    });
  });

  it('may be a rule and a file of tests/ too [MODEL-152]', async () => {
    const files = {
      'warehouse.yml': configuration(),
      ...TERMS,
      'tests/terms.sql': "SELECT * FROM {{ ref('terms') }} WHERE n > {{ 1 + 1 }}",
      'rules/none.sql': "SELECT 1::BIGINT AS _row, 'S' AS subject WHERE {{ 1 }} = 2",
      'models/work/later.sql': "SELECT * FROM {{ ref('terms') }} {# {{ nothing }} #}",
    };
    await withProject({ ...files, 'warehouse.yml': YML }, async (project) => {
      await project.build();
      expect(await project.rows('SELECT test, state, sql FROM run.current_test')).toEqual([
        ['terms', 'passed', 'SELECT * FROM "work"."terms" WHERE n > 2'],
      ]);
      project.write({ 'rules/none.sql': "{{ config(severity='warn') }}SELECT 1" });
      expect(await project.failure()).toMatchObject({ code: 'TEMPLATE_CONFIG', file: 'rules/none.sql', line: 1 });
    });
  });

  it('says in a file of tests/ how much is too much, as in dbt [MODEL-152]', async () => {
    const said = (config: string) => ({ 'tests/terms.sql': `{{ config(${config}) }}\nSELECT unnest([1, 2, 3]) AS n` });
    await withProject(
      { 'warehouse.yml': YML, ...TERMS, ...said("severity='warn', description='There is none.'") },
      async (project) => {
        const { tests } = await project.build();
        expect(tests).toMatchObject({ warned: 1, failed: 0 });
        expect(await project.rows('SELECT test, state, asserts, failure_count FROM run.current_test')).toEqual([
          ['terms', 'warned', 'There is none.', 3],
        ]);
        project.write(said("error_if='>3', warn_if='>5'"));
        expect((await project.build()).tests).toMatchObject({ passed: 1, warned: 0, failed: 0 });
        project.write(said("error_if='>2'"));
        expect((await project.build()).tests).toMatchObject({ passed: 0, warned: 0, failed: 1 });
        for (const wrong of ["severity='loud'", "error_if='5%'", "materialized='view'"]) {
          project.write(said(wrong));
          expect(await project.failure()).toMatchObject({ kind: 'usage', file: 'tests/terms.sql', line: 1 });
        }
      },
    );
  });

  it('leaves SQL without a tag alone, braces and all [MODEL-159]', async () => {
    const sql = "SELECT {'a': {'b': 1}} AS s, '{' || '% ' AS t, '}}' AS u, '%}' AS v -- { {no tag";
    await withProject({ 'warehouse.yml': YML, [AE]: sql }, async (project) => {
      await project.build();
      expect(await project.rows('SELECT s.a.b, t, u, v FROM work.ae')).toEqual([[1, '{% ', '}}', '%}']]);
      // What looks like a tag and is to stay.
      project.write({ [AE]: "SELECT '{% raw %}{{ x }{% endraw %}' AS t" });
      await project.build();
      expect(await project.value('SELECT t FROM work.ae')).toBe('{{ x }');
    });
  });

  it.for([
    ['{{', '}}', `SELECT '{{ var("cutoff") }' AS DOMAIN`],
    ['{%', '%}', "SELECT '{% if true %AE' AS DOMAIN"],
    ['{#', '#}', "SELECT '{# note' AS DOMAIN"],
    ['{{', '}}', "SELECT 'AE' AS DOMAIN -- {{ ref('ae')"],
  ])('is no SQL where a tag opens and is not closed: %s [MODEL-159]', async ([opening, closing, sql]) => {
    const told = { kind: 'usage', code: 'TEMPLATE_SYNTAX', message: `${opening} has no ${closing}.`, line: 2 };
    const files = [AE, 'tests/t.sql', 'rules/r.sql', 'macros/m.sql', 'qc/ae.sql'];
    for (const file of files) {
      const text = file.startsWith('macros') ? `CREATE OR REPLACE MACRO m() AS (\n${sql})` : `\n${sql}`;
      const others: Record<string, string> = file.startsWith('qc')
        ? { [AE]: 'SELECT 1 AS n', 'models/work/ae.yml': 'keys: [n]' }
        : {};
      await withProject({ 'warehouse.yml': YML, ...others, [file]: text }, async (project) => {
        expect(await project.failure()).toMatchObject({ ...told, file });
      });
    }
  });

  it('is no macro of DuckDB, which is not rendered [MODEL-159]', async () => {
    const macro = 'CREATE OR REPLACE MACRO cutoff() AS \'{{ var("cutoff") }}\'';
    await withProject({ 'warehouse.yml': YML, 'macros/m.sql': macro }, async (project) => {
      expect(await project.failure()).toMatchObject({ code: 'TEMPLATE_SYNTAX', file: 'macros/m.sql' });
    });
  });
});

describe('ref() of a model that there is not', () => {
  it('is told as it was written, with what was meant [MODEL-160]', async () => {
    const files = {
      'warehouse.yml': YML,
      'models/work/orders.sql': 'SELECT 1 AS n',
      [AE]: `SELECT n\nFROM {{ ref('ordrs') }}`,
    };
    await withProject(files, async (project) => {
      const { models } = await project.build();
      expect(models.find(({ name }) => name === 'work.ae')?.error).toMatchObject({
        kind: 'usage',
        code: 'MODEL_UNKNOWN_TABLE',
        message: `ref('ordrs'): no model has this name.\n  FROM {{ ref('ordrs') }}\n          ^`,
        place: { model: 'work.ae', file: AE, line: 2, column: 9 },
        next: "Did you mean ref('orders')?",
      });
    });
  });
});

describe('config()', () => {
  const withConfig = (text: string, yml?: string) => ({
    'warehouse.yml': YML,
    [AE]: `\n${text}\nSELECT 1 AS n`,
    ...(yml && { 'models/work/ae.yml': yml }),
  });

  it('says properties as the .yml does, and may say the same again [MODEL-160]', async () => {
    const files = withConfig("{{ config(label='Events', keys=['n']) }}", 'label: Events\ntags: [nightly]\n');
    await withProject(files, async (project) => {
      const [{ properties }] = (await loadProject(project.root)).models;
      expect(properties).toMatchObject({ label: 'Events', keys: ['n'], tags: ['nightly'], materialized: 'table' });
    });
  });

  it.for([
    [
      "{{ config(materialised='view') }}",
      'CONFIG_UNKNOWN_KEY',
      'Unknown key "materialised".',
      'Did you mean "materialized"?',
    ],
    [
      "{{ config(materialized='veiw') }}",
      'CONFIG_INVALID',
      'materialized must be one of table, view, incremental, snapshot, external, not "veiw".',
      'Did you mean "view"?',
    ],
    [
      "{{ config(label='Other') }}",
      'TEMPLATE_CONFIG',
      'config() says another label than models/work/ae.yml, line 1, column 1.',
      'Say it in one place.',
    ],
    [
      "{{ config(tests=['x']) }}",
      'TEMPLATE_CONFIG',
      'config() cannot say tests.',
      'Write tests: into the .yml beside the model.',
    ],
    [
      "{{ config('view') }}",
      'TEMPLATE_CONFIG',
      'config() takes keys and values.',
      "Write {{ config(materialized='view') }}.",
    ],
  ])('is refused with its line where it is wrong: %s [MODEL-160]', async ([text, code, message, next]) => {
    await withProject(withConfig(text, 'label: Events\n'), async (project) => {
      expect(await project.failure()).toMatchObject({ kind: 'usage', code, message, file: AE, line: 2, next });
    });
  });
});

describe('is_incremental()', () => {
  const MODEL = 'models/work/latest.sql';
  const SEED = 'seeds/work/visit.csv';
  const files = {
    'warehouse.yml': YML,
    [SEED]: 'id,day,v\n1,2026-01-01,a\n2,2026-01-02,b\n',
    [MODEL]: `{{ config(materialized='incremental', unique_key='id') -}}
SELECT id, day, v FROM {{ ref('visit') }}
{% if is_incremental() %}WHERE day > (SELECT max(day) FROM {{ this }}){% endif %}`,
  };
  const rows = (project: TemporaryProject) =>
    project.column("SELECT concat_ws(' ', id, day, v) FROM work.latest ORDER BY 1");

  it('is true where rows are brought into the table that is there, and false where it is made anew [MODEL-165]', async () => {
    await withProject(files, async (project) => {
      expect(await outcome(project)).toEqual(['work.visit built: new', 'work.latest built: new']);
      // The first row has another value on an old day, which the model does not ask for; the third is of a later day.
      project.write({ [SEED]: 'id,day,v\n1,2026-01-01,other\n2,2026-01-02,b\n3,2026-01-03,c\n' });
      expect((await outcome(project))[1]).toBe('work.latest built: work.visit changed: 1 rows came, 2 stayed');
      expect(await rows(project)).toEqual(['1 2026-01-01 a', '2 2026-01-02 b', '3 2026-01-03 c']);
      expect(await outcome(project)).toEqual(['work.visit skipped: unchanged', 'work.latest skipped: unchanged']);
      await project.build({ fullRefresh: true });
      expect(await rows(project)).toEqual(['1 2026-01-01 other', '2 2026-01-02 b', '3 2026-01-03 c']);
    });
  });

  it('makes a model anew where what it would be brought says something else, and refuses other columns [MODEL-165]', async () => {
    await withProject(files, async (project) => {
      await project.build();
      project.write({ [SEED]: 'id,day,v\n1,2026-01-01,other\n' });
      project.write({ [MODEL]: files[MODEL].replace('day > (', 'day >= (') });
      expect((await outcome(project))[1]).toBe('work.latest built: SQL changed');
      expect(await rows(project)).toEqual(['1 2026-01-01 other']);
      project.write({ [MODEL]: files[MODEL].replace('{% endif %}', "{% else %}WHERE v <> 'no'{% endif %}") });
      await project.build();
      project.write({
        [MODEL]: files[MODEL].replace('SELECT id, day, v', "SELECT id, {{ 'day' if is_incremental() else 'day, v' }}"),
      });
      await project.build();
      project.write({ [SEED]: 'id,day,v\n1,2026-01-01,new\n' });
      const { models } = await project.build();
      expect(models[1].error).toMatchObject({ kind: 'usage', code: 'INCREMENTAL_COLUMNS' });
      expect(await rows(project)).toEqual(['1 2026-01-01 other']);
    });
  });

  it('shows both SELECTs when it is compiled, and what either reads counts [MODEL-165]', async () => {
    await withProject(files, async (project) => {
      await project.build();
      expect(await compiled(project, 'work.latest')).toBe(
        `SELECT id, day, v FROM "work"."visit";
-- where its table is there:
SELECT id, day, v FROM "work"."visit"
WHERE day > (SELECT max(day) FROM "work"."latest");`,
      );
      expect(
        await project.rows(
          "SELECT from_table, from_column FROM recon.column_lineage WHERE model = 'work.latest' AND kind = 'rows' ORDER BY ALL",
        ),
      ).toEqual([
        ['work.latest', 'day'],
        ['work.visit', 'day'],
        // By its key its former rows stay.
        ['work.visit', 'id'],
        // Which rows it has is which rows there are.
        ['work.visit', null],
      ]);
    });
  });
});

describe('vars of a unit test', () => {
  const unitTests = (vars: string, n: number) => `unit_tests:
  - name: counts
    given: [{ input: work.visit, rows: [{ day: 2026-01-05 }, { day: 2026-05-01 }] }]
    vars: ${vars}
    expect: { rows: [{ n: ${n} }] }
`;
  const files = (vars: string, n: number) => ({
    'warehouse.yml': YML,
    'seeds/work/visit.csv': 'day\n2026-01-05\n',
    [AE]: "SELECT count(*) AS n FROM {{ ref('visit') }}\nWHERE day <= '{{ var('cutoff') }}'",
    'models/work/ae.yml': unitTests(vars, n),
  });

  it('reach var() of the template, whatever the case of their names, and not the model itself [MODEL-125]', async () => {
    await withProject(files('{ CutOff: "2026-12-31" }', 2), async (project) => {
      expect((await project.build()).tests).toMatchObject({ passed: 1, failed: 0 });
      expect(await project.value('SELECT n FROM work.ae')).toBe(1);
      expect(await compiled(project, 'work.ae')).toContain("'2026-03-31'");
      // Of the value in warehouse.yml it would hold.
      project.write({ 'models/work/ae.yml': unitTests('{ cutoff: "2026-12-31" }', 1) });
      expect((await project.build()).models[1].error).toMatchObject({ code: 'UNIT_TEST_FAILED' });
    });
  });

  it('that the template cannot be rendered with are told with its line [MODEL-127]', async () => {
    const arms = { [AE]: "SELECT 1 AS n FROM {{ ref('visit') }}\n{% for arm in range(var('arms')) %}{% endfor %}" };
    await withProject({ ...files('{ arms: many }', 1), ...arms }, async (project) => {
      expect(await project.failure()).toMatchObject({
        code: 'TEMPLATE_VALUE',
        message: 'Unit test counts: range needs a whole number, not a text.',
        file: AE,
        line: 2,
      });
    });
  });
});
