/**
 * SELECTs and the tables they read, written down by hand from DuckDB's rules of scope.
 * `declare`: DuckDB cannot tell, so it is refused unless declared. `unbound`: not checked against the binder.
 */
export interface ReferenceCase {
  readonly name: string;
  readonly sql: string;
  readonly tables: string;
  readonly files?: string;
  readonly declare?: boolean;
  readonly unbound?: boolean;
}

const one = (name: string, sql: string, tables: string, more: Partial<ReferenceCase> = {}): ReferenceCase => ({
  name,
  sql,
  tables,
  ...more,
});

/** Cases collected from real models. */
export const HARD_CASES: readonly ReferenceCase[] = [
  one('WITH', 'with x as (select * from edc.a) select * from x join edc.b using(id)', 'edc.a,edc.b'),
  one('WITH shadows a table', 'with a as (select * from edc.a) select * from a', 'edc.a'),
  one('WITH of the name it reads', 'with a as (select * from a) select * from a', 'a'),
  one('WITH ends with its subquery', 'select * from (with q as (select 1 id) select * from q) join q using(id)', 'q'),
  one(
    'WITH RECURSIVE',
    'with recursive r as (select 1 a union all select r.a+1 from r join edc.lim on true where r.a < 3) select * from r',
    'edc.lim',
  ),
  one(
    'EXISTS, scalar, IN',
    'select (select max(x) from edc.s) from edc.t where exists(select 1 from edc.u) and id in (select id from edc.v)',
    'edc.s,edc.t,edc.u,edc.v',
  ),
  one('UNION and FROM first', 'from edc.a union all select * from edc.b', 'edc.a,edc.b'),
  one(
    'ASOF, LATERAL, SEMI',
    'select * from edc.a asof join edc.b on a.id=b.id and a.t>=b.t semi join edc.c on a.id = c.id, lateral (select * from edc.d where d.id=a.id)',
    'edc.a,edc.b,edc.c,edc.d',
  ),
  one(
    'QUALIFY with a subquery in a window',
    'select * from edc.a qualify row_number() over (partition by k order by (select max(t) from edc.m))=1',
    'edc.a,edc.m',
  ),
  one('PIVOT in FROM', "select * from edc.a pivot (max(v) for testcd in ('HR','BP') group by usubjid)", 'edc.a'),
  one('PIVOT with IN', "pivot edc.a on testcd in ('HR','BP') using max(v) group by usubjid", 'edc.a'),
  one('PIVOT without IN', 'pivot edc.a on testcd using max(v) group by usubjid', 'edc.a', { declare: true }),
  one(
    'PIVOT without IN in WITH',
    'with p as (pivot edc.a on testcd using max(v) group by usubjid) select * from p',
    'edc.a',
    { declare: true },
  ),
  one('UNPIVOT', 'unpivot edc.a on hr, bp into name testcd2 value v2', 'edc.a'),
  one('three parts and quotes', 'select * from memory."raw"."Item Data" i', 'memory.raw.item data'),
  one('table function', "select * from read_parquet('x.parquet') join edc.a using(id)", 'edc.a', {
    files: 'x.parquet',
    unbound: true,
  }),
  one('file as a string', "select * from 'x.csv' join edc.a using(id)", 'edc.a', { files: 'x.csv', unbound: true }),
  one(
    'lambda, struct, comprehension',
    "select [x+1 for x in l], {'a': b.c}, list_transform(l, lambda z: z+1) from edc.a b",
    'edc.a',
  ),
  one('GROUP BY ALL', 'select a, count(*) from edc.t group by all order by all', 'edc.t'),
  one('query_table()', "select * from query_table('edc.t')", 'edc.t', { declare: true }),
  one('VALUES', 'select * from (values (1)) t(id) join edc.a using(id) where x=1', 'edc.a', {
    unbound: true,
  }),
  one('EXCLUDE, REPLACE, COLUMNS', "select * exclude(a) replace(b as c), columns('v.*') from edc.t", 'edc.t'),
  one('POSITIONAL JOIN', 'select * from edc.a positional join edc.b', 'edc.a,edc.b'),
];

/** Cases written for this walker before it was first run. */
export const MORE_CASES: readonly ReferenceCase[] = [
  one(
    'an inner WITH reads the outer of its name',
    'with a as (select * from edc.a) select * from (with a as (select * from a) select * from a)',
    'edc.a',
  ),
  one(
    'a later clause reads an earlier one',
    'with a as (select * from edc.a), b as (select * from a) select * from b',
    'edc.a',
  ),
  one('a clause nobody reads', 'with a as (select * from edc.a) select * from edc.b', 'edc.b,edc.a'),
  one(
    'WITH and table of one name, qualified',
    'with t as (select 1 id) select * from t join edc.t e using (id)',
    'edc.t',
  ),
  one('WITH regardless of case', 'with Cte as (select * from edc.a) select * from CTE', 'edc.a'),
  one('WITH with a dot in its name', 'with "edc.a" as (select 1 x) select a.k from edc.a a', 'edc.a'),
  one('WITH with a dot, read by its name', 'with "edc.a" as (select * from edc.b) select * from "EDC.a"', 'edc.b'),
  one(
    'WITH RECURSIVE with the name of the schema',
    'with recursive "recurring.r" as (select 1 x), s as (select * from "recurring.r") select * from s, edc.a',
    'edc.a',
  ),
  one('WITH in quotes', 'with "my cte" as (select * from edc.a) select * from "My Cte"', 'edc.a'),
  one(
    'WITH seen in a scalar subquery',
    'with a as (select * from edc.a) select (select max(x) from a) from edc.b',
    'edc.a,edc.b',
  ),
  one(
    'WITH seen on both sides of UNION',
    'with a as (select id from edc.a) select id from a union select id from edc.b union all from a',
    'edc.a,edc.b',
  ),
  one(
    'WITH inside a scalar subquery',
    'select (with z as (select max(x) m from edc.s) select m from z) from edc.t',
    'edc.s,edc.t',
  ),
  one(
    'WITH inside EXISTS does not reach out',
    'select * from a where exists (with a as (select 1 from edc.s) select * from a)',
    'a,edc.s',
  ),
  one(
    'WITH RECURSIVE reads a table in its first part',
    'with recursive r as (select id from edc.a union select r.id from r join edc.b using (id)) from r',
    'edc.a,edc.b',
  ),
  one(
    'WITH RECURSIVE USING KEY',
    'with recursive r(k, v) using key (k) as (select id, x from edc.a union select r.k, r.v from r join recurring.r q using (k) where false) from r',
    'edc.a',
  ),
  one('WITH RECURSIVE that is not', 'with recursive s as (select * from edc.a) select * from s', 'edc.a'),
  one(
    'MATERIALIZED',
    'with a as materialized (select * from edc.a), b as not materialized (from edc.b) from a join b using (id)',
    'edc.a,edc.b',
  ),
  one(
    'a correlated subquery',
    'select * from edc.a o where x = (select max(i.x) from edc.b i where i.id = o.id)',
    'edc.a,edc.b',
  ),
  one('JOIN USING', 'select id from edc.a full join edc.b using (id, k)', 'edc.a,edc.b'),
  one(
    'NATURAL and ANTI JOIN',
    'select * from edc.a natural join edc.b anti join edc.c using (id)',
    'edc.a,edc.b,edc.c',
  ),
  one(
    'a subquery in a join condition',
    'select * from edc.a left join edc.b on a.id = b.id and b.x > (select min(x) from edc.c)',
    'edc.a,edc.b,edc.c',
  ),
  one(
    'a subquery in HAVING and ORDER BY',
    'select k, count(*) from edc.a group by k having count(*) > (select min(x) from edc.b) order by (select max(x) from edc.c)',
    'edc.a,edc.b,edc.c',
  ),
  one('a subquery in LIMIT', 'select * from edc.a limit (select max(x) from edc.b)', 'edc.a,edc.b'),
  one(
    'a subquery in FILTER',
    'select count(*) filter (where x > (select min(x) from edc.b)) from edc.a',
    'edc.a,edc.b',
  ),
  one(
    'a subquery in CASE',
    'select case when x in (select x from edc.b) then (select 1 from edc.c limit 1) end from edc.a',
    'edc.a,edc.b,edc.c',
  ),
  one(
    'a subquery in a list and a struct',
    "select [(select max(x) from edc.b)], {'q': (select max(x) from edc.c)} from edc.a",
    'edc.a,edc.b,edc.c',
  ),
  one('ANY', 'select * from edc.a where x > any (select x from edc.b)', 'edc.a,edc.b'),
  one('ARRAY(subquery)', 'select array(select x from edc.b) from edc.a', 'edc.a,edc.b'),
  one('VALUES with a subquery', 'select * from (values ((select max(x) from edc.a)))', 'edc.a'),
  one('a table in parentheses', 'select * from (edc.a join edc.b using (id))', 'edc.a,edc.b'),
  one('TABLE', 'table edc.a', 'edc.a'),
  one('a table function with a subquery', 'select * from generate_series(1, (select max(x) from edc.a))', 'edc.a'),
  one('a lateral table function', 'select * from edc.a, unnest(a.l) u(e)', 'edc.a'),
  one('SUMMARIZE in FROM', 'select * from (summarize edc.a)', 'edc.a'),
  one('DESCRIBE in FROM', 'select * from (describe edc.a)', 'edc.a'),
  one('SHOW TABLES in FROM', 'select * from (show tables)', '', { declare: true }),
  one('a row of the table as a value', 'select t from edc.t', 'edc.t'),
  one('COLUMNS with a lambda', "select columns(lambda c: c like 'x%') from edc.a", 'edc.a'),
  one('UNPIVOT of a subquery', 'select * from (unpivot (select id, hr, bp from edc.a) on hr, bp)', 'edc.a'),
  one('UNPIVOT in FROM', 'select * from edc.a unpivot (v2 for k2 in (hr, bp))', 'edc.a'),
  one('PIVOT of a WITH clause', "with s as (from edc.a) select * from s pivot (max(v) for testcd in ('HR'))", 'edc.a'),
  one('a semicolon and comments', '-- from edc.z\nselect * /* from edc.y */ from edc.a; -- edc.x', 'edc.a'),
  one('names in strings', "select 'from edc.z', $$ from edc.y $$ from edc.a", 'edc.a'),
  one(
    'UNION BY NAME, INTERSECT, EXCEPT',
    'select id from edc.a union by name select id from edc.b intersect select id from edc.c except select id from edc.d',
    'edc.a,edc.b,edc.c,edc.d',
  ),
  one(
    'WITH on the whole of a UNION',
    '(with a as (from edc.a) select id from a) union all select id from a',
    'edc.a,a',
  ),
  one('WITH of the name of a later one', 'with b as (select * from a), a as (select 1 id) select b.id from b', 'a'),
  one('TABLESAMPLE', 'select * from edc.a tablesample reservoir(10%) repeatable (1)', 'edc.a'),
  one('window with named frame', 'select sum(x) over w from edc.a window w as (partition by k order by t)', 'edc.a'),
  one('GROUPING SETS', 'select k, x, count(*) from edc.a group by grouping sets ((k), (k, x))', 'edc.a'),
  one('DISTINCT ON a subquery', 'select distinct on (k, (select max(x) from edc.b)) * from edc.a', 'edc.a,edc.b'),
  one('histogram_values()', 'select * from histogram_values(edc.a, v)', 'edc.a', { declare: true }),
  one('histogram() in FROM', "select * from histogram('edc.a', v)", 'edc.a', { declare: true }),
  one('histogram() as a value', 'select histogram(v) from edc.a', 'edc.a'),
  one('summary() of a subquery', 'select * from summary((select * from edc.a))', 'edc.a'),
  one('a view of the catalogue by a macro', 'select pg_get_viewdef(1) from edc.a', 'edc.a', { declare: true }),
  one('query() in a subquery', "select * from edc.a where id in (from query('select 1'))", 'edc.a', { declare: true }),
];
