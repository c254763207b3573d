import { describe, expect, it } from 'vitest';
import type { TracedModel } from '../../../src/model/classification/propagate.ts';
import { traceModels } from '../../../src/model/classification/trace.ts';
import { openReader } from '../../../src/model/lineage/reader.ts';
import { readMacros } from '../../../src/model/reading/macro-catalog.ts';
import type { ModelSource } from '../../../src/project/project.ts';
import type { ModelProperties } from '../../../src/project/properties.ts';
import { databaseWith } from '../lineage/read.ts';
import { model } from '../models.ts';

/** Traces models in a database in which nothing of them is built. */
async function traced(before: string, models: readonly (readonly [ModelSource, ...string[]])[]) {
  const connection = await databaseWith(before);
  try {
    const reader = await openReader(connection, await readMacros(connection));
    return await traceModels(
      reader,
      models.map(([source, ...reads]) => ({ source, reads })),
    );
  } finally {
    connection.close();
  }
}

/** `name: columns`, `?` for unknown; a column that has no name yet is `*`. */
function said({ columns, rows }: TracedModel): string[] {
  const text = ({ from, unknown }: TracedModel['rows']) => {
    const names = [...from].map(({ table, column }) => `${table}.${column}`).sort();
    return [...names, ...(unknown === undefined ? [] : ['?'])].join(' ');
  };
  const all = columns.map(({ name, lineage }) => `${name ?? '*'}: ${text(lineage)}`.trimEnd());
  return [...all, `(rows) ${text(rows)}`.trimEnd()];
}

const KITS = 'CREATE SCHEMA state; CREATE TABLE state.kits (kitno VARCHAR, arm VARCHAR)';

describe('where columns come from before anything is built', () => {
  it('goes through models that are not there yet, stars and names without a table too [CLASSIFICATION-004]', async () => {
    const [, chosen, named] = await traced(KITS, [
      [model('staged.kits', 'SELECT kitno, upper(arm) AS arm FROM state.kits'), 'state.kits'],
      [model('mid.chosen', 'SELECT * EXCLUDE (kitno), 1 AS one FROM staged.kits WHERE kitno > 5'), 'staged.kits'],
      [model('out.named', 'SELECT arm AS a, c.one FROM mid.chosen c'), 'mid.chosen'],
    ]);
    expect(said(chosen)).toEqual(['arm: staged.kits.arm', 'one:', '(rows) staged.kits.kitno']);
    expect(said(named)).toEqual(['a: mid.chosen.arm', 'one: mid.chosen.one', '(rows)']);
  });

  it('holds what is built as it is against the columns that DuckDB gave it [CLASSIFICATION-004]', async () => {
    const connection = await databaseWith(`${KITS}; CREATE SCHEMA out; CREATE TABLE out.kits (kitno INT, arm INT)`);
    const reader = await openReader(connection, await readMacros(connection));
    const source = model('out.kits', 'SELECT kitno FROM state.kits');
    const reads = ['state.kits'];
    const tracedAs = async (isBuilt: boolean) => said((await traceModels(reader, [{ source, reads, isBuilt }]))[0]);
    expect(await tracedAs(true)).toEqual(['kitno: ?', 'arm: ?', '(rows)']);
    expect(await tracedAs(false)).toEqual(['kitno: state.kits.kitno', '(rows)']);
    connection.close();
  });

  it('counts what the rows are put in order by among what decides them [CLASSIFICATION-002]', async () => {
    const [sorted] = await traced(KITS, [
      [model('out.sorted', 'SELECT kitno FROM state.kits ORDER BY arm'), 'state.kits'],
    ]);
    expect(said(sorted)).toEqual(['kitno: state.kits.kitno', '(rows) state.kits.arm']);
  });

  it('takes what a model will give, not what stands in the file under its name [CLASSIFICATION-004]', async () => {
    const stale = `${KITS}; CREATE SCHEMA mid; CREATE TABLE mid.kit (arm VARCHAR)`;
    const [, out] = await traced(stale, [
      [model('mid.kit', 'SELECT kitno, arm AS other FROM state.kits'), 'state.kits'],
      [model('out.all', 'SELECT * FROM mid.kit'), 'mid.kit'],
    ]);
    expect(said(out)).toEqual(['kitno: mid.kit.kitno', 'other: mid.kit.other', '(rows)']);
  });

  it('knows nothing of what reads a model whose columns nobody can name [CLASSIFICATION-002]', async () => {
    const [pivot, out] = await traced(KITS, [
      [model('mid.pivot', 'PIVOT state.kits ON arm USING count(*)', { depends_on: ['state.kits'] }), 'state.kits'],
      [model('out.first', 'SELECT A FROM mid.pivot'), 'mid.pivot'],
    ]);
    expect(said(pivot)).toEqual(['*: ?', '(rows) ?']);
    expect(said(out)).toEqual(['A: ?', '(rows) ?']);
  });

  it('is of both SELECTs where one brings rows into the table, and of what that came from before [CLASSIFICATION-001]', async () => {
    const source = model('mid.gathered', 'SELECT kitno, 1 AS n, 2 AS m FROM state.kits');
    const sql = 'SELECT kitno, g.m AS n, k.arm AS m FROM state.kits k JOIN mid.gathered g USING (kitno)';
    const [gathered] = await traced(KITS, [[{ ...source, incremental: { sql } }, 'state.kits']]);
    expect(said(gathered)).toEqual([
      'kitno: state.kits.kitno',
      'n: state.kits.arm',
      'm: state.kits.arm',
      '(rows) state.kits.kitno',
    ]);
  });

  it('has the columns that a snapshot adds, which tell of all of its columns [CLASSIFICATION-001]', async () => {
    const [, current] = await traced(KITS, [
      [
        model('mid.history', 'SELECT kitno, arm FROM state.kits', { materialized: 'snapshot', unique_key: ['kitno'] }),
        'state.kits',
      ],
      [model('out.current', 'SELECT kitno FROM mid.history WHERE valid_to IS NULL'), 'mid.history'],
    ]);
    expect(said(current)).toEqual(['kitno: mid.history.kitno', '(rows) mid.history.valid_to']);
  });

  it('counts what rows of former builds stay by among what decides them [CLASSIFICATION-002]', async () => {
    const rowsOf = async (properties: Partial<ModelProperties>) => {
      const sql = 'SELECT kitno, arm, since FROM state.kits';
      const [one] = await traced(KITS.replace('arm VARCHAR', 'arm VARCHAR, since TIMESTAMP'), [
        [model('mid.one', sql, properties), 'state.kits'],
      ]);
      return [said(one).at(-1), one.keptBy ?? []];
    };
    const key = { unique_key: ['kitno'] };
    const snapshot = { materialized: 'snapshot', ...key } as const;
    const all = ['kitno', 'arm', 'since', 'valid_from', 'valid_to'];
    expect(await rowsOf({})).toEqual(['(rows)', []]);
    expect(await rowsOf(snapshot)).toEqual(['(rows) state.kits.arm state.kits.kitno state.kits.since', all]);
    expect(await rowsOf({ ...snapshot, check_cols: ['ARM'] })).toEqual([
      '(rows) state.kits.arm state.kits.kitno',
      ['kitno', 'arm'],
    ]);
    expect(await rowsOf({ ...snapshot, updated_at: 'since' })).toEqual([
      '(rows) state.kits.kitno state.kits.since',
      ['kitno', 'since'],
    ]);
    expect(await rowsOf({ materialized: 'incremental', unique_key: ['kitno', 'arm'] })).toEqual([
      '(rows) state.kits.arm state.kits.kitno',
      ['kitno', 'arm'],
    ]);
  });
});
