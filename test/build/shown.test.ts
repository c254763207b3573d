import { describe, expect, it } from 'vitest';
import type { Classes } from '../../src/build/classification/classify.ts';
import { conditionName } from '../../src/build/classification/conditions.ts';
import { NOTHING_REMEMBERED } from '../../src/build/classification/remembered.ts';
import { shownAbove } from '../../src/build/classification/shown.ts';
import { type Cell, UNCLASSIFIED } from '../../src/model/classification/cell.ts';
import type { ClassifiedModel } from '../../src/model/classification/propagate.ts';
import type { Classification } from '../../src/project/classification.ts';
import type { Publication } from '../../src/project/project.ts';

function classified(name: string, columns: Record<string, Classification>, rows: Classification): ClassifiedModel {
  const cell = (column: string | null, classification: Classification) => ({
    column,
    classification,
    name: column === null ? `${name} (rows)` : `${name}.${column}`,
    inherited: UNCLASSIFIED,
  });
  return { name, columns: Object.entries(columns).map(([column, one]) => cell(column, one)), rows: cell(null, rows) };
}

const KITS: Cell = { classification: 'unblinding', name: 'source kits' };

/** Of a study whose list of kits unblinds: DM has the arm of it, AE nothing. */
const CLASSES: Classes = {
  all: KITS,
  remembered: NOTHING_REMEMBERED,
  outside: (table) => (/^(raw|state)\.file_lab$/.test(table) ? UNCLASSIFIED : KITS),
  models: new Map([
    ['sdtm.ae', classified('sdtm.ae', { AETERM: 'none', USUBJID: 'identifier' }, 'none')],
    ['sdtm.dm', classified('sdtm.dm', { USUBJID: 'identifier', ARM: 'unblinding' }, 'none')],
    ['staged.kits', classified('staged.kits', { kitno: 'unblinding' }, 'unblinding')],
    ['mid.chosen', classified('mid.chosen', { subject: 'none' }, 'unblinding')],
    ['mid.counts', classified('mid.counts', { '*': 'restricted' }, 'none')],
  ]),
  conditions: new Map([
    [conditionName('p', 'sdtm.ae'), classified('publications.p.where.sdtm.ae', { shown: 'none' }, 'unblinding')],
  ]),
};

const MODELS = ['sdtm.ae', 'sdtm.dm', 'staged.kits', 'mid.chosen', 'mid.counts', 'out.free'];
const STANDING = {
  names: [
    'raw.file_kits',
    'raw.file_lab',
    'state.part',
    'failures.sdtm_dm__arm',
    'run.model',
    'snap.kept',
    'staged._cells',
  ],
  failures: new Map([['failures.sdtm_dm__arm', { ...KITS, name: 'failures.sdtm_dm__arm' }]]),
};

const shown = (publication: Partial<Publication>) =>
  shownAbove(
    { name: 'p', file: 'target/p.duckdb', level: 'restricted', ...publication },
    CLASSES,
    { input: { analyses: new Map(MODELS.map((name) => [name, {}])), recorded: new Map([['snap.kept', {}]]) } } as never,
    STANDING,
  ).map(({ name }) => name);

describe('what a publication shows above its level', () => {
  it.each<[string, Partial<Publication>, string[]]>([
    ['a column of a model', { models: ['sdtm.dm'] }, ['sdtm.dm.ARM']],
    ['no column that it leaves out', { columns: { 'sdtm.dm': ['USUBJID'] } }, []],
    ['a table that is kept of a model that is none any more', { models: ['snap.*'] }, ['snap.kept']],
    [
      'which rows there are, though its column is less',
      { columns: { 'mid.chosen': ['subject'] } },
      ['mid.chosen (rows)'],
    ],
    ['a column by a name of another case', { columns: { 'sdtm.dm': ['arm'] } }, ['sdtm.dm.ARM']],
    [
      'what is above a level that is lower',
      { models: ['sdtm.*'], level: 'none' },
      ['sdtm.ae.USUBJID', 'sdtm.dm.USUBJID', 'sdtm.dm.ARM'],
    ],
    ['nothing where it may show all', { level: 'unblinding' }, []],
    [
      'a column that is known by no name, as any',
      { columns: { 'mid.counts': ['n'] }, level: 'identifier' },
      ['mid.counts.*'],
    ],
    ['the rows that a condition chooses', { where: { 'sdtm.ae': 'true' } }, ['publications.p.where.sdtm.ae (rows)']],
    ['nothing of a model that nothing classified comes to', { models: ['out.free'], level: 'none' }, []],
    ['the table of a source', { models: ['raw.file_kits', 'raw.file_lab'] }, ['raw.file_kits']],
    ['whatever may hold what any source brought', { models: ['staged._cells'] }, ['staged._cells']],
    ['a schema of the warehouse, by what will be in it', { schemas: ['recon'] }, ['recon.*']],
    ['the tables of failing rows', { schemas: ['failures'] }, ['failures.sdtm_dm__arm']],
  ])('is %s [CLASSIFICATION-005]', (_, publication, expected) => {
    expect(shown(publication)).toEqual(expected);
  });

  it('is, of the whole file, first of all what was loaded [CLASSIFICATION-005]', () => {
    expect(shown({})).toEqual([
      'all that was loaded',
      'sdtm.dm.ARM',
      'staged.kits.kitno',
      'staged.kits (rows)',
      'mid.chosen (rows)',
      'failures.sdtm_dm__arm',
      'snap.kept',
    ]);
  });
});
