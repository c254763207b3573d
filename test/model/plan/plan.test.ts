import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../../src/lib/errors.ts';
import type { Analysis } from '../../../src/model/plan/analyse.ts';
import { Graph } from '../../../src/model/plan/graph.ts';
import { type PlanInput, planModels, type RecordedModel } from '../../../src/model/plan/plan.ts';
import { model } from '../models.ts';

const NAMES = ['staged.ae', 'sdtm.ae', 'report.ae'];
const READS: Record<string, string[]> = {
  'staged.ae': ['raw.item_data'],
  'sdtm.ae': ['staged.ae'],
  'report.ae': ['sdtm.ae'],
};

const analysis = (name: string, more: Partial<Analysis> = {}): Analysis => ({
  source: model(name, 'SELECT 1'),
  sqlHash: 's',
  propertiesHash: 'p',
  variables: {},
  seeds: {},
  macros: { study_day: 'm' },
  reads: READS[name],
  hides: false,
  files: [],
  ...more,
});

const recorded = (name: string): RecordedModel => ({
  materialized: 'table',
  parts: {
    duckdb: 'v1',
    sql: 's',
    properties: 'p',
    macros: { study_day: 'm' },
    reads: Object.fromEntries(READS[name].map((table) => [table, `content of ${table}`])),
  },
  fingerprint: 'f',
  contentHash: `content of ${name}`,
  rows: 3n,
});

function plan(change: Partial<PlanInput> = {}, changed: Record<string, Partial<Analysis>> = {}): string[] {
  const input: PlanInput = {
    analyses: new Map(NAMES.map((name) => [name, analysis(name, changed[name])])),
    graph: new Graph(new Map(Object.entries(READS))),
    selected: new Set(NAMES),
    recorded: new Map(NAMES.map((name) => [name, recorded(name)])),
    existing: new Set(NAMES),
    content: (table) => `content of ${table}`,
    fullRefresh: false,
    duckdb: 'v1',
    ...change,
  };
  return planModels(input).map(({ name, action, reason }) => `${name} ${action}: ${reason}`);
}

const REST = ['sdtm.ae depends: built only if staged.ae changes', 'report.ae depends: built only if sdtm.ae changes'];

describe('planModels [MODEL-006]', () => {
  it('skips what did not change', () => {
    expect(plan()).toEqual(NAMES.map((name) => `${name} skip: unchanged`));
  });

  it('builds everything in a new file', () => {
    const nothing = { recorded: new Map(), existing: new Set<string>() };
    expect(plan(nothing)).toEqual(NAMES.map((name) => `${name} build: new`));
  });

  it('says in words what changed, and leaves the rest to the outcome', () => {
    const staged = (reason: string) => [`staged.ae build: ${reason}`, ...REST];
    expect(plan({}, { 'staged.ae': { sqlHash: 't' } })).toEqual(staged('SQL changed'));
    expect(plan({}, { 'staged.ae': { propertiesHash: 'q' } })).toEqual(staged('properties changed'));
    expect(plan({}, { 'staged.ae': { macros: { study_day: 'n' } } })).toEqual(staged('macro study_day changed'));
    expect(plan({}, { 'staged.ae': { macros: {} } })).toEqual(staged('macro study_day changed'));
    expect(plan({ existing: new Set(['sdtm.ae', 'report.ae']) })).toEqual(staged('its table is missing'));
    expect(plan({ content: (table) => (table === 'raw.item_data' ? 'new' : `content of ${table}`) })).toEqual(
      staged('raw.item_data changed'),
    );
  });

  it('builds all for another version of DuckDB, or when told to', () => {
    expect(plan({ duckdb: 'v2' })).toEqual(NAMES.map((name) => `${name} build: DuckDB v2 instead of v1`));
    expect(plan({ fullRefresh: true })).toEqual(NAMES.map((name) => `${name} build: full refresh`));
  });

  it('blocks what depends on a model that cannot be built', () => {
    const error = new WarehouseError({ kind: 'usage', code: 'MODEL_SQL', message: '' });
    expect(plan({}, { 'sdtm.ae': { error } as Partial<Analysis> })).toEqual([
      'staged.ae skip: unchanged',
      'sdtm.ae blocked: MODEL_SQL',
      'report.ae blocked: sdtm.ae is blocked',
    ]);
  });

  it('plans what is selected, and blocks what needs more', () => {
    expect(plan({ selected: new Set(['sdtm.ae']) })).toEqual(['sdtm.ae skip: unchanged']);
    expect(plan({ selected: new Set(['sdtm.ae']), existing: new Set(['sdtm.ae']) })).toEqual([
      'sdtm.ae blocked: staged.ae has not been built',
    ]);
  });

  it('is frozen', () => {
    const input = {
      graph: new Graph(new Map([['a.a', []]])),
      selected: new Set(['a.a']),
      recorded: new Map(),
      existing: new Set<string>(),
      content: () => undefined,
      fullRefresh: false,
      duckdb: 'v1',
    };
    const planned = planModels({ ...input, analyses: new Map([['a.a', analysis('staged.ae')]]) });
    expect(Object.isFrozen(planned) && Object.isFrozen(planned[0])).toBe(true);
  });
});
