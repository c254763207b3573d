import { describe, expect, it } from 'vitest';
import { type Failure, failureOf } from '../../helpers/project.ts';
import { templates } from './snippets.ts';

const render = (text: string, given?: Parameters<typeof templates>[0]) =>
  templates(given).render({ path: 'models/sdtm/ae.sql', text }, { model: 'sdtm.ae' });

const refusal = (text: string, given?: Parameters<typeof templates>[0]): Promise<Failure> =>
  failureOf(Promise.resolve().then(() => render(text, given)));

describe('what is not there', () => {
  it.for([
    ['{% set columns = [1] %}\n\n{{ colums }}', 3, 'colums is not defined.', 'Did you mean columns?'],
    ['{{ nothing }}', 1, 'nothing is not defined.', "Set it, or say what stands for it: nothing | default('')."],
    ['\n{% if absent %}{% endif %}', 2, 'absent is not defined.'],
    ['{% for x in absent %}{% endfor %}', 1, 'absent is not defined.'],
    ["{{ 'a' ~ absent }}", 1, 'absent is not defined.'],
    ['{{ absent | upper }}', 1, 'absent is not defined.'],
    ['{{ absent.name }}', 1, 'absent is not defined.'],
    ['{{ absent() }}', 1, 'absent is not defined.'],
    ['{{ [absent] }}', 1, 'absent is not defined.'],
    ["{{ {'label': 1}.lable }}", 1, 'A dict has no lable.', 'Did you mean label?'],
    ['{{ target.nam }}', 1, 'Target has no nam.', 'Did you mean name?'],
    [
      '{{ target.schema }}',
      1,
      'Target has no schema.',
      'The schema of a model is its folder in models/: this.schema, or ref(...).schema of another.',
    ],
    ['{{ target.threads }}', 1, 'Target has no threads.', 'It has name.'],
    ['{{ this.alias }}', 1, 'The relation has no alias.', 'It has schema, name, identifier, table.'],
    ['{{ [1, 2][5] }}', 1, 'A list of 2 has no item 5.'],
    ["{{ 'x' | uper }}", 1, 'There is no filter uper.', 'Did you mean upper?'],
    ['{{ 1 is nunber }}', 1, 'There is no test nunber.', 'Did you mean number?'],
    ['{% macro f(a) %}\n{{ a }}{% endmacro %}\n\n{{ f() }}', 2, 'f is called without a.'],
  ] as [string, number, string, string?][])(
    'is an error with its line where it is used: %s [MODEL-151]',
    async ([text, line, message, next]) => {
      const failure = await refusal(text);
      expect(failure).toMatchObject({
        kind: 'usage',
        code: 'TEMPLATE_UNDEFINED',
        file: 'models/sdtm/ae.sql',
        line,
        message,
      });
      if (next !== undefined) expect(failure.next).toBe(next);
    },
  );

  it('may be asked for [MODEL-151]', () => {
    expect(render("{{ absent is defined }} {{ absent | default('x') }} {{ {'a': 1}.b is defined }}").sql).toBe(
      'False x False',
    );
  });
});

describe('a reference', () => {
  it.for([
    ["{{ ref('ae') }}", '"sdtm"."ae"'],
    ["{{ ref('sdtm.ae') }}", '"sdtm"."ae"'],
    ["{{ ref('shared', 'ae') }}", '"sdtm"."ae"'],
    // No model of the project's own: the generated one.
    ["{{ ref('vs') }}", '"staged"."vs"'],
    ["{{ source('edc', 'ae') }}", '"staged"."ae"'],
    ["{{ source('staged', 'ae') }}", '"staged"."ae"'],
    ["{{ source('raw', 'delivery') }}", '"raw"."delivery"'],
    ['{{ this }} {{ this.name }} {{ this.schema }}', '"sdtm"."ae" ae sdtm'],
    ["{{ var('cutoff') }}", '2026-03-31'],
    ['{{ target.name }}', 'main'],
    ['{% if execute %}{{ this }}{% endif %}', '"sdtm"."ae"'],
    ["{{ target.schema | default('x') }}", 'x'],
  ])('is the quoted name of the table: %s [MODEL-152]', ([text, sql]) => {
    expect(render(text).sql).toBe(sql);
  });

  it('within is_incremental() is made only where the model is rendered as one that is [MODEL-152]', () => {
    const text = 'SELECT 1{% if is_incremental() %} WHERE n > (SELECT max(n) FROM {{ this }}){% endif %}';
    const as = (incremental?: boolean) =>
      templates().render({ path: 'models/sdtm/ae.sql', text }, { model: 'sdtm.ae', incremental }).sql;
    expect([as(), as(false)]).toEqual(['SELECT 1', 'SELECT 1']);
    expect(as(true)).toBe('SELECT 1 WHERE n > (SELECT max(n) FROM "sdtm"."ae")');
  });

  it.for([
    ["{{ ref('ae') }}", 'TEMPLATE_REF', 'ae may be adam.ae or sdtm.ae.', "Name the schema: ref('adam.ae')."],
    [
      "{{ ref('other', 'ae') }}",
      'TEMPLATE_REF',
      'There is no package other.',
      'This project is called shared: leave the first name out.',
    ],
    ["{{ source('edcc', 'ae') }}", 'TEMPLATE_SOURCE', 'warehouse.yml has no source edcc.', 'Did you mean edc?'],
    [
      "{{ source('lab', 'x') }}",
      'TEMPLATE_SOURCE',
      'The CSV source lab has one table, of its own name.',
      "Write source('lab', 'lab').",
    ],
    ["{{ var('cutof') }}", 'TEMPLATE_VAR', "There is no variable 'cutof' in warehouse.yml.", "Did you mean 'cutoff'?"],
  ])('that names nothing, or more than one thing, is refused: %s [MODEL-152]', async ([text, code, message, next]) => {
    const lab = {
      name: 'lab',
      format: 'csv',
      files: [],
      system: 'lab',
      keep: 'sealed',
      classification: 'none',
    } as const;
    const edc = { ...lab, name: 'edc', format: 'odm' } as const;
    const csv = { ...lab, covers: 'study', keys: [], delimiter: ',', encoding: 'utf-8' } as const;
    const given = { models: ['adam.ae', 'sdtm.ae'], sources: [edc, csv] };
    expect(await refusal(text, given)).toMatchObject({ kind: 'usage', code, message, next });
  });
});

describe('what dbt has and a study must not use', () => {
  it.for([
    'env_var("HOME")',
    'run_query("select 1")',
    'adapter.get_columns_in_relation(this)',
    'modules.datetime',
    'invocation_id',
    'dbt_utils.star(this)',
  ])('is refused with what to write instead: %s [MODEL-153]', async (text) => {
    const failure = await refusal(`{{ ${text} }}`);
    expect(failure.code).toBe('TEMPLATE_REFUSED');
    expect(failure.message).toMatch(/^\w+ is not to be had here: /);
    expect(failure.next).toMatch(/\.$/);
  });

  it('stops where the study says so itself [MODEL-153]', async () => {
    const failure = await refusal("\n{{ exceptions.raise_compiler_error('Give a list of visits') }}");
    expect(failure).toMatchObject({ code: 'TEMPLATE_RAISED', message: 'Give a list of visits', line: 2 });
  });
});

describe('a hostile template', () => {
  it.for([
    "''.constructor",
    "''['constructor']",
    '[].__proto__',
    '{}.constructor',
    "{'a': 1}['__proto__']",
    'ref.constructor',
    'target.__proto__',
    'namespace(a=1).constructor',
    'loop.constructor',
    'process',
    'globalThis',
    'require',
    "''.upper.constructor",
    'range.call',
  ])('reaches nothing of JavaScript: %s [MODEL-154]', async (text) => {
    expect((await refusal(`{% for x in [1] %}{{ ${text} }}{% endfor %}`)).code).toBe('TEMPLATE_UNDEFINED');
  });

  it.for(["{% include '/etc/passwd' %}", "{% import 'x.sql' as x %}", "{% extends 'x' %}", '{% materialization x %}'])(
    'reads no file: %s [MODEL-154]',
    async (text) => {
      expect((await refusal(text)).code).toBe('TEMPLATE_SYNTAX');
    },
  );

  it.for([
    ['a loop that does not end', '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}'],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
    [
      'a text that doubles',
      "{% set n = namespace(x='xxxxxxxx') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    ],
    ['a list that doubles', '{% set x = [1] %}{% for i in range(99) %}{% do x.extend(x) %}{% endfor %}'],
    ['a text repeated', "{{ 'x' * 999999999 }}"],
    ['a list repeated', '{{ [1] * 999999999 }}'],
    ['a long range', '{{ range(999999999) }}'],
    ['a text replaced', "{{ ('x' * 99999) | replace('x', 'y' * 99999) }}"],
    ['a text joined', "{{ ('x' * 99999).join(range(9999)) }}"],
    ['a power', '{{ 9 ** 999999999 }}'],
    ['a product', '{% set n = namespace(x=9) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}'],
    ['a fill', "{{ '1'.zfill(999999999) }}"],
    [
      'much text kept',
      "{% set t = 'x' * 900000 %}{% set l = [] %}{% for i in range(999) %}{% do l.append(t | upper) %}{% endfor %}",
    ],
  ])('is stopped: %s [MODEL-155]', async ([, text]) => {
    expect(await refusal(text)).toMatchObject({
      kind: 'usage',
      code: 'TEMPLATE_LIMIT',
      file: 'models/sdtm/ae.sql',
      line: 1,
    });
  });

  it('is stopped where it is nested beyond what can be read [MODEL-155]', async () => {
    const deep = `{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`;
    expect((await refusal(deep)).code).toBe('TEMPLATE_SYNTAX');
    const nested = `${'{% if true %}'.repeat(5_000)}x${'{% endif %}'.repeat(5_000)}`;
    expect((await refusal(nested)).code).toMatch(/^TEMPLATE_(SYNTAX|LIMIT)$/);
  });
});

describe('a template that cannot be read', () => {
  it.for([
    ['select 1\n{{ a', 2, '{{ has no }}.', 'Close it with }}; as text it is {% raw %}{{{% endraw %}.'],
    ['\n{% if true %}\nx', 2, 'The template ends before what was opened is closed.', 'Correct the tag.'],
    ['x\n\n{% endfor %}', 3, 'Here stands endfor, and nothing is open that it could end.', 'Correct the tag.'],
    ['{% snapshot x %}{% endsnapshot %}', 1, 'A template has no statement snapshot.', 'Write the SELECT alone.'],
    ['{% constructor %}', 1, 'A template has no statement constructor.', 'Correct the tag.'],
    ['{# never closed', 1, '{# has no #}.', 'Close it with #}; as text it is {% raw %}{#{% endraw %}.'],
    ['a {% raw %} b', 1, '{% raw %} has no {% endraw %}.'],
  ] as [string, number, string, string?][])(
    'is told with its line: %s [MODEL-151]',
    async ([text, line, message, next]) => {
      const failure = await refusal(text);
      expect(failure).toMatchObject({
        kind: 'usage',
        code: 'TEMPLATE_SYNTAX',
        file: 'models/sdtm/ae.sql',
        line,
        message,
      });
      if (next !== undefined) expect(failure.next).toBe(next);
    },
  );

  it.for([
    ["{{ 1 + 'a' }}", 'A whole number + a text is nothing.'],
    ['{{ 1 / 0 }}', 'A number is divided by zero.'],
    ["{{ 'a' < 1 }}", 'A text and a whole number have no order.'],
    ['{{ 5() }}', 'A whole number cannot be called.'],
    ['{% for a, b in [1] %}{% endfor %}', 'A list is needed, not a whole number.'],
    ['{% for a, b in [(1, 2, 3)] %}{% endfor %}', '2 names are to take 3 values.'],
    ['{% set target.name = 1 %}', 'Only names, and members of a namespace, can be set.'],
    ['{{ ref }}', 'A function cannot be printed.'],
    ["{{ 'x' | round }}", 'round needs a number, not a text.'],
    ["{{ '%d' | format('x') }}", '%d needs a number, not a text.'],
    ["{{ 'a' | trim(1, 2) }}", 'trim takes chars and no more.'],
    ["{{ 'a' | trim(char='x') }}", 'trim has no argument char.'],
  ])('says which value does not fit: %s [MODEL-151]', async ([text, message]) => {
    expect(await refusal(text)).toMatchObject({ code: 'TEMPLATE_VALUE', message, line: 1 });
  });
});

describe('the lines of the SQL', () => {
  it('are known by the lines of the template that made them [MODEL-156]', () => {
    const text = [
      '{% set columns = [', // 1
      "  'a',", // 2
      "  'b' ] %}", // 3
      'SELECT', // 4
      '{%- for c in columns %}', // 5
      '  {{ c }}{{ "," if not loop.last }}', // 6
      '{%- endfor %}', // 7
      '{# a comment of', // 8
      'two lines #}FROM t', // 9
      'WHERE x', // 10
    ].join('\n');
    const { sql, lines } = render(text);
    expect(sql.split('\n')).toEqual(['', 'SELECT', '  a,', '  b', 'FROM t', 'WHERE x']);
    expect(lines).toEqual([1, 4, 6, 6, 9, 10]);
  });

  it('of a macro are those of its call [MODEL-156]', () => {
    const { sql, lines } = render('{% macro two() %}\na\nb{% endmacro %}\nSELECT {{ two() }}\nFROM t');
    expect(sql.split('\n')).toEqual(['', 'SELECT ', 'a', 'b', 'FROM t']);
    expect(lines).toEqual([1, 4, 4, 4, 5]);
  });
});
