/** The tables that the cases read. */
export const TABLES = `
  CREATE TABLE t (id INTEGER, a INTEGER, b INTEGER, c INTEGER, p VARCHAR, s STRUCT(x INTEGER, f INTEGER), l INTEGER[]);
  CREATE TABLE u (id INTEGER, b INTEGER, x INTEGER, y INTEGER);
  CREATE TABLE w (id INTEGER, z INTEGER);
  CREATE TYPE arm AS ENUM ('x', 'y');
  CREATE SCHEMA sch;
  CREATE TABLE sch.v (k INTEGER, "Value One" VARCHAR);
  CREATE MACRO twice(n) AS n * 2;
  CREATE MACRO highest(n) AS (SELECT max(x) FROM u WHERE u.id = n);
  CREATE MACRO nested(n, m := 5) AS twice(n) + m;
  CREATE MACRO overloaded(n) AS n, (n, m) AS n + m;
  CREATE MACRO best(n) AS max(n);
  CREATE MACRO below(n) AS TABLE SELECT id AS k, x FROM u WHERE u.id < n;
  CREATE MACRO grouped(n) AS TABLE SELECT k FROM (SELECT x AS v, max(id) AS k FROM u GROUP BY n);
  CREATE MACRO sorted(n) AS TABLE SELECT id FROM (SELECT id, x, y FROM u ORDER BY n LIMIT 2);
  CREATE MACRO hidden(n) AS TABLE FROM query_table(n);`;

/** A SELECT and where its columns come from, worked out by hand from docs/decisions/0022-column-lineage.md. */
export interface LineageCase {
  readonly name: string;
  readonly sql: string;
  /** Each column in order: `name: columns`, `= column` for a copy, `?` for unknown. Without a schema: main. */
  readonly columns: readonly string[];
  /** Nothing where every row stays as it is. */
  readonly rows?: string;
}

export const CASES: readonly LineageCase[] = [
  // Names
  {
    name: 'columns, copied and computed',
    sql: 'SELECT a, b + c AS d, 1 AS one FROM t',
    columns: ['a: = t.a', 'd: t.b t.c', 'one:'],
  },
  {
    name: 'names of any case, spelled as in the schema',
    sql: 'SELECT T.A, "VALUE one" AS v FROM T, SCH.V',
    columns: ['a: = t.a', 'v: = sch.v.Value One'],
  },
  {
    name: 'tables of two schemas',
    sql: 'SELECT sch.v.k, main.t.a FROM sch.v, main.t',
    columns: ['k: = sch.v.k', 'a: = t.a'],
  },
  { name: 'a column with its database', sql: 'SELECT memory.main.t.a FROM t', columns: ['a: = t.a'] },
  {
    name: 'a table alias hides the name of the table',
    sql: 'SELECT u.a, t.x FROM t AS u, u AS t',
    columns: ['a: = t.a', 'x: = u.x'],
  },
  {
    name: 'column aliases of a table',
    sql: 'SELECT q.one, q.b FROM t AS q(zero, one)',
    columns: ['one: = t.a', 'b: = t.b'],
  },
  {
    name: 'a column before an alias of its name',
    sql: 'SELECT a + 1 AS b, b * 2 AS c FROM t',
    columns: ['b: t.a', 'c: t.b'],
  },
  {
    name: 'an alias of the select list',
    sql: 'SELECT a + 1 AS k, k * id AS m FROM t',
    columns: ['k: t.a', 'm: t.a t.id'],
  },
  {
    name: 'an alias within a subquery',
    sql: 'SELECT a AS k, (SELECT k + c) AS m FROM t',
    columns: ['k: = t.a', 'm: t.a t.c'],
  },
  { name: 'an alias in WHERE', sql: 'SELECT a + b AS k FROM t WHERE k > 1', columns: ['k: t.a t.b'], rows: 't.a t.b' },
  {
    name: 'a column before an alias in WHERE',
    sql: 'SELECT a AS b FROM t WHERE b > 1',
    columns: ['b: = t.a'],
    rows: 't.b',
  },
  {
    name: 'a value that is called like a column',
    sql: 'SELECT current_date AS d, a FROM t',
    columns: ['d:', 'a: = t.a'],
  },
  // Expressions
  {
    name: 'CASE with its conditions',
    sql: 'SELECT CASE WHEN a > 1 THEN b ELSE c END AS k FROM t',
    columns: ['k: t.a t.b t.c'],
  },
  { name: 'a cast is no copy', sql: 'SELECT a::VARCHAR AS k, (a) AS m FROM t', columns: ['k: t.a', 'm: = t.a'] },
  {
    name: 'fields of a struct',
    sql: "SELECT s.x, t.s.f, (s).x AS g, s['f'] AS h FROM t",
    columns: ['x: t.s', 'f: t.s', 'g: t.s', 'h: t.s'],
  },
  {
    name: 'a function called behind a dot',
    sql: 'SELECT a.abs() AS k, t.b.abs() AS m, c.twice() AS n FROM t',
    columns: ['k: t.a', 'm: t.b', 'n: t.c'],
  },
  {
    name: 'parameters of lambdas are no columns',
    sql: 'SELECT list_transform(l, lambda a: a + b) AS k, [c + a FOR c IN l IF c > 1] AS m FROM t',
    columns: ['k: t.b t.l', 'm: t.a t.l'],
  },
  {
    name: 'an arrow into JSON is no lambda',
    sql: "SELECT p -> '$.a' AS k, p ->> b::VARCHAR AS m FROM t",
    columns: ['k: t.p', 'm: t.b t.p'],
  },
  { name: 'a row as a value', sql: 'SELECT w FROM w', columns: ['w: w.id w.z'] },
  {
    name: 'aggregates with FILTER and ORDER BY',
    sql: 'SELECT sum(a) FILTER (b > 1) AS k, list(a ORDER BY c) AS m, count(*) AS n FROM t',
    columns: ['k: t.a t.b', 'm: t.a t.c', 'n:'],
  },
  {
    name: 'windows, with frame and default',
    sql: 'SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN id PRECEDING AND CURRENT ROW) AS k, lag(a, 1, b) OVER (ORDER BY id) AS m FROM t',
    columns: ['k: t.a t.b t.c t.id', 'm: t.a t.b t.id'],
  },
  {
    name: 'a named window',
    sql: 'SELECT row_number() OVER v AS k FROM t WINDOW v AS (PARTITION BY a ORDER BY b)',
    columns: ['k: t.a t.b'],
  },
  {
    name: 'an arrow where the list of a lambda stands',
    sql: "SELECT list_filter((p -> '$.a')::INTEGER[], lambda p: p > b) AS k, list_transform(CAST(p -> '$' AS INTEGER[]), p -> p + 1) AS m FROM t",
    columns: ['k: t.b t.p', 'm: t.p'],
  },
  // Subqueries in expressions
  {
    name: 'a scalar subquery with its WHERE',
    sql: 'SELECT (SELECT max(x) FROM u WHERE u.id = t.id) AS k FROM t',
    columns: ['k: t.id u.id u.x'],
  },
  {
    name: 'EXISTS',
    sql: 'SELECT EXISTS (SELECT 1 FROM u WHERE u.id = t.id AND y > 2) AS k FROM t',
    columns: ['k: t.id u.id u.y'],
  },
  {
    name: 'IN and ANY',
    sql: 'SELECT a IN (SELECT x FROM u) AS k, b > ANY (SELECT y FROM u) AS m FROM t',
    columns: ['k: t.a u.x', 'm: t.b u.y'],
  },
  {
    name: 'ARRAY with the order of its rows',
    sql: 'SELECT ARRAY(SELECT x FROM u ORDER BY y) AS k',
    columns: ['k: u.x u.y'],
  },
  {
    name: 'a subquery of a subquery that names a column of the outermost',
    sql: 'SELECT (SELECT max(x) FROM u WHERE y IN (SELECT z + t.c FROM w)) AS k FROM t',
    columns: ['k: t.c u.x u.y w.z'],
  },
  { name: 'the nearest column of a name', sql: 'SELECT (SELECT max(b) FROM u) AS k FROM t', columns: ['k: u.b'] },
  {
    name: 'a table further out, where the nearest of its name has no such column',
    sql: 'SELECT (SELECT max(t.x + t.a) FROM u AS t) AS k FROM t',
    columns: ['k: t.a u.x'],
  },
  {
    name: 'a subquery in WHERE',
    sql: 'SELECT a FROM t WHERE id IN (SELECT id FROM w WHERE z > 1)',
    columns: ['a: = t.a'],
    rows: 't.id w.id w.z',
  },
  // Stars
  {
    name: 'star with EXCLUDE, REPLACE and RENAME',
    sql: 'SELECT * EXCLUDE (ID) REPLACE (x + y AS b) RENAME (y AS why) FROM u',
    columns: ['b: u.x u.y', 'x: = u.x', 'why: = u.y'],
  },
  {
    name: 'star of one table of two',
    sql: 'SELECT w.*, t.id FROM t, w',
    columns: ['id: = w.id', 'z: = w.z', 'id: = t.id'],
  },
  { name: 'star of a struct', sql: 'SELECT s.*, a FROM t', columns: ['x: t.s', 'f: t.s', 'a: = t.a'] },
  {
    name: 'unnest of a struct among others',
    sql: 'SELECT a, unnest(s), b FROM t',
    columns: ['a: = t.a', 'x: t.s', 'f: t.s', 'b: = t.b'],
    rows: 't.s',
  },
  {
    name: 'COLUMNS by regular expression',
    sql: "SELECT COLUMNS('^[xy]$'), COLUMNS('i(.)') AS 'n_\\1' FROM u",
    columns: ['x: = u.x', 'y: = u.y', 'n_d: = u.id'],
  },
  {
    name: 'COLUMNS by lambda, in an expression',
    sql: "SELECT COLUMNS(lambda n: n IN ('x', 'y')) * b FROM u",
    columns: ['x: u.b u.x', 'y: u.b u.y'],
  },
  {
    name: 'COLUMNS by list, in the order of the table',
    sql: "SELECT COLUMNS(['y', 'X']) FROM u",
    columns: ['x: = u.x', 'y: = u.y'],
  },
  {
    name: 'COLUMNS of a star with EXCLUDE',
    sql: 'SELECT min(COLUMNS(* EXCLUDE (id, b))) FROM u',
    columns: ['x: u.x', 'y: u.y'],
  },
  { name: '*COLUMNS as arguments', sql: "SELECT coalesce(*COLUMNS(['x', 'y'])) AS k FROM u", columns: ['k: u.x u.y'] },
  { name: 'star by pattern', sql: "SELECT * LIKE 'i%' FROM u, w", columns: ['id: = u.id', 'id: = w.id'] },
  { name: 'count of the rows of a table counts rows', sql: 'SELECT count(w.*) AS k FROM w', columns: ['k:'] },
  // Joins
  {
    name: 'ON and the columns of both',
    sql: 'SELECT t.a, u.x FROM t LEFT JOIN u ON t.id = u.id AND u.y > t.b',
    columns: ['a: = t.a', 'x: = u.x'],
    rows: 't.b t.id u.id u.y',
  },
  {
    name: 'USING takes the left side',
    sql: 'SELECT id, u.id AS other, * FROM u JOIN w USING (id)',
    columns: ['id: = u.id', 'other: = u.id', 'id: = u.id', 'b: = u.b', 'x: = u.x', 'y: = u.y', 'z: = w.z'],
    rows: 'u.id w.id',
  },
  {
    name: 'USING of a right join takes the right side',
    sql: 'SELECT id, u.id AS k, w.id AS m FROM u RIGHT JOIN w USING (id)',
    columns: ['id: = w.id', 'k: = u.id', 'm: = w.id'],
    rows: 'u.id w.id',
  },
  {
    name: 'USING of a full join takes both, and goes on',
    sql: 'SELECT id, z FROM t FULL JOIN u USING (id) LEFT JOIN w USING (id)',
    columns: ['id: t.id u.id', 'z: = w.z'],
    rows: 't.id u.id w.id',
  },
  {
    name: 'NATURAL compares what both have',
    sql: 'SELECT id, x, z FROM u NATURAL JOIN w',
    columns: ['id: = u.id', 'x: = u.x', 'z: = w.z'],
    rows: 'u.id w.id',
  },
  {
    name: 'SEMI and ANTI give the left side alone',
    sql: 'SELECT * FROM w SEMI JOIN t USING (id) ANTI JOIN u ON w.z = u.x',
    columns: ['id: = w.id', 'z: = w.z'],
    rows: 't.id u.x w.id w.z',
  },
  {
    name: 'ASOF',
    sql: 'SELECT t.a, u.y FROM t ASOF LEFT JOIN u ON t.id = u.id AND t.b >= u.b',
    columns: ['a: = t.a', 'y: = u.y'],
    rows: 't.b t.id u.b u.id',
  },
  { name: 'POSITIONAL', sql: 'SELECT a, z FROM t POSITIONAL JOIN w', columns: ['a: = t.a', 'z: = w.z'] },
  {
    name: 'LATERAL, said or not',
    sql: 'SELECT k, m FROM t, LATERAL (SELECT t.a + 1 AS k), (SELECT k + b AS m)',
    columns: ['k: t.a', 'm: t.a t.b'],
  },
  // WITH
  {
    name: 'WITH clauses, each with those before it, and column names',
    sql: 'WITH one(k) AS (SELECT a + b FROM t), two AS MATERIALIZED (SELECT k, k AS m FROM one WHERE k > 1) SELECT m FROM two',
    columns: ['m: t.a t.b'],
    rows: 't.a t.b',
  },
  {
    name: 'WITH hides a table of its name, in its own query not yet',
    sql: 'WITH t AS (SELECT id AS a FROM t), k AS (WITH t AS (SELECT z AS a FROM w) SELECT a FROM t) SELECT t.a, k.a AS m FROM t, k',
    columns: ['a: = t.id', 'm: = w.z'],
  },
  {
    name: 'recursion until nothing is new',
    sql: 'WITH RECURSIVE r(n, m, o) AS (SELECT a, b, c FROM t UNION ALL SELECT m, o, n FROM r WHERE n < 9) SELECT n FROM r',
    columns: ['n: = t.a t.b t.c'],
    rows: 't.a t.b t.c',
  },
  {
    name: 'recursion that joins',
    sql: 'WITH RECURSIVE r AS (SELECT id, 0 AS depth FROM u UNION ALL SELECT w.z, depth + 1 FROM r JOIN w ON w.id = r.id) SELECT id, depth FROM r',
    columns: ['id: = u.id w.z', 'depth:'],
    rows: 'u.id w.id w.z',
  },
  // Set operations
  {
    name: 'UNION ALL by place',
    sql: 'SELECT a, b + 1 AS k FROM t UNION ALL SELECT x, y FROM u',
    columns: ['a: = t.a u.x', 'k: t.b u.y'],
  },
  {
    name: 'UNION ALL BY NAME',
    sql: 'SELECT b, a FROM t UNION ALL BY NAME SELECT x, b FROM u',
    columns: ['b: = t.b u.b', 'a: = t.a', 'x: = u.x'],
  },
  {
    name: 'UNION compares all',
    sql: 'SELECT a FROM t UNION SELECT z FROM w',
    columns: ['a: = t.a w.z'],
    rows: 't.a w.z',
  },
  {
    name: 'EXCEPT and INTERSECT give the left side',
    sql: '(SELECT a FROM t EXCEPT SELECT x FROM u) INTERSECT SELECT z FROM w',
    columns: ['a: = t.a'],
    rows: 't.a u.x w.z',
  },
  // Tables of values and functions
  {
    name: 'VALUES and functions of constants',
    sql: 'SELECT v.k, r.i, g, m FROM (VALUES (1), (2)) AS v(k), range(3) AS r(i), generate_series(1, 2) AS s(g), unnest([1]) AS n(m)',
    columns: ['k:', 'i:', 'g:', 'm:'],
  },
  {
    name: 'VALUES of columns',
    sql: 'SELECT k, m FROM t, LATERAL (VALUES (a, 1), (b, c)) AS v(k, m)',
    columns: ['k: = t.a t.b', 'm: t.c'],
  },
  {
    name: 'unnest in FROM',
    sql: 'SELECT a, e FROM t, unnest(t.l) AS n(e)',
    columns: ['a: = t.a', 'e: t.l'],
    rows: 't.l',
  },
  {
    name: 'unnest in the select list',
    sql: 'SELECT a, unnest(l) AS e FROM t',
    columns: ['a: = t.a', 'e: t.l'],
    rows: 't.l',
  },
  {
    name: 'range of a column',
    sql: 'SELECT n FROM t, range(t.a, t.b) AS r(n)',
    columns: ['n: t.a t.b'],
    rows: 't.a t.b',
  },
  {
    name: 'a table function of a column, whose columns DuckDB does not tell',
    sql: 'SELECT e.key, a FROM t, json_each(t.p) AS e',
    columns: ['key: t.p', 'a: = t.a'],
    rows: 't.p',
  },
  {
    name: 'duplicate names',
    sql: 'SELECT id, id_1 FROM (SELECT * FROM u, w)',
    columns: ['id: = u.id', 'id_1: = w.id'],
  },
  // Rows
  {
    name: 'GROUP BY, HAVING and a place',
    sql: "SELECT a, b + c AS k, sum(id) AS m FROM t GROUP BY 1, 2 HAVING max(p) > ''",
    columns: ['a: = t.a', 'k: t.b t.c', 'm: t.id'],
    rows: 't.a t.b t.c t.p',
  },
  {
    name: 'GROUP BY ALL, through a macro that aggregates',
    sql: 'SELECT a, best(b) AS k, count(c) AS m FROM t GROUP BY ALL',
    columns: ['a: = t.a', 'k: t.b', 'm: t.c'],
    rows: 't.a',
  },
  {
    name: 'GROUPING SETS',
    sql: 'SELECT a, b, GROUPING(a) AS g FROM t GROUP BY GROUPING SETS ((a), (b, c), ())',
    columns: ['a: = t.a', 'b: = t.b', 'g: t.a'],
    rows: 't.a t.b t.c',
  },
  {
    name: 'QUALIFY',
    sql: 'SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY b ORDER BY c) = 1',
    columns: ['a: = t.a'],
    rows: 't.b t.c',
  },
  { name: 'DISTINCT', sql: 'SELECT DISTINCT a, b AS k FROM t', columns: ['a: = t.a', 'k: = t.b'], rows: 't.a t.b' },
  {
    name: 'DISTINCT ON, with what decides which row stays',
    sql: 'SELECT DISTINCT ON (b) a FROM t ORDER BY b, c',
    columns: ['a: = t.a'],
    rows: 't.b t.c',
  },
  { name: 'ORDER BY alone decides no row', sql: 'SELECT a FROM t ORDER BY b', columns: ['a: = t.a'] },
  {
    name: 'ORDER BY with LIMIT, by alias',
    sql: 'SELECT a AS b FROM t ORDER BY b LIMIT (SELECT max(z) FROM w)',
    columns: ['b: = t.a'],
    rows: 't.a w.z',
  },
  {
    name: 'ORDER BY of a subquery decides what comes first',
    sql: 'SELECT first(a) AS k FROM (SELECT a FROM t ORDER BY b)',
    columns: ['k: t.a'],
    rows: 't.b',
  },
  {
    name: 'WHERE of a subquery in FROM',
    sql: 'SELECT k FROM (SELECT a AS k FROM t WHERE c > 1) AS q',
    columns: ['k: = t.a'],
    rows: 't.c',
  },
  // Pivots
  {
    name: 'PIVOT with several aggregates',
    sql: "PIVOT t ON p IN ('x', 'y') USING sum(a) AS s, max(b) FILTER (c > 1) AS m GROUP BY id",
    columns: ['id: = t.id', 'x_s: t.a t.p', 'x_m: t.b t.c t.p', 'y_s: t.a t.p', 'y_m: t.b t.c t.p'],
    rows: 't.id',
  },
  {
    name: 'PIVOT that groups by what is left',
    sql: 'SELECT * FROM u PIVOT (sum(x) FOR b IN (1 AS one, 2))',
    columns: ['id: = u.id', 'y: = u.y', 'one: u.b u.x', '2: u.b u.x'],
    rows: 'u.id u.y',
  },
  {
    name: 'PIVOT by an ENUM',
    sql: 'SELECT * FROM (SELECT id, a, p FROM t) PIVOT (sum(a) FOR p IN arm)',
    columns: ['id: = t.id', 'x: t.a t.p', 'y: t.a t.p'],
    rows: 't.id',
  },
  {
    name: 'UNPIVOT',
    sql: 'UNPIVOT u ON x, y INTO NAME n VALUE v',
    columns: ['id: = u.id', 'b: = u.b', 'n:', 'v: = u.x u.y'],
    rows: 'u.x u.y',
  },
  {
    name: 'UNPIVOT of a star, with NULLs',
    sql: 'SELECT n, v FROM u UNPIVOT INCLUDE NULLS (v FOR n IN (COLUMNS(* EXCLUDE (id, b))))',
    columns: ['n:', 'v: = u.x u.y'],
  },
  {
    name: 'UNPIVOT into two columns',
    sql: 'UNPIVOT u ON (b, x) AS q, (x, y) INTO NAME n VALUE v, m',
    columns: ['id: = u.id', 'n:', 'v: = u.b u.x', 'm: = u.x u.y'],
    rows: 'u.b u.x u.y',
  },
  // Macros
  {
    name: 'scalar macros, one in another',
    sql: 'SELECT twice(a + b) AS k, nested(c, m := id) AS m, nested(c) AS n FROM t',
    columns: ['k: t.a t.b', 'm: t.c t.id', 'n: t.c'],
  },
  { name: 'a macro that reads a table', sql: 'SELECT highest(id) AS k FROM t', columns: ['k: t.id u.id u.x'] },
  {
    name: 'overloads of a macro',
    sql: 'SELECT overloaded(a) AS k, overloaded(a, b) AS m FROM t',
    columns: ['k: t.a', 'm: t.a t.b'],
  },
  { name: 'a table macro', sql: 'SELECT k, x FROM below(5)', columns: ['k: = u.id', 'x: = u.x'], rows: 'u.id' },
  {
    name: 'a table macro of a column',
    sql: 'SELECT m.x FROM w, LATERAL (SELECT * FROM below(w.z)) AS m',
    columns: ['x: = u.x'],
    rows: 'u.id w.z',
  },
  {
    name: 'a WITH clause hides the table that a macro reads',
    sql: 'WITH u AS (SELECT id, z AS x FROM w) SELECT highest(1) AS k, m.x FROM below(5) AS m',
    columns: ['k: w.id w.z', 'x: = w.z'],
    rows: 'w.id',
  },
  // What cannot be told
  { name: 'query_table()', sql: "SELECT * FROM query_table('w')", columns: ['id: ?', 'z: ?'], rows: '?' },
  {
    name: 'query_table() in a macro, beside what is known',
    sql: "SELECT u.x, h.z FROM u, hidden('w') AS h",
    columns: ['x: = u.x', 'z: ?'],
    rows: '?',
  },
  { name: 'a row number that is no column', sql: 'SELECT rowid, a FROM t', columns: ['rowid: ?', 'a: = t.a'] },
];
