import { beforeAll, describe, expect, it } from 'vitest';
import { readSelect } from '../../../src/model/reading/references.ts';
import { eachParsed, parseSelect } from '../../../src/model/sql/syntax.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { memory } from '../database.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await memory();
});

const read = (sql: string, declared = false) =>
  readSelect(connection, { path: 'models/sdtm/ae.sql', sql, model: 'sdtm.ae' }, declared);
const hash = async (sql: string) => (await parseSelect(connection, { path: 'a.sql', sql })).hash;
const place = (line: number, column: number) => ({ model: 'sdtm.ae', file: 'models/sdtm/ae.sql', line, column });

describe('a model is a single SELECT [MODEL-002]', () => {
  it('refuses two statements, at the second', async () => {
    await expect(read('select 1;\n  select 2')).rejects.toMatchObject({
      code: 'MODEL_TWO_STATEMENTS',
      kind: 'usage',
      message: 'A second statement begins here: a file holds a single SELECT.\n    select 2\n    ^',
      place: place(2, 3),
    });
  });

  it('refuses two statements that DuckDB cannot serialise, declared or not', async () => {
    await expect(read('pivot a on b using sum(c); select 2', true)).rejects.toMatchObject({
      code: 'MODEL_TWO_STATEMENTS',
    });
    await expect(read('select 1; drop table x', true)).rejects.toMatchObject({ code: 'MODEL_TWO_STATEMENTS' });
  });

  for (const sql of [
    'create table x as select 1',
    'drop table x',
    "attach 'a.db'",
    'set threads = 1',
    "copy x to 'y'",
    'explain select 1',
    'call f()',
    'insert into x select 1',
    'with a as (select 1) delete from x',
  ]) {
    it(`refuses ${sql}`, async () => {
      await expect(read(sql, true)).rejects.toMatchObject({
        code: 'MODEL_NOT_SELECT',
        message: expect.stringContaining(`${sql.split(' ')[0].toUpperCase()} is not a SELECT`),
        place: place(1, 1),
      });
    });
  }

  it.each([
    ['select ? as a', 1, 8],
    ["select 'é?' as a, -- $1\n  2 as b where $1", 2, 16],
    ['from t limit $n', 1, 14],
    ['select $a as a, ? as b', 1, 8],
  ])('refuses a parameter, at its place: %s', async (sql, line, column) => {
    await expect(read(sql, true)).rejects.toMatchObject({
      code: 'MODEL_PARAMETER',
      kind: 'usage',
      next: "Write the value, or take a variable: vars: of warehouse.yml, and getvariable('name').",
      place: place(line, column),
    });
  });

  it('takes what looks like a parameter in texts, names and comments', async () => {
    await expect(read(`select '?', '$1', $$?$$, $a$ $1 $a$, 1 as a$b, 2 as "?" /* ? */ -- $1`)).resolves.toBeDefined();
  });

  it('refuses an empty file', async () => {
    await expect(read('-- nothing\n')).rejects.toMatchObject({ code: 'MODEL_EMPTY' });
  });

  it('shows where the SQL does not parse, counting characters', async () => {
    await expect(read("select 'é' as x,\n  'ö', from from y")).rejects.toMatchObject({
      code: 'MODEL_SQL',
      message: 'Parser Error: syntax error at or near "from"\n    \'ö\', from from y\n              ^',
      place: place(2, 13),
    });
  });
});

describe('what hides its tables is refused unless declared [MODEL-003]', () => {
  it('says so of PIVOT without IN', async () => {
    await expect(read('select *\nfrom (pivot edc.a on k using max(v))')).rejects.toMatchObject({
      code: 'MODEL_HIDDEN_TABLES',
      message: 'PIVOT without IN (...) hides which tables are read.\n  from (pivot edc.a on k using max(v))\n        ^',
      place: place(2, 7),
      next: 'List the values with IN (...), or declare them under depends_on: in the properties.',
    });
  });

  it('says so of query_table()', async () => {
    await expect(read("select *\n  from query_table('edc.a')")).rejects.toMatchObject({
      code: 'MODEL_HIDDEN_TABLES',
      message: "query_table() hides which tables are read.\n    from query_table('edc.a')\n         ^",
      next: 'Name the tables in FROM, or declare them under depends_on: in the properties.',
    });
  });

  for (const call of [
    "query('from edc.a')",
    'duckdb_tables()',
    "pragma_table_info('a')",
    "json_execute_serialized_sql('{}')",
  ]) {
    it(`refuses ${call}`, async () => {
      await expect(read(`from ${call}`)).rejects.toMatchObject({ code: 'MODEL_HIDDEN_TABLES' });
    });
  }
});

describe('the hash of a SELECT [MODEL-005]', () => {
  const sql = `with a as (select x, 'y' as z from edc.t where k in (select 1))
    select a.*, count(*) over (partition by x order by z rows between 1 preceding and current row) n,
      case when x > 1 then {'q': [1, 2]} end s
    from a left join edc.u using (x) qualify n > 1 order by all limit 3`;

  it('does not heed comments and layout', async () => {
    const laidOut = `-- a comment\n${sql.replace(/\s+/g, '\n\t')} /* another */ ; -- end`;
    expect(await hash(laidOut)).toBe(await hash(sql));
  });

  it('heeds every token', async () => {
    const changes: [string, string][] = [
      ["'y'", "'Y'"],
      ['x > 1', 'x >= 1'],
      ['left join', 'join'],
      ['limit 3', 'limit 4'],
      ['1 preceding', '2 preceding'],
      ['as z', 'as zz'],
      ['edc.u', 'edc.v'],
      ['[1, 2]', '[2, 1]'],
    ];
    for (const [from, to] of changes) expect(await hash(sql.replace(from, to)), from).not.toBe(await hash(sql));
  });

  it('tells numbers apart that JavaScript does not', async () => {
    expect(await hash('select 9007199254740993')).not.toBe(await hash('select 9007199254740992'));
  });

  it('is not misled by a text that looks like a position', async () => {
    expect(await hash(`select ',"query_location":1'`)).not.toBe(await hash(`select ',"query_location":2'`));
  });

  it('heeds neither in a PIVOT that cannot be serialised', async () => {
    const pivot = 'pivot edc.a on k using max(v)';
    expect(await hash(`${pivot.replaceAll(' ', '\n')} -- x`)).toBe(await hash(pivot));
    expect(await hash(pivot.replace('max', 'min'))).not.toBe(await hash(pivot));
  });
});

describe('many SELECTs parsed together [MODEL-002]', () => {
  /** More than are parsed in one query, with one that stands twice and some that are none. */
  const texts = [
    ...Array.from({ length: 150 }, (_, n) => `select ${n} as "größe" -- 'x'`),
    'select 0 as "größe" -- \'x\'',
    'select 1; select 2',
    'selec 1',
    "select 'a\u0000b'",
    '',
  ];

  const outcome = (sql: string) =>
    parseSelect(connection, { path: 'a.sql', sql }).then(
      (syntax) => syntax,
      ({ code, message, place }) => ({ code, message, place }),
    );

  it('say what each says by itself, in order', async () => {
    const together: unknown[] = [];
    await eachParsed(
      connection,
      texts,
      (sql) => sql,
      async (sql) => {
        together.push(await outcome(sql));
      },
    );
    const alone = [];
    for (const sql of texts) alone.push(await outcome(sql));
    expect(together).toEqual(alone);
    expect(alone[0]).toEqual(alone[150]);
    expect(alone.slice(-4, -2)).toMatchObject([{ code: 'MODEL_TWO_STATEMENTS' }, { code: 'MODEL_SQL' }]);
  });
});
