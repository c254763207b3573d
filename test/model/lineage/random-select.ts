/** The tables that random SELECTs read: whole numbers, with names that several of them have. */
export const RANDOM_TABLES: Readonly<Record<string, readonly string[]>> = {
  a: ['k', 'x', 'y'],
  b: ['k', 'x', 'z'],
  c: ['k', 'y', 'w'],
};

export const RANDOM_MACROS = `
  CREATE MACRO twice(n) AS n + n;
  CREATE MACRO larger(n, m := 1) AS CASE WHEN n > m THEN n ELSE m END;
  CREATE MACRO looked_up(n) AS (SELECT max(z) FROM b WHERE b.x >= n);
  CREATE MACRO below(n) AS TABLE SELECT y AS m, w FROM c WHERE k < n;`;

/** Names for what is computed: some are those of columns. */
const ALIASES = ['k', 'x', 'm', 'n', 'y', 'z'];

interface Relation {
  readonly alias: string;
  readonly columns: readonly string[];
}

interface Scope {
  readonly relations: readonly Relation[];
  readonly outer?: Scope;
  /** Aliases of the select list so far. */
  readonly aliases: readonly string[];
  /** Names of WITH clauses, with their columns. */
  readonly clauses: readonly Relation[];
}

interface Made {
  readonly sql: string;
  readonly columns: readonly string[];
}

/** Makes a SELECT of choices: the same choices, the same SELECT; none left, the simplest. */
export function randomSelect(choices: readonly number[]): string {
  return new Maker(choices).query(EMPTY, 2).sql;
}

const EMPTY: Scope = { relations: [], aliases: [], clauses: [] };

class Maker {
  readonly #choices: readonly number[];
  #at = 0;
  #names = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  query(outer: Scope, depth: number): Made {
    if (depth > 0 && this.#chance(6)) return this.#with(outer, depth);
    if (depth > 0 && this.#chance(6)) return this.#setOperation(outer, depth);
    return this.#select(outer, depth);
  }

  #with(outer: Scope, depth: number): Made {
    const clause = this.query(outer, depth - 1);
    const name = this.#one(['q', 'a', 'b']);
    const own = { alias: name, columns: clause.columns };
    const inner = this.query(
      { ...outer, clauses: [...outer.clauses.filter(({ alias }) => alias !== name), own] },
      depth - 1,
    );
    return { sql: `WITH ${name} AS (${clause.sql}) ${inner.sql}`, columns: inner.columns };
  }

  #setOperation(outer: Scope, depth: number): Made {
    const left = this.#select(outer, depth - 1, 2);
    const right = this.#select(outer, depth - 1, 2);
    const operator = this.#one(['UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'UNION ALL BY NAME']);
    const columns = operator.endsWith('NAME') ? [...new Set([...left.columns, ...right.columns])] : left.columns;
    return { sql: `(${left.sql}) ${operator} (${right.sql})`, columns };
  }

  #select(outer: Scope, depth: number, width?: number): Made {
    const from = this.#from(outer, depth);
    const scope: Scope = { relations: from.relations, outer, aliases: [], clauses: outer.clauses };
    const isGrouped = this.#chance(4);
    const list = isGrouped ? this.#aggregates(scope, depth, width) : this.#list(scope, depth, width);
    const where = this.#chance(4) ? ` WHERE ${this.#condition(scope, depth)}` : '';
    const tail = isGrouped ? list.tail : this.#tail(scope, list.columns);
    const columns = [...new Set(list.columns)];
    return { sql: `SELECT ${tail.before}${list.sql} FROM ${from.sql}${where}${tail.after}`, columns };
  }

  #list(scope: Scope, depth: number, width?: number): Made & { tail: Tail } {
    const all = scope.relations.flatMap(({ columns }) => columns);
    if (width === undefined && this.#chance(6)) return { ...this.#star(scope, all), tail: NO_TAIL };
    const items: string[] = [];
    const columns: string[] = [];
    for (let i = 0; i < (width ?? 1 + this.#next(3)); i++) {
      const expression = this.#expression({ ...scope, aliases: columns }, depth, true);
      const free = ALIASES.filter((name) => !columns.includes(name));
      const alias = this.#one(columns.length > 0 && this.#chance(4) ? columns : free);
      items.push(`${expression} AS ${alias}`);
      columns.push(alias);
    }
    return { sql: items.join(', '), columns, tail: NO_TAIL };
  }

  #star({ relations }: Scope, all: readonly string[]): Made {
    const unique = all.filter((name) => all.filter((other) => other === name).length === 1);
    const one = unique[0];
    const [first] = relations;
    const forms: (() => Made)[] = [
      () => ({ sql: '*', columns: unique }),
      () => ({ sql: `${first.alias}.*`, columns: first.columns }),
    ];
    if (unique.length > 1) {
      forms.push(() => ({ sql: `* EXCLUDE (${one})`, columns: unique.slice(1) }));
      forms.push(() => ({ sql: `* REPLACE (${one} + ${unique[1]} AS ${one})`, columns: unique }));
      forms.push(() => ({ sql: `COLUMNS(lambda c: c IN ('${one}', '${unique[1]}')) + 1`, columns: [one, unique[1]] }));
      forms.push(() => ({ sql: `* RENAME (${one} AS renamed)`, columns: ['renamed', ...unique.slice(1)] }));
      forms.push(() => ({ sql: `*, ${one} AS ${unique[1]}`, columns: [unique[1], ...unique] }));
    }
    const twice = all.find((name) => all.indexOf(name) !== all.lastIndexOf(name));
    if (twice !== undefined) {
      const { alias } = relations.find(({ columns }) => columns.includes(twice))!;
      const value = one ?? 0;
      forms.push(() => ({ sql: `* REPLACE (${value} AS ${twice})`, columns: [twice, ...unique] }));
      forms.push(() => ({ sql: `COLUMNS(* RENAME (${alias}.${twice} AS renamed))`, columns: ['renamed', ...unique] }));
      forms.push(() => ({ sql: `* SIMILAR TO '${twice}'`, columns: [] }));
      forms.push(() => ({ sql: `* NOT SIMILAR TO '${twice}'`, columns: unique }));
    }
    return this.#one(forms)();
  }

  #aggregates(scope: Scope, depth: number, width = 2): Made & { tail: Tail } {
    const key = this.#expression(scope, 0, false);
    const functions = ['max', 'min', 'sum', 'count'];
    const items = [`${key} AS g`];
    const columns = ['g'];
    for (let i = 1; i < width; i++) {
      const filter = this.#chance(4) ? ` FILTER (${this.#condition(scope, 0)})` : '';
      const value = this.#expression(scope, depth > 1 ? 1 : 0, false);
      const alias = this.#one(['h', 'h', ...ALIASES]);
      items.push(`CAST(${this.#one(functions)}(${value})${filter} AS INTEGER) AS ${alias}`);
      columns.push(alias);
    }
    const limited = this.#chance(2) ? columns.at(-1) : `${this.#one(functions)}(${this.#expression(scope, 0, false)})`;
    const having = this.#chance(4) ? ` HAVING ${limited} > 1` : '';
    const by = this.#one(['1', 'ALL', 'g']);
    return { sql: items.join(', '), columns, tail: { before: '', after: ` GROUP BY ${by}${having}` } };
  }

  #tail(scope: Scope, columns: readonly string[]): Tail {
    const places = columns.map((_, i) => i + 1).join(', ');
    const key = this.#chance(2) ? quoted(this.#one(columns)) : this.#expression(scope, 0, false);
    if (this.#chance(9)) return { before: 'DISTINCT ', after: '' };
    if (this.#chance(7)) return { before: `DISTINCT ON (${key}) `, after: ` ORDER BY ${key}, ${places}` };
    if (this.#chance(6)) return { before: '', after: ` ORDER BY ${key}, ${places} LIMIT 2` };
    // Places name every column, which hides that the key was taken for another one; ties go by the order of the rows.
    if (this.#chance(6)) return { before: '', after: ` ORDER BY ${key} LIMIT 2` };
    if (this.#chance(9)) return { before: '', after: ` QUALIFY rank() OVER (ORDER BY ${key}) < 3` };
    return NO_TAIL;
  }

  #from(outer: Scope, depth: number): { sql: string; relations: Relation[] } {
    const left = this.#relation(outer, depth);
    if (!this.#chance(2)) return { sql: left.sql, relations: [left] };
    const lateral = this.#chance(3) && depth > 0;
    const scope = { relations: [left], outer, aliases: [], clauses: outer.clauses };
    const right = lateral ? this.#lateral(scope, depth) : this.#relation(outer, depth);
    const both = [left, right];
    if (lateral) return { sql: `${left.sql}, ${right.sql}`, relations: both };
    const shared = left.columns.filter((name) => right.columns.includes(name));
    const kind = this.#one(['', 'LEFT ', 'RIGHT ', 'FULL ', 'SEMI ', 'ANTI ']);
    const seen = /SEMI|ANTI/.test(kind) ? [left] : both;
    if (shared.length > 0 && this.#chance(2))
      return { sql: `${left.sql} ${kind}JOIN ${right.sql} USING (${shared[0]})`, relations: seen };
    if (this.#chance(4)) return { sql: `${left.sql} POSITIONAL JOIN ${right.sql}`, relations: both };
    const condition = `${left.alias}.${quoted(left.columns[0])} = ${right.alias}.${quoted(right.columns[0])}`;
    return { sql: `${left.sql} ${kind}JOIN ${right.sql} ON ${condition}`, relations: seen };
  }

  #relation(outer: Scope, depth: number): Relation & { sql: string } {
    const alias = this.#alias();
    const tables = [
      ...Object.entries(RANDOM_TABLES).map(([name, columns]) => ({ alias: name, columns })),
      ...outer.clauses,
    ];
    if (depth > 0 && this.#chance(3)) {
      const { sql, columns } = this.query({ ...EMPTY, clauses: outer.clauses }, depth - 1);
      return { sql: `(${sql}) AS ${alias}`, alias, columns };
    }
    if (this.#chance(12)) return { sql: `below(${this.#next(3)}) AS ${alias}`, alias, columns: ['m', 'w'] };
    if (this.#chance(12))
      return { sql: `(PIVOT b ON k IN (0, 1) USING max(z) GROUP BY x) AS ${alias}`, alias, columns: ['x', '0', '1'] };
    if (this.#chance(12))
      return { sql: `(UNPIVOT c ON y, w INTO NAME n VALUE v) AS ${alias}`, alias, columns: ['k', 'v'] };
    const table = this.#one(tables);
    if (this.#chance(6))
      return { sql: `${table.alias} AS ${alias}(r)`, alias, columns: ['r', ...table.columns.slice(1)] };
    return { sql: `${table.alias} AS ${alias}`, alias, columns: table.columns };
  }

  #lateral(scope: Scope, depth: number): Relation & { sql: string } {
    const alias = this.#alias();
    const one = () => this.#expression(scope, 0, false);
    const forms: (() => Relation & { sql: string })[] = [
      () => ({ sql: `LATERAL (SELECT ${one()} AS m, ${one()} AS n) AS ${alias}`, alias, columns: ['m', 'n'] }),
      () => ({ sql: `LATERAL (VALUES (${one()}, 1), (2, ${one()})) AS ${alias}(m, n)`, alias, columns: ['m', 'n'] }),
      () => ({ sql: `unnest([${one()}, ${one()}]) AS ${alias}(m)`, alias, columns: ['m'] }),
      () => ({ sql: `LATERAL (SELECT max(z) AS m FROM b WHERE b.k >= ${one()}) AS ${alias}`, alias, columns: ['m'] }),
    ];
    return depth > 0 ? this.#one(forms)() : forms[0]();
  }

  #condition(scope: Scope, depth: number): string {
    const left = this.#expression(scope, depth, false);
    return `${left} ${this.#one(['>', '<=', '<>'])} ${this.#expression(scope, 0, false)}`;
  }

  /** @param inList whether windows and aliases may stand there */
  #expression(scope: Scope, depth: number, inList: boolean): string {
    const again = (list = inList) => this.#expression(scope, depth - 1, list);
    const forms: (() => string)[] = [() => this.#column(scope), () => this.#column(scope), () => String(this.#next(3))];
    if (inList && scope.aliases.length > 0) forms.push(() => this.#one(scope.aliases));
    if (depth > 0) {
      forms.push(
        () => `(${again()} + ${again()})`,
        () => `CASE WHEN ${again()} > ${again()} THEN ${again()} ELSE ${again()} END`,
        () => `coalesce(${again()}, ${again()})`,
        () => `twice(${again(false)})`,
        () => `larger(${again(false)}, m := ${again(false)})`,
        () => `looked_up(${this.#column(scope)})`,
        () => `struct_extract({'p': ${again()}, 'q': ${again()}}, 'q')`,
        () => `CAST(list_sum(list_transform([${again(false)}, 1], lambda v: v + ${this.#column(scope)})) AS INTEGER)`,
        () => this.#subquery(scope, depth),
      );
      if (inList) forms.push(() => this.#window(scope));
    }
    return this.#one(forms)();
  }

  #window(scope: Scope): string {
    const [one, two, three] = [0, 1, 2].map(() => this.#column(scope));
    const partition = this.#chance(2) ? `PARTITION BY ${two} ` : '';
    return `CAST(sum(${one}) OVER (${partition}ORDER BY ${three}) AS INTEGER)`;
  }

  #subquery(scope: Scope, depth: number): string {
    const from = this.#relation({ ...EMPTY, clauses: scope.clauses }, depth - 1);
    const inner: Scope = { relations: [from], outer: scope, aliases: [], clauses: scope.clauses };
    const value = this.#expression(inner, 0, false);
    const where = this.#chance(3) ? '' : ` WHERE ${this.#condition(inner, 0)}`;
    const forms = [
      `(SELECT max(${value}) FROM ${from.sql}${where})`,
      `CAST(EXISTS (SELECT ${value} FROM ${from.sql}${where}) AS INTEGER)`,
      `CAST(coalesce(${this.#column(scope)} IN (SELECT ${value} FROM ${from.sql}${where}), false) AS INTEGER)`,
      `CAST(list_sum(ARRAY(SELECT ${value} FROM ${from.sql}${where})) AS INTEGER)`,
    ];
    return this.#one(forms);
  }

  /** A column of the innermost query that has any, or of one around it; with its table, where that is needed or chosen. */
  #column(scope: Scope): string {
    if (scope.outer !== undefined && scope.outer.relations.length > 0 && this.#chance(3))
      return this.#column(scope.outer);
    if (scope.relations.length === 0) return '1';
    const relation = this.#one(scope.relations);
    const name = this.#one(relation.columns.length > 0 ? relation.columns : ['k']);
    const isUnique = scope.relations.filter(({ columns }) => columns.includes(name)).length === 1;
    return isUnique && this.#chance(2) ? quoted(name) : `${relation.alias}.${quoted(name)}`;
  }

  #alias(): string {
    this.#names += 1;
    return `t${this.#names}`;
  }

  #chance(of: number): boolean {
    return this.#next(of) === of - 1;
  }

  #one<Value>(values: readonly Value[]): Value {
    return values[this.#next(values.length)];
  }

  /** A number below `count`: 0 once no choices are left. */
  #next(count: number): number {
    const choice = this.#choices[this.#at] ?? 0;
    this.#at += 1;
    return choice % count;
  }
}

interface Tail {
  readonly before: string;
  readonly after: string;
}

const NO_TAIL: Tail = { before: '', after: '' };

const quoted = (name: string) => (/^\d/.test(name) ? `"${name}"` : name);
