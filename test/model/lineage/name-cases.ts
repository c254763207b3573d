import type { LineageCase } from './cases.ts';

/** Names that several columns have, and numbers of columns: what DuckDB 1.5 takes, seen from values that differ. */
export const NAME_CASES: readonly LineageCase[] = [
  // Aliases
  {
    name: 'of two aliases of a name, the last in the select list',
    sql: 'SELECT a AS z, b AS z, z + 1 AS k FROM t',
    columns: ['z: = t.a', 'z: = t.b', 'k: t.b'],
  },
  {
    name: 'the last of two aliases in WHERE',
    sql: 'SELECT a AS z, b AS z FROM t WHERE z = 1',
    columns: ['z: = t.a', 'z: = t.b'],
    rows: 't.b',
  },
  {
    name: 'the last of two aliases in GROUP BY',
    sql: 'SELECT max(a) AS z, b + 1 AS z FROM t GROUP BY z',
    columns: ['z: t.a', 'z: t.b'],
    rows: 't.b',
  },
  {
    name: 'the last of two aliases in HAVING',
    sql: 'SELECT max(a) AS z, max(b) AS z FROM t HAVING z = 1',
    columns: ['z: t.a', 'z: t.b'],
    rows: 't.b',
  },
  {
    name: 'the last of two aliases in QUALIFY',
    sql: 'SELECT a AS z, b AS z FROM t QUALIFY row_number() OVER (ORDER BY z) = 1',
    columns: ['z: = t.a', 'z: = t.b'],
    rows: 't.b',
  },
  {
    name: 'the last of two aliases in PARTITION BY',
    sql: 'SELECT a AS z, b AS z, count(*) OVER (PARTITION BY z) AS n FROM t',
    columns: ['z: = t.a', 'z: = t.b', 'n: t.b'],
  },
  {
    name: 'the last of two aliases in ORDER BY, of any case',
    sql: 'SELECT a AS z, b AS "Z" FROM t ORDER BY z LIMIT 1',
    columns: ['z: = t.a', 'Z: = t.b'],
    rows: 't.b',
  },
  {
    name: 'the last of two aliases in DISTINCT ON',
    sql: 'SELECT DISTINCT ON (z) a AS z, b AS z FROM t',
    columns: ['z: = t.a', 'z: = t.b'],
    rows: 't.b',
  },
  {
    name: 'RENAME gives an alias',
    sql: 'SELECT * RENAME (x AS k), k + 1 AS m FROM u WHERE k = 1',
    columns: ['id: = u.id', 'b: = u.b', 'k: = u.x', 'y: = u.y', 'm: u.x'],
    rows: 'u.x',
  },
  // ORDER BY and DISTINCT ON
  {
    name: 'ORDER BY an alias that a column before it is called like',
    sql: 'SELECT *, x AS b FROM u ORDER BY b LIMIT 1',
    columns: ['id: = u.id', 'b: = u.b', 'x: = u.x', 'y: = u.y', 'b: = u.x'],
    rows: 'u.x',
  },
  {
    name: 'ORDER BY an alias with a collation',
    sql: 'SELECT p, y::VARCHAR AS p FROM t, u ORDER BY p COLLATE nocase LIMIT 1',
    columns: ['p: = t.p', 'p: u.y'],
    rows: 'u.y',
  },
  {
    name: 'DISTINCT ON an alias that a column before it is called like',
    sql: 'SELECT DISTINCT ON (b) b, x AS b FROM u',
    columns: ['b: = u.b', 'b: = u.x'],
    rows: 'u.x',
  },
  {
    name: 'ORDER BY what RENAME has called like another column',
    sql: 'SELECT * RENAME (y AS b) FROM u ORDER BY b LIMIT 1',
    columns: ['id: = u.id', 'b: = u.b', 'x: = u.x', 'b: = u.y'],
    rows: 'u.y',
  },
  {
    name: 'ORDER BY what REPLACE has computed, of two of the name the last',
    sql: 'SELECT y AS b, * REPLACE (x + 1 AS b) FROM u ORDER BY b LIMIT 1',
    columns: ['b: = u.y', 'id: = u.id', 'b: u.x', 'x: = u.x', 'y: = u.y'],
    rows: 'u.x',
  },
  {
    name: 'ORDER BY what is computed of COLUMNS()',
    sql: "SELECT y AS b, COLUMNS(['b', 'x']) + id FROM u ORDER BY b LIMIT 1",
    columns: ['b: = u.y', 'b: u.b u.id', 'x: u.id u.x'],
    rows: 'u.b u.id',
  },
  {
    name: 'ORDER BY a column that a subquery has given its name',
    sql: 'SELECT y AS b, * FROM (SELECT * REPLACE (x + 1 AS b) FROM u) ORDER BY b LIMIT 1',
    columns: ['b: = u.y', 'id: = u.id', 'b: u.x', 'x: = u.x', 'y: = u.y'],
    rows: 'u.y',
  },
  {
    name: 'ORDER BY the key of a star over a FULL JOIN, which comes before an alias in front of it',
    sql: 'SELECT a AS id, * EXCLUDE (a, b, c, p, s, l) FROM t FULL JOIN w USING (id) ORDER BY id LIMIT 1',
    columns: ['id: = t.a', 'id: t.id w.id', 'z: = w.z'],
    rows: 't.id w.id',
  },
  {
    name: 'ORDER BY an alias in front of the key of a star over a LEFT JOIN',
    sql: 'SELECT a AS id, * EXCLUDE (a, b, c, p, s, l) FROM t LEFT JOIN w USING (id) ORDER BY id LIMIT 1',
    columns: ['id: = t.a', 'id: = t.id', 'z: = w.z'],
    rows: 't.a t.id w.id',
  },
  {
    name: 'ORDER BY a name that two tables have and the select list once',
    sql: 'SELECT t.b, u.b AS k FROM t, u ORDER BY b LIMIT 1',
    columns: ['b: = t.b', 'k: = u.b'],
    rows: 't.b',
  },
  {
    name: 'ORDER BY the key of one side of a RIGHT JOIN, which may be that of the select list',
    sql: 'SELECT t.id, z FROM t RIGHT JOIN w USING (id) ORDER BY id LIMIT 1',
    columns: ['id: = t.id', 'z: = w.z'],
    rows: 't.id w.id',
  },
  {
    name: 'ORDER BY a column that a field of a struct is called like',
    sql: 'SELECT s.x FROM (SELECT s, a AS x FROM t) ORDER BY x LIMIT 1',
    columns: ['x: t.s'],
    rows: 't.a t.s',
  },
  {
    name: 'ORDER BY of a set operation takes the first of a name',
    sql: '(SELECT b, x AS b FROM u) UNION ALL (SELECT id, z FROM w) ORDER BY b LIMIT 1',
    columns: ['b: = u.b w.id', 'b: = u.x w.z'],
    rows: 'u.b w.id',
  },
  {
    name: 'ORDER BY of a set operation takes no name from outside',
    sql: 'SELECT q.k FROM t, LATERAL (SELECT x AS k, y FROM u UNION ALL SELECT z, id AS c FROM w ORDER BY c LIMIT 1) AS q',
    columns: ['k: = u.x w.z'],
    rows: '?',
  },
  {
    name: 'an alias made of a pattern, which any name may mean that is no column of the tables',
    sql: "SELECT q.n FROM w AS v(id, k2), LATERAL (SELECT COLUMNS('^(a|b)$') AS '\\12', a2 + 1 AS n FROM t) AS q",
    columns: ['n: t.a t.b'],
  },
  {
    name: 'ORDER BY an alias made of a pattern, or a column',
    sql: "SELECT a2 FROM (SELECT COLUMNS('^(a)$') AS '\\12' FROM (SELECT a, b AS a2 FROM t) ORDER BY a2 LIMIT 1)",
    columns: ['a2: = t.a'],
    rows: 't.a t.b',
  },
  // HAVING
  {
    name: 'HAVING takes an alias before a column that GROUP BY ALL groups by',
    sql: 'SELECT b, sum(x) AS b FROM u GROUP BY ALL HAVING b = 1',
    columns: ['b: = u.b', 'b: u.x'],
    rows: 'u.b u.x',
  },
  {
    name: 'HAVING takes an alias before a field that is a group',
    sql: 'SELECT s.x, sum(a) AS x FROM t GROUP BY s.x HAVING x = 1',
    columns: ['x: t.s', 'x: t.a'],
    rows: 't.a t.s',
  },
  {
    name: 'HAVING takes a column before an alias in all that stands in an aggregate',
    sql: 'SELECT id, sum(x) AS b FROM u GROUP BY id HAVING max(y) FILTER (b = 1) > 0',
    columns: ['id: = u.id', 'b: u.x'],
    rows: 'u.b u.id u.y',
  },
  {
    name: 'HAVING with a macro that may put its argument into an aggregate',
    sql: 'SELECT id, sum(x) AS b FROM u GROUP BY id HAVING best(b) = 1',
    columns: ['id: = u.id', 'b: u.x'],
    rows: 'u.b u.id u.x',
  },
  // What multiplies rows
  {
    name: 'macros of DuckDB that unnest',
    sql: "SELECT a, generate_subscripts(l, 1) AS i, regexp_split_to_table(p, ',') AS r FROM t",
    columns: ['a: = t.a', 'i: t.l', 'r: t.p'],
    rows: 't.l t.p',
  },
  {
    name: 'unnest in ORDER BY',
    sql: 'SELECT a FROM t ORDER BY unnest(l)',
    columns: ['a: = t.a'],
    rows: 't.l',
  },
  // Numbers
  {
    name: 'a parameter of a table macro that may be a number of any column, in GROUP BY',
    sql: 'FROM grouped(1)',
    columns: ['k: u.id'],
    rows: 'u.id u.x',
  },
  {
    name: 'a parameter of a table macro that may be a number of any column, in ORDER BY',
    sql: 'FROM sorted(2)',
    columns: ['id: = u.id'],
    rows: 'u.id u.x u.y',
  },
  {
    name: 'numbers of columns count the keys of all tables in a join with USING',
    sql: 'SELECT #1 AS k1, #3 AS k3, #4 AS k4, #5 AS k5, #6 AS k6 FROM (SELECT id, a FROM t) JOIN w USING (id) JOIN u USING (id)',
    columns: ['k1: = t.id', 'k3: = w.id', 'k4: = w.z', 'k5: = u.id', 'k6: = u.b'],
    rows: 't.id u.id w.id',
  },
  ...['NATURAL JOIN', 'NATURAL FULL JOIN', 'NATURAL RIGHT JOIN'].map((join) => ({
    name: `numbers of columns in a ${join}`,
    sql: `SELECT #1 AS k1, #2 AS k2, #3 AS k3, #4 AS k4 FROM (SELECT id, a FROM t) ${join} w`,
    columns: ['k1: = t.id', 'k2: = t.a', 'k3: = w.id', 'k4: = w.z'],
    rows: 't.id w.id',
  })),
];
