import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/audit/ledger.ts';
import type { WarehouseEvent } from '../../../src/lib/events.ts';
import { Connection } from '../../../src/store/connection.ts';
import { AUDIT_SQL } from '../../audit/fixture.ts';
import { fixedClock } from '../../helpers/fixed-clock.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { type Given, model, run, states } from '../models.ts';
import { type Graph, graphs, runsOf } from './random-graph.ts';

async function withFile<Result>(threads: number, work: (file: TemporaryFile, ledger: Ledger) => Promise<Result>) {
  const file = await temporaryFile(threads);
  try {
    await file.connection.run(AUDIT_SQL);
    const ledger = await Ledger.open({
      directory: join(file.failures, '../ledger'),
      connection: file.connection,
      clock: fixedClock('2026-03-27T08:00:00Z'),
      actor: { name: 'somebody', proof: 'os-user' },
    });
    return await work(file, ledger);
  } finally {
    file.remove();
  }
}

/** Tells of each transaction and statement before it begins. */
class Watched extends Connection {
  readonly #watch: Watch;

  constructor(duck: Connection['duck'], watch: Watch) {
    super(duck);
    this.#watch = watch;
  }

  override async run(...statement: Parameters<Connection['run']>): Promise<void> {
    await this.#watch.before?.(statement[0]);
    await super.run(...statement);
  }

  override transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    return super.transaction(async () => {
      this.#watch.begins?.();
      return work();
    });
  }
}

interface Watch {
  readonly before?: (sql: string) => Promise<void>;
  readonly begins?: () => void;
}

const watched = (file: TemporaryFile, watch: Watch) => async () => new Watched((await file.connect()).duck, watch);

const A = model('work.a', 'SELECT 1 AS x');
const B = model('work.b', 'SELECT 2 AS x');

describe('models that do not need one another', () => {
  it('are made at the same time: neither is committed before both have begun [MODEL-220]', async () => {
    await withFile(2, async (file, ledger) => {
      let open = 0;
      let bothBegan!: () => void;
      const both = new Promise<void>((done) => {
        bothBegan = done;
      });
      const connect = watched(file, {
        begins: () => {
          open++;
          if (open === 2) bothBegan();
        },
      });
      const append: Ledger['append'] = async (...given) => {
        await both;
        return ledger.append(...given);
      };
      const result = await run(file, [A, B], { connect, ledger: { append } });
      expect(states(result)).toEqual(['work.a built: new', 'work.b built: new']);
    });
  });

  it.each([
    ['one thread', 1, 0],
    ['two threads', 2, 3],
    ['three threads', 3, 4],
    ['eight threads', 8, 4],
  ])('have at most so many connections where DuckDB has %s [MODEL-220]', async (_, threads, most) => {
    await withFile(threads, async (file, ledger) => {
      let opened = 0;
      const connect = () => {
        opened++;
        return file.connect();
      };
      const many = Array.from({ length: 5 }, (_, n) => model(`work.m${n}`, `SELECT ${n} AS x`));
      await run(file, many, { connect, ledger });
      expect(opened).toBe(most);
    });
  });

  it('need one connection where each reads the one before [MODEL-220]', async () => {
    await withFile(2, async (file, ledger) => {
      let opened = 0;
      const connect = () => {
        opened++;
        return file.connect();
      };
      const chain = ['', 'FROM work.m0', 'FROM work.m1', 'FROM work.m2'];
      const models = chain.map((from, n) => model(`work.m${n}`, `SELECT 1 AS x ${from}`));
      await run(file, models, { connect, ledger });
      expect(opened).toBe(1);
    });
  });

  it('may be of many rows, which are committed before their turn: what is left is what is left by one after the other [MODEL-221]', async () => {
    const large = (name: string, seed: number) =>
      model(`work.${name}`, `SELECT i, i * ${seed} % 1009 AS n FROM range(200000) t(i)`, {
        tests: [{ row_count: { equals: 200000 } }],
      });
    const models = [
      large('a', 7),
      large('b', 11),
      { ...large('c', 13), properties: model('work.c', '', { tests: [{ row_count: { max: 1 } }] }).properties },
      model('work.sum', 'SELECT sum(a.n) AS a, sum(b.n) AS b FROM work.a JOIN work.b USING (i)'),
    ];
    const made = async (threads: number, together: boolean) =>
      withFile(threads, async (file, ledger) => {
        const result = await run(file, models, { ledger, ...(together && { connect: file.connect }) });
        const rows = await file.connection.rows<{ model: string; hash: string }>(
          'SELECT model, content_hash AS hash FROM run.model ORDER BY ordinal',
        );
        const tables = await file.connection.rows<{ name: string }>(
          "SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = 'work' ORDER BY name",
        );
        return { states: states(result), rows, tables: tables.map(({ name }) => name) };
      });
    const one = await made(1, false);
    expect(one.tables).toEqual(['a', 'b', 'sum']);
    expect(await made(4, true)).toEqual(one);
  });

  it('have the variables of the project [MODEL-220]', async () => {
    await withFile(2, async (file, ledger) => {
      const models = ['a', 'b', 'c'].map((name) => model(`work.${name}`, "SELECT getvariable('cutoff') AS x"));
      await run(file, models, { connect: file.connect, ledger, variables: { cutoff: '2026-03-31' } });
      expect(await file.connection.rows('FROM work.a UNION ALL FROM work.b UNION ALL FROM work.c')).toEqual(
        Array(3).fill({ x: '2026-03-31' }),
      );
    });
  });

  it('see nothing of a view whose tables are not made yet: it is waited for, selected or not [MODEL-221]', async () => {
    await withFile(2, async (file, ledger) => {
      const models = (n: number) => [
        model('work.base', `SELECT ${n} AS x, sum(i) AS y FROM range(1000000) r(i)`),
        model('work.view', 'SELECT x FROM work.base', { materialized: 'view' }),
        model('work.reader', `SELECT x, ${n} AS n FROM work.view`),
      ];
      await run(file, models(1), { connect: file.connect, ledger });
      await run(file, models(2), { connect: file.connect, ledger, select: ['base', 'reader'] });
      expect(await file.connection.rows('FROM work.reader')).toEqual([{ x: 2, n: 2 }]);
    });
  });

  it('stop where one fails for no fault of its own, and leave what the next run goes on from [MODEL-221]', async () => {
    await withFile(2, async (file, ledger) => {
      const append: Ledger['append'] = async (entries, connection) => {
        if (entries[0].object === 'work.b') throw new Error('the disk is gone');
        return ledger.append(entries, connection);
      };
      const models = [A, B, model('work.c', 'SELECT 3 AS x')];
      await expect(run(file, models, { connect: file.connect, ledger: { append } })).rejects.toThrow(
        'the disk is gone',
      );
      expect(await file.connection.rows('SELECT model FROM run.current_model')).toEqual([{ model: 'work.a' }]);
      const result = await run(file, models, { connect: file.connect, ledger });
      expect(states(result)).toEqual(['work.a skipped: unchanged', 'work.b built: new', 'work.c built: new']);
    });
  });
});

describe('models for which DuckDB has no memory at the same time', () => {
  const models = ['a', 'b', 'c'].map((name) => model(`work.${name}`, 'SELECT 1 AS x'));

  it('are made one after the other [MODEL-220]', async () => {
    await withFile(2, async (file, ledger) => {
      const before = async (sql: string) => {
        if (sql.includes('work"."b"')) throw new Error('Out of Memory Error: could not allocate block');
      };
      const result = await run(file, models, { connect: watched(file, { before }), ledger });
      expect(states(result)).toEqual(['work.a built: new', 'work.b built: new', 'work.c built: new']);
      expect(await file.connection.rows('SELECT model FROM run.model ORDER BY ordinal')).toEqual(
        ['work.a', 'work.b', 'work.c'].map((model) => ({ model })),
      );
    });
  });

  it('end the run where there is none for one alone [MODEL-220]', async () => {
    await withFile(2, async (file, ledger) => {
      const failing = [model('work.a', "SELECT error('x') AS x"), ...models.slice(1)];
      const append: Ledger['append'] = async (entries, connection) => {
        if (entries[0].object === 'work.b') throw new Error('Out of Memory Error: could not allocate block');
        return ledger.append(entries, connection);
      };
      await expect(run(file, failing, { connect: file.connect, ledger: { append } })).rejects.toThrow('Out of Memory');
      expect(await file.connection.rows('SELECT model FROM run.model')).toEqual([]);
    });
  });
});

/** All that runs leave and tell. */
interface Traces {
  readonly results: unknown[];
  readonly told: unknown[];
  readonly file: Record<string, unknown>;
  readonly ledger: unknown;
}

async function traces(graph: Graph, watch?: Watch): Promise<Traces> {
  return withFile(2, async (file, ledger) => {
    const results: unknown[] = [];
    const told: unknown[] = [];
    const events = (event: WarehouseEvent) => {
      if (event.event === 'step' && event.state === 'start') return;
      told.push('ms' in event ? { ...event, ms: 0 } : event);
    };
    const connect = watch && watched(file, watch);
    for (const [at, { models, tests }] of runsOf(graph).entries()) {
      const clock = () => new Date(`2026-03-2${at}T08:00:00Z`);
      const given: Given = { connect, ledger, events, clock, tests, runId: `run-${at}` };
      const done = await run(file, models, given);
      results.push(
        done.models.map(({ ms: _, ...result }) => ({ ...result, error: result.error?.message })),
        done.tests.map((result) => ({ ...result, error: result.error?.message })),
        done.standing,
      );
    }
    return { results, told, file: await contentOf(file), ledger: ledger.head() };
  });
}

/** Every table, its comments, and the statement of every view. */
async function contentOf({ connection }: TemporaryFile): Promise<Record<string, unknown>> {
  const tables = await connection.rows<{ name: string }>(
    `SELECT format('"{}"."{}"', schema_name, table_name) AS name FROM duckdb_tables()
     WHERE database_name = current_database() ORDER BY name`,
  );
  const content: Record<string, unknown> = {};
  for (const { name } of tables) {
    content[name] = (
      await connection.rows<{ row: string }>(`SELECT t::VARCHAR AS row FROM ${name} t ORDER BY row`)
    ).map(({ row }) => row);
  }
  content.comments = await connection.rows(
    `SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
     WHERE database_name = current_database() AND NOT internal ORDER BY ALL`,
  );
  content.views = await connection.rows(
    'SELECT schema_name, view_name, sql, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL',
  );
  return content;
}

/** Lets others go first, now and then. */
function dawdling(): Watch {
  let state = 1;
  return {
    before: async () => {
      state = (state * 16807) % 2147483647;
      for (let times = state % 5; times > 0; times--) await new Promise((done) => setImmediate(done));
    },
  };
}

describe('models that are made at the same time', () => {
  const numRuns = process.env.WAREHOUSE_LONG === '1' ? 60 : 3;

  it('leave and tell what they do one after the other, to the letter [MODEL-221]', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const one = await traces(graph);
        expect(await traces(graph, dawdling())).toEqual(one);
      }),
      { numRuns, endOnFailure: process.env.WAREHOUSE_LONG !== '1' },
    );
  });
});
