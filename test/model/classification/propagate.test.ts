import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, UNCLASSIFIED, wayText } from '../../../src/model/classification/cell.ts';
import { type ClassifiedModel, propagate, type TracedModel } from '../../../src/model/classification/propagate.ts';
import {
  type BaseColumn,
  copyOf,
  derivedFrom,
  type Lineage,
  NONE,
  unknown,
} from '../../../src/model/lineage/lineage.ts';
import { CLASSIFICATIONS, type Classification, isAbove } from '../../../src/project/classification.ts';
import { propertiesSchema } from '../../../src/project/properties.ts';

const column = (name: string): BaseColumn => {
  const dot = name.lastIndexOf('.');
  return { table: name.slice(0, dot), column: name.slice(dot + 1) };
};

const from = (...names: string[]): Lineage => derivedFrom(NONE, ...names.map((name) => copyOf(column(name))));

interface Written {
  readonly reads: readonly string[];
  readonly columns: Readonly<Record<string, Lineage>>;
  readonly rows?: Lineage;
  readonly properties?: Record<string, unknown>;
}

function traced(name: string, { reads, columns, rows = NONE, properties = {} }: Written): TracedModel {
  const list = Object.entries(columns).map(([column, lineage]) => ({ name: column, lineage }));
  return { name, reads, columns: list, rows, properties: propertiesSchema.parse(properties) };
}

/** Where nothing else is said: the list of kits unblinds, the crosswalk identifies. */
const outside = (table: string): Cell => {
  const classes: Record<string, Cell> = {
    'state.file_kits': { classification: 'unblinding', name: 'source kits' },
    'state.file_crosswalk': { classification: 'identifier', name: 'source crosswalk' },
  };
  return classes[table] ?? UNCLASSIFIED;
};

const classesOf = (models: TracedModel[]) => propagate(models, outside);

function effective({ columns, rows }: ClassifiedModel): Record<string, Classification> {
  const all = columns.map(({ column, classification }) => [column, classification] as const);
  return { ...Object.fromEntries(all), '(rows)': rows.classification };
}

describe('how columns are classified', () => {
  it('is the highest of what they are made from, and of what decides the rows [CLASSIFICATION-001]', () => {
    const models = classesOf([
      traced('staged.kits', {
        reads: ['state.file_kits'],
        columns: { kitno: from('state.file_kits.kitno'), arm: from('state.file_kits.arm') },
        properties: { declassify: { to: 'none', because: 'Every kit of the depot is listed.' } },
      }),
      traced('mid.ex', {
        reads: ['staged.ex', 'staged.kits'],
        columns: { kit: from('staged.ex.kit'), arm: from('staged.kits.arm'), one: NONE },
      }),
      traced('mid.active', {
        reads: ['mid.ex'],
        columns: { kit: from('mid.ex.kit') },
        rows: from('mid.ex.arm'),
      }),
    ]);
    expect(effective(models.get('staged.kits')!)).toEqual({ kitno: 'unblinding', arm: 'unblinding', '(rows)': 'none' });
    expect(effective(models.get('mid.ex')!)).toEqual({ kit: 'none', arm: 'unblinding', one: 'none', '(rows)': 'none' });
    expect(effective(models.get('mid.active')!)).toEqual({ kit: 'unblinding', '(rows)': 'unblinding' });
  });

  it('counts a constant or a count over what was chosen by a classified column as that [CLASSIFICATION-001]', () => {
    const models = classesOf([
      traced('mid.active', {
        reads: ['staged.ex', 'state.file_kits'],
        columns: { kit: from('staged.ex.kit') },
        rows: from('state.file_kits.arm'),
      }),
      traced('out.how_many', { reads: ['mid.active'], columns: { n: NONE } }),
    ]);
    expect(effective(models.get('out.how_many')!)).toEqual({ n: 'unblinding', '(rows)': 'unblinding' });
  });

  it('is of a table of former rows by what is declared of the columns that they stay by [CLASSIFICATION-001]', () => {
    const history = (keptBy: string[], declassify?: object) => ({
      ...traced('mid.history', {
        reads: ['staged.ex'],
        columns: { kit: from('staged.ex.kit'), arm: from('staged.ex.arm') },
        properties: { ...(declassify && { declassify }), columns: { arm: { classification: 'unblinding' } } },
      }),
      keptBy,
    });
    const of = (model: TracedModel) => effective(classesOf([model]).get('mid.history')!);
    expect(of(history(['kit']))).toEqual({ kit: 'none', arm: 'unblinding', '(rows)': 'none' });
    expect(of(history(['kit', 'ARM']))).toEqual({ kit: 'unblinding', arm: 'unblinding', '(rows)': 'unblinding' });
    const declassify = { to: 'none', because: 'No arm ever changes.' };
    expect(of(history(['kit', 'arm'], declassify))).toEqual({ kit: 'none', arm: 'unblinding', '(rows)': 'none' });
  });

  it('takes all that a model reads for what is not known [CLASSIFICATION-002]', () => {
    const models = classesOf([
      traced('mid.who', {
        reads: ['staged.ae', 'state.file_crosswalk'],
        columns: { a: unknown('a PIVOT without IN (...)'), b: from('staged.ae.b') },
        properties: { declassify: { to: 'none', because: 'Rows are those of staged.ae.' } },
      }),
    ]);
    expect(effective(models.get('mid.who')!)).toEqual({ a: 'identifier', b: 'none', '(rows)': 'none' });
  });

  it('takes a column that only DuckDB can name for any of a model [CLASSIFICATION-002]', () => {
    const kits: TracedModel = {
      name: 'mid.kits',
      reads: ['staged.ae', 'state.file_kits'],
      columns: [
        { name: undefined, lineage: from('state.file_kits.arm') },
        { name: 'b', lineage: from('staged.ae.b') },
      ],
      rows: NONE,
      properties: propertiesSchema.parse({ declassify: { to: 'none', because: 'Rows are those of staged.ae.' } }),
    };
    const reader = traced('out.reader', {
      reads: ['mid.kits'],
      columns: { first: from('mid.kits.count_star'), second: from('mid.kits.B') },
    });
    const models = classesOf([kits, reader]);
    expect(effective(models.get('mid.kits')!)).toEqual({ b: 'none', '*': 'unblinding', '(rows)': 'none' });
    expect(effective(models.get('out.reader')!)).toEqual({ first: 'unblinding', second: 'none', '(rows)': 'none' });
  });

  it('is raised by a declaration of the column, or of its model where it has none [CLASSIFICATION-001]', () => {
    const models = classesOf([
      traced('sdtm.dm', {
        reads: ['staged.dm'],
        columns: { USUBJID: from('staged.dm.id'), AGE: from('staged.dm.age'), SEX: from('staged.dm.sex') },
        properties: {
          classification: 'restricted',
          columns: { USUBJID: { classification: 'identifier' }, AGE: {} },
        },
      }),
    ]);
    expect(effective(models.get('sdtm.dm')!)).toEqual({
      USUBJID: 'identifier',
      AGE: 'restricted',
      SEX: 'restricted',
      '(rows)': 'none',
    });
  });

  it('is less than what comes in only where declassify says so, with its reason [CLASSIFICATION-003]', () => {
    const because = 'That a kit was replaced tells nothing of what is in it.';
    const models = classesOf([
      traced('mid.kit', {
        reads: ['state.file_kits'],
        columns: { replaced: from('state.file_kits.replaced'), arm: from('state.file_kits.arm') },
        properties: { columns: { replaced: { declassify: { to: 'identifier', because } }, arm: {} } },
      }),
      traced('mid.plain', {
        reads: ['staged.ae'],
        columns: { a: from('staged.ae.a') },
        properties: { columns: { a: { declassify: { to: 'restricted', because } } } },
      }),
    ]);
    const [replaced] = models.get('mid.kit')!.columns;
    expect(replaced).toMatchObject({
      classification: 'identifier',
      because,
      inherited: { classification: 'unblinding' },
    });
    // It never raises: of a target whose sources tell nothing, the column is nothing.
    expect(effective(models.get('mid.plain')!).a).toBe('none');
  });

  it('is never less, by declassify, than what is declared of the whole model, and whatever the case of a name [CLASSIFICATION-003]', () => {
    const because = 'Only who packed the kit knows its arm.';
    const models = classesOf([
      traced('ref.kits', {
        reads: [],
        columns: { KIT: from(), _ARM: from(), arm: from() },
        properties: {
          classification: 'unblinding',
          columns: {
            KIT: { declassify: { to: 'restricted', because } },
            _arm: { declassify: { to: 'identifier', because } },
          },
        },
      }),
    ]);
    expect(effective(models.get('ref.kits')!)).toMatchObject({
      KIT: 'restricted',
      _ARM: 'identifier',
      arm: 'unblinding',
    });
  });

  it('says the way by which it came [CLASSIFICATION-009]', () => {
    const models = classesOf([
      traced('staged.kits', { reads: ['state.file_kits'], columns: { arm: from('state.file_kits.arm') } }),
      traced('sdtm.dm', { reads: ['staged.kits'], columns: { ARM: from('staged.kits.arm') } }),
    ]);
    expect(wayText(models.get('sdtm.dm')!.columns[0])).toBe(
      'sdtm.dm.ARM ← staged.kits.arm ← state.file_kits.arm ← source kits',
    );
  });
});

const COLUMNS = ['a', 'b', 'c'];
const TABLES = ['raw.x', 'raw.y'];

/** Models that read those before them, and tables that no model makes; with what they declare. */
interface Study {
  readonly tables: Readonly<Record<string, Classification>>;
  readonly models: readonly TracedModel[];
}

const anyClass = fc.constantFrom(...CLASSIFICATIONS);
const declassify = fc.record({ to: anyClass, because: fc.constant('It tells nothing.') });

function anyLineage(tables: readonly string[]): fc.Arbitrary<Lineage> {
  const names = tables.flatMap((table) => COLUMNS.map((name) => `${table}.${name}`));
  const some = fc.subarray(names, { maxLength: 3 }).map((list) => from(...list));
  return fc.tuple(some, fc.integer({ min: 0, max: 9 })).map(([lineage, n]) => {
    return n === 0 ? { ...lineage, unknown: 'not told' } : lineage;
  });
}

function anyModel(index: number): fc.Arbitrary<TracedModel> {
  const before = [...TABLES, ...Array.from({ length: index }, (_, i) => `m.m${i}`)];
  const described = fc
    .record({ classification: anyClass, declassify }, { requiredKeys: [] })
    .map(({ classification, declassify: less }) => (less === undefined ? { classification } : { declassify: less }));
  return fc.subarray(before, { minLength: 1, maxLength: Math.min(3, before.length) }).chain((reads) =>
    fc
      .record({
        lineages: fc.tuple(...COLUMNS.map(() => anyLineage(reads))),
        rows: anyLineage(reads),
        columns: fc.tuple(...COLUMNS.map(() => fc.option(described, { nil: {}, freq: 2 }))),
        own: fc.record({ classification: anyClass, declassify }, { requiredKeys: [] }),
      })
      .map(({ lineages, rows, columns, own }) => ({
        name: `m.m${index}`,
        reads,
        columns: COLUMNS.map((name, i) => ({ name, lineage: lineages[i] })),
        rows,
        properties: propertiesSchema.parse({
          ...own,
          columns: Object.fromEntries(COLUMNS.map((name, i) => [name, columns[i]])),
        }),
      })),
  );
}

const anyStudy: fc.Arbitrary<Study> = fc.record({
  tables: fc.record({ 'raw.x': anyClass, 'raw.y': anyClass }),
  models: fc.tuple(...[0, 1, 2, 3, 4].map(anyModel)),
});

const judged = ({ tables, models }: Study) =>
  propagate(models, (table) => ({ classification: tables[table], name: table }));

/** The class of a column of a table, whoever made it. */
function classOf(found: ReadonlyMap<string, ClassifiedModel>, { tables }: Study, { table, column }: BaseColumn) {
  const model = found.get(table);
  return model === undefined ? tables[table] : model.columns.find((one) => one.column === column)!.classification;
}

/** The tables that no model makes whose columns, or rows, the first column of a model comes from: found from its end. */
function reachedBy(models: readonly TracedModel[], model: TracedModel): Set<string> {
  const reached = new Set<string>();
  const modelCalled = (name: string) => models.find((one) => one.name === name);
  const follow = ({ reads }: TracedModel, { from: columns, unknown: reason }: Lineage) => {
    const all = reads.flatMap((table) => COLUMNS.map((name) => ({ table, column: name })));
    for (const { table, column: name } of reason === undefined ? columns : all) {
      const above = modelCalled(table);
      if (above === undefined) reached.add(table);
      else {
        follow(above, above.columns.find((one) => one.name === name)!.lineage);
        followRows(above);
      }
    }
  };
  const followRows = (of: TracedModel) => {
    follow(of, of.rows);
    for (const table of of.reads) {
      const above = modelCalled(table);
      if (above === undefined) reached.add(table);
      else followRows(above);
    }
  };
  followRows(model);
  follow(model, model.columns[0].lineage);
  return reached;
}

describe('of any models', () => {
  it('no column is less than what it is made from, what decides its rows, or its declaration, but where it is declassified [CLASSIFICATION-001]', () => {
    fc.assert(
      fc.property(anyStudy, (study) => {
        const found = judged(study);
        for (const { name, reads, columns, rows, properties } of study.models) {
          const model = found.get(name)!;
          const atLeast = (lineage: Lineage) => {
            const all = reads.flatMap((table) => COLUMNS.map((column) => ({ table, column })));
            return (lineage.unknown === undefined ? [...lineage.from] : all).map((one) => classOf(found, study, one));
          };
          const ofRows = reads.map((table) => found.get(table)?.rows.classification ?? study.tables[table]);
          const holds = (is: Classification, ...all: (Classification | undefined)[]) =>
            all.every((one) => one === undefined || !isAbove(one, is));
          if (properties.declassify === undefined) {
            expect(holds(model.rows.classification, ...atLeast(rows), ...ofRows)).toBe(true);
          }
          for (const [i, { name: column, lineage }] of columns.entries()) {
            const { classification = properties.classification, declassify: less } = properties.columns[column!];
            if (less !== undefined) continue;
            const is = model.columns[i].classification;
            expect(holds(is, ...atLeast(lineage), model.rows.classification, classification)).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('more of a source never gives less of a column [CLASSIFICATION-001]', () => {
    fc.assert(
      fc.property(anyStudy, anyClass, fc.constantFrom(...TABLES), (study, more, table) => {
        const raised = isAbove(more, study.tables[table]) ? more : study.tables[table];
        const after = judged({ ...study, tables: { ...study.tables, [table]: raised } });
        for (const [name, { columns, rows }] of judged(study)) {
          const then = after.get(name)!;
          expect(isAbove(rows.classification, then.rows.classification)).toBe(false);
          for (const [i, { classification }] of columns.entries()) {
            expect(isAbove(classification, then.columns[i].classification)).toBe(false);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('what is declassified nowhere is as much as the highest source that it reaches [CLASSIFICATION-001]', () => {
    const nothingSaid = propertiesSchema.parse({});
    fc.assert(
      fc.property(anyStudy, ({ tables, models }) => {
        const silent = models.map((model) => ({ ...model, properties: nothingSaid }));
        const found = judged({ tables, models: silent });
        for (const model of silent) {
          const reached = [...reachedBy(silent, model)].map((table) => tables[table]);
          const expected = CLASSIFICATIONS.findLast((one) => reached.includes(one)) ?? 'none';
          expect([model.name, found.get(model.name)!.columns[0].classification]).toEqual([model.name, expected]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
