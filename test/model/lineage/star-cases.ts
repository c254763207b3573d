import type { LineageCase } from './cases.ts';

export const STAR_MACROS = `
  CREATE MACRO of_struct(s) AS TABLE SELECT s.* FROM t;
  CREATE MACRO replaced(v) AS TABLE SELECT s.* REPLACE (v AS x) FROM t;
  CREATE SCHEMA other;
  CREATE TABLE other.u (id INTEGER, b INTEGER);`;

/** Stars that choose among subj, v, arm and a_v by their names; `SIMILAR TO` alone takes a part of one. */
export const STAR_FILTERS: readonly string[] = [
  "* LIKE 'a%'",
  "* NOT LIKE 'a%'",
  "* LIKE 'a$_%' ESCAPE '$'",
  "* NOT LIKE 'a$_%' ESCAPE '$'",
  "* ILIKE 'A%'",
  "* NOT ILIKE 'A%'",
  "* ILIKE 'A$_%' ESCAPE '$'",
  "* NOT ILIKE 'A$_%' ESCAPE '$'",
  "* GLOB 'a*'",
  "NOT (* GLOB 'a*')",
  "NOT (* LIKE 'a%')",
  "* SIMILAR TO 'subj|v|r'",
  "* NOT SIMILAR TO 'subj|v|r'",
  "* ~ 'v'",
  "* !~ 'v'",
  "* EXCLUDE (subj) SIMILAR TO 'v|arm'",
  "* EXCLUDE (subj) NOT SIMILAR TO 'v|r'",
  "* EXCLUDE (subj) LIKE '%r%'",
  "* LIKE 'a%' AS z",
  "COLUMNS('r|v')",
  'COLUMNS(lambda c: length(c) > 1)',
  "COLUMNS([c FOR c IN (*) IF c <> 'v'])",
  "COLUMNS(list_concat(list_filter(*, lambda c: c = 'v'), ['arm']))",
  'COLUMNS(* EXCLUDE (v))',
];

/** Stars with EXCLUDE, REPLACE, RENAME and filters, of structs and over joins: what DuckDB 1.5 gives. */
export const STAR_CASES: readonly LineageCase[] = [
  // Structs
  {
    name: 'REPLACE of the star of a struct, whose fields may be any of both',
    sql: 'SELECT s.* REPLACE (a AS x) FROM t',
    columns: ['x: t.a t.s', 'f: t.a t.s'],
  },
  {
    name: 'REPLACE of the star of a struct in a subquery',
    sql: 'SELECT x FROM (SELECT COLUMNS(s.* REPLACE (a AS x)) FROM t)',
    columns: ['x: t.a t.s'],
  },
  {
    name: 'REPLACE of the star of a struct in DISTINCT',
    sql: 'SELECT count(*) AS n FROM (SELECT DISTINCT s.* REPLACE (a AS x) FROM t)',
    columns: ['n:'],
    rows: 't.a t.s',
  },
  {
    name: 'REPLACE of the star of a struct by what a table macro is given',
    sql: 'SELECT r.x FROM u, replaced(u.y) AS r',
    columns: ['x: t.s u.y'],
  },
  {
    name: 'RENAME and EXCLUDE of the star of a struct',
    sql: 'SELECT s.* RENAME (x AS z), s.* EXCLUDE (x) FROM t',
    columns: ['z: t.s', 'f: t.s', 'f: t.s'],
  },
  {
    name: 'what RENAME calls a field, before a table around',
    sql: 'SELECT q.y_1 FROM u, LATERAL (SELECT s.* RENAME (x AS y), y AS y_1 FROM t) AS q',
    columns: ['y_1: t.s u.y'],
  },
  {
    name: 'a field that COLUMNS() names, before a table around',
    sql: 'SELECT q.n FROM u, LATERAL (SELECT COLUMNS(s.*), x AS n FROM t) AS q',
    columns: ['n: t.s u.x'],
  },
  {
    name: 'the star of a struct before a table around of its name',
    sql: 'SELECT q.x FROM (SELECT id AS x FROM u) AS s, LATERAL (SELECT s.* FROM t) AS q',
    columns: ['x: t.s'],
  },
  {
    name: 'the star of a struct before a WITH clause of its name that stands around',
    sql: 'WITH s AS (SELECT id AS x FROM u) SELECT q.* FROM s, LATERAL (SELECT s.* FROM t) AS q',
    columns: ['x: t.s', 'f: t.s'],
  },
  {
    name: 'a field of a struct before a table around of its name',
    sql: 'SELECT q.x FROM (SELECT id AS x FROM u) AS s, LATERAL (SELECT s.x FROM t) AS q',
    columns: ['x: t.s'],
  },
  {
    name: 'a table beside before a struct of its name',
    sql: 'SELECT s.*, s.f FROM (SELECT id AS x FROM u) AS s, t',
    columns: ['x: = u.id', 'f: t.s'],
  },
  {
    name: 'the star of a struct before a parameter of its name',
    sql: 'FROM of_struct({y: 1})',
    columns: ['x: t.s', 'f: t.s'],
  },
  {
    name: 'the star of a struct by pattern',
    sql: "SELECT s.* SIMILAR TO 'x', s.* NOT LIKE 'x' FROM t",
    columns: ['x: t.s', 'f: t.s'],
  },
  // Filters
  {
    name: '* SIMILAR TO finds a part of a name',
    sql: "SELECT c1, c2 FROM (SELECT * SIMILAR TO 'y|d' FROM u) AS q(c1, c2)",
    columns: ['c1: = u.id', 'c2: = u.y'],
  },
  {
    name: '* NOT SIMILAR TO compares whole names',
    sql: "SELECT c1 FROM (SELECT * NOT SIMILAR TO 'y|d' FROM u) AS q(c1)",
    columns: ['c1: = u.id'],
  },
  {
    name: 'a star by pattern under an alias of each name',
    sql: "SELECT k_x, k_y FROM (SELECT * NOT SIMILAR TO 'id|b' AS 'k_\\0' FROM u)",
    columns: ['k_x: = u.x', 'k_y: = u.y'],
  },
  {
    name: 'a star by pattern of one table of two',
    sql: "SELECT w.* SIMILAR TO 'i', u.* LIKE 'b' FROM u, w",
    columns: ['id: = w.id', 'b: = u.b'],
  },
  {
    name: 'a name that a star leaves out for one table is chosen for all',
    sql: "SELECT c1, c2 FROM (SELECT * EXCLUDE (u.id) LIKE 'id' FROM u, w) AS q(c1, c2)",
    columns: ['c1: = u.id', 'c2: = w.id'],
  },
  {
    name: 'COLUMNS() takes the names of a star, and the columns of all tables',
    sql: "SELECT c1, c2, c3 FROM (SELECT COLUMNS(list_concat(w.*, ['y'])) FROM u, w) AS q(c1, c2, c3)",
    columns: ['c1: = u.id', 'c2: = u.y', 'c3: = w.id'],
  },
  {
    name: 'a pattern that is computed may choose any column',
    sql: "SELECT COLUMNS('x' || '') FROM u",
    columns: ['x: u.b u.id u.x u.y'],
  },
  {
    name: 'in a list of names, the key of a FULL JOIN is not called so',
    sql: "SELECT c1 FROM (SELECT * NOT LIKE 'id' FROM u FULL JOIN w USING (id)) AS q(c1)",
    columns: ['c1: u.b u.id u.x u.y w.id w.z'],
    rows: 'u.id w.id',
  },
  {
    name: 'a regular expression finds the key of a FULL JOIN',
    sql: "SELECT COLUMNS('^id$') FROM u FULL JOIN w USING (id)",
    columns: ['id: u.id w.id'],
    rows: 'u.id w.id',
  },
  {
    name: 'ORDER BY a name that COLUMNS() gives again, the last of two',
    sql: "SELECT y AS b, COLUMNS('^b$') FROM u ORDER BY b LIMIT 1",
    columns: ['b: = u.y', 'b: = u.b'],
    rows: 'u.b',
  },
  {
    name: 'ORDER BY a name that a star by pattern gives again',
    sql: "SELECT y AS b, * LIKE 'b' FROM u ORDER BY b LIMIT 1",
    columns: ['b: = u.y', 'b: = u.b'],
    rows: 'u.b',
  },
  {
    name: 'UNPIVOT of a star by pattern',
    sql: "SELECT c1, c3 FROM (UNPIVOT w ON * LIKE 'z') AS q(c1, c2, c3)",
    columns: ['c1: = w.id', 'c3: = w.z'],
    rows: 'w.z',
  },
  {
    name: 'UNPIVOT of a star with RENAME',
    sql: 'SELECT c1, c3 FROM (UNPIVOT w ON * EXCLUDE (id) RENAME (z AS k)) AS q(c1, c2, c3)',
    columns: ['c1: = w.id', 'c3: = w.z'],
    rows: 'w.z',
  },
  {
    name: 'UNPIVOT of a star with REPLACE uses up what stands in its expression',
    sql: 'SELECT c1, c3 FROM (UNPIVOT w ON * EXCLUDE (id) REPLACE (id + 1 AS z)) AS q(c1, c2, c3)',
    columns: ['c1: = w.z', 'c3: w.id'],
    rows: 'w.id',
  },
  // RENAME over joins
  {
    name: 'RENAME of a column of one table of two',
    sql: 'SELECT k, b FROM (SELECT * RENAME (u.b AS k) FROM (SELECT id, b FROM t) AS t, u)',
    columns: ['k: = u.b', 'b: = t.b'],
  },
  {
    name: 'RENAME of a column of one table in COLUMNS()',
    sql: 'SELECT k, b FROM (SELECT COLUMNS(* RENAME (u.b AS k)) FROM (SELECT id, b FROM t) AS t, u)',
    columns: ['k: = u.b', 'b: = t.b'],
  },
  {
    name: 'RENAME and EXCLUDE of a column of one schema',
    sql: 'SELECT k, b FROM (SELECT * EXCLUDE (main.u.id) RENAME (main.u.b AS k) FROM other.u, u)',
    columns: ['k: = u.b', 'b: = other.u.b'],
  },
  {
    name: 'RENAME of the key of USING by the table where it stands',
    sql: 'SELECT k FROM (SELECT * RENAME (u.id AS k) FROM u RIGHT JOIN w USING (id))',
    columns: ['k: = w.id'],
    rows: 'u.id w.id',
  },
  {
    name: 'RENAME of the key of USING by another table does nothing',
    sql: 'SELECT id FROM (SELECT * RENAME (w.id AS k) FROM u RIGHT JOIN w USING (id))',
    columns: ['id: = w.id'],
    rows: 'u.id w.id',
  },
  {
    name: 'RENAME of what REPLACE has taken the name of',
    sql: 'SELECT b, b_1 FROM (SELECT * REPLACE (y AS b) RENAME (x AS b) FROM u)',
    columns: ['b: = u.y', 'b_1: = u.x'],
  },
  {
    name: 'an expression over COLUMNS() with RENAME has the own names',
    sql: 'SELECT x FROM (SELECT COLUMNS(* RENAME (x AS k)) + 1 FROM u)',
    columns: ['x: u.x'],
  },
  // REPLACE over joins
  {
    name: 'REPLACE of a name of two tables gives it once',
    sql: 'SELECT c1, c2, c4 FROM (SELECT * REPLACE (0 AS id) FROM w, u) AS q(c1, c2, c3, c4)',
    columns: ['c1:', 'c2: = w.z', 'c4: = u.x'],
  },
  {
    name: 'REPLACE of a name of three tables gives it once',
    sql: 'SELECT * REPLACE (0 AS id) FROM w, other.u AS o, u',
    columns: ['id:', 'z: = w.z', 'b: = other.u.b', 'b: = u.b', 'x: = u.x', 'y: = u.y'],
  },
  {
    name: 'REPLACE of a key of USING and a column of the name behind it',
    sql: 'SELECT * REPLACE (z AS id) FROM w JOIN other.u AS o USING (id), u',
    columns: ['id: = w.z', 'z: = w.z', 'b: = other.u.b', 'b: = u.b', 'x: = u.x', 'y: = u.y'],
    rows: 'other.u.id w.id',
  },
  {
    name: 'REPLACE of a name of two tables in COLUMNS()',
    sql: 'SELECT c3 FROM (SELECT COLUMNS(* REPLACE (0 AS id)) FROM w, u) AS q(c1, c2, c3)',
    columns: ['c3: = u.b'],
  },
  {
    name: 'REPLACE of one table does not touch the other',
    sql: 'SELECT w.*, u.* REPLACE (0 AS id) FROM w, u',
    columns: ['id: = w.id', 'z: = w.z', 'id:', 'b: = u.b', 'x: = u.x', 'y: = u.y'],
  },
  {
    name: 'an expression over COLUMNS() with REPLACE is called by the column that is put there',
    sql: 'SELECT COLUMNS(* REPLACE (z AS id)) + 1, max(COLUMNS(* REPLACE (z AS id))) OVER () FROM w',
    columns: ['z: w.z', 'z: w.z', 'z: w.z', 'z: w.z'],
  },
  {
    name: 'REPLACE of a column whose name only DuckDB knows',
    sql: 'SELECT c2 FROM (SELECT * REPLACE (z AS "max(y)") FROM w, (SELECT max(x), max(y) FROM u)) AS q(c1, c2, c3, c4)',
    columns: ['c2: = w.z'],
  },
  {
    name: 'EXCLUDE of a column whose name only DuckDB knows',
    sql: 'SELECT c1 FROM (SELECT * EXCLUDE ("max(x)") FROM (SELECT max(x), max(y) FROM u)) AS q(c1)',
    columns: ['c1: u.x u.y'],
  },
];
