import fc from 'fast-check';
import type { ModelSource } from '../../../src/project/project.ts';
import type { SqlFile } from '../../../src/project/sql-file.ts';
import { model, sqlFile } from '../models.ts';

/** A model of a random study. */
interface Node {
  /** Of those before it, by number; the first gives its rows. */
  readonly reads: readonly number[];
  readonly materialized: 'table' | 'view' | 'incremental' | 'by_subject' | 'snapshot';
  /** What is wrong with it, in the first run or in both. */
  readonly wrong?: 'its data' | 'some data' | 'its SQL' | 'its contract' | 'a test';
  readonly isMended: boolean;
  /** A test that warns, and keeps rows. */
  readonly warns: boolean;
  /** Another model, before it or behind, that a test of it reads. */
  readonly testReads?: number;
  readonly unitTest?: 'holds' | 'fails';
  /** Whether it declares what it reads. */
  readonly declares: boolean;
  /** What becomes of it until the second run. */
  readonly later: 'stays' | 'changes' | 'goes';
}

export type Graph = readonly Node[];

const MOST = 9;
/** One in so many has it. */
const rarely = <One>(many: number, one: fc.Arbitrary<One>) =>
  fc.oneof({ weight: many - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one });

const nodeAt = (at: number): fc.Arbitrary<Node> =>
  fc.record({
    reads: at === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(at - 1), { maxLength: 2 }),
    materialized: fc.constantFrom('table', 'table', 'table', 'view', 'incremental', 'by_subject', 'snapshot'),
    wrong: rarely(14, fc.constantFrom('its data', 'some data', 'its SQL', 'its contract', 'a test')),
    isMended: fc.boolean(),
    warns: fc.boolean(),
    testReads: rarely(3, fc.nat(MOST - 1)),
    unitTest: rarely(5, fc.constantFrom('holds', 'holds', 'holds', 'fails')),
    declares: fc.nat(9).map((one) => one === 0),
    later: fc.oneof(
      { weight: 19, arbitrary: fc.constantFrom('stays', 'changes') },
      { weight: 1, arbitrary: fc.constant('goes') },
    ),
  });

export const graphs: fc.Arbitrary<Graph> = fc.tuple(...Array.from({ length: MOST }, (_, at) => nodeAt(at)));

/** The models and tests of two runs. */
export function runsOf(graph: Graph): { models: ModelSource[]; tests: SqlFile[] }[] {
  return [0, 1].map((round) => {
    const there = [...graph.keys()].filter((at) => round === 0 || graph[at].later !== 'goes');
    const tests = there.filter((at) => graph[at].warns && graph[at].testReads !== undefined);
    return {
      models: there.map((at) => modelOf(graph[at], at, round)),
      tests: tests.map((at) => {
        const other = nameOf(graph[at].testReads!);
        return sqlFile(
          `tests/of_${at}.sql`,
          `SELECT a.id FROM ${nameOf(at)} a JOIN ${other} b USING (id) WHERE a.v = b.v`,
        );
      }),
    };
  });
}

const nameOf = (at: number) => `work.m${at}`;

function modelOf(node: Node, at: number, round: number): ModelSource {
  const wrong = node.isMended && round === 1 ? undefined : node.wrong;
  const salt = node.later === 'changes' ? at + round : at;
  const right = `(x.v * 3 + ${salt}) % 11`;
  const wrongs: Readonly<Record<string, string>> = {
    'its data': "CAST('x' || x.id AS INTEGER)",
    // Of the rows of the first run it may be none, and one of the second, where what they are read from has changed.
    'some data': `CASE WHEN x.v = 5 THEN CAST('x' || x.id AS INTEGER) ELSE ${right} END`,
  };
  const value = wrongs[wrong ?? ''] ?? right;
  const [first, second] = node.reads.map(nameOf);
  const from = first ?? `(SELECT i AS id, i % 3 AS subject, i AS v FROM range(${10 + 3 * at}) r(i))`;
  const where = second === undefined ? '' : ` WHERE x.id IN (SELECT id + 1 FROM ${second})`;
  const sql = `SELECT x.id, x.subject, ${value} AS v${wrong === 'its SQL' ? ', nothing' : ''} FROM ${from} x${where}`;
  return model(nameOf(at), sql, {
    ...materialized(node, first),
    ...(node.declares && { depends_on: node.reads.map(nameOf) }),
    ...(wrong === 'its contract' && { columns: { id: { type: 'text' }, subject: {}, v: {} } }),
    ...(node.unitTest !== undefined && first !== undefined && { unit_tests: [unitTestOf(node)] }),
    tests: [
      ...(wrong === 'a test' ? [{ name: 'fails', sql: `SELECT * FROM ${nameOf(at)} WHERE v > 2` }] : []),
      ...(node.warns
        ? [{ name: 'warns', severity: 'warn', sql: `SELECT * FROM ${nameOf(at)} WHERE v > ${round}` }]
        : []),
      ...(node.testReads === undefined
        ? []
        : [
            {
              name: 'reads',
              severity: 'warn',
              sql: `SELECT id FROM ${nameOf(at)} EXCEPT SELECT id FROM ${nameOf(node.testReads)}`,
            },
          ]),
    ],
  });
}

function materialized({ materialized: as }: Node, first: string | undefined): Record<string, unknown> {
  if (as === 'snapshot') return { materialized: as, unique_key: ['id'] };
  if (as === 'incremental') return { materialized: as, unique_key: ['id'] };
  if (as !== 'by_subject') return { materialized: as };
  if (first === undefined) return {};
  return { materialized: 'incremental', by_subject: { column: 'subject', inputs: { [first]: 'subject' } } };
}

function unitTestOf({ reads, unitTest }: Node): Record<string, unknown> {
  const given = reads.map((read, n) => ({ input: nameOf(read), rows: [{ id: 2 - n, subject: 1, v: 1 }] }));
  return { name: 'unit', given, expect: { rows: [{ id: unitTest === 'holds' ? 2 : 3 }] } };
}
