import { describe, expect, it } from 'vitest';
import { planTree } from '../../src/report/plan-tree.ts';

const model = (name: string, action: string, reason: string, ...reads: string[]) => ({ name, action, reason, reads });
const WIDE = { width: Number.POSITIVE_INFINITY, all: false };

describe('a plan [PLAN-100]', () => {
  it('shows files below their source, each model below what it is run for, and counts what stays', () => {
    const deliveries = [
      { source: 'edc', file: 'data/1.xml', reason: 'new file' },
      { source: 'edc', file: 'data/2.xml', reason: 'new file' },
      { source: 'lab', file: 'data/lab.csv', reason: 'changed' },
    ];
    const models = [
      model('old.gone', 'drop', 'no file defines it any more'),
      model('staged.ae', 'build', 'SQL changed'),
      model('staged.dm', 'skip', 'unchanged'),
      model('staged.lab', 'depends', 'built only if data/lab.csv changes what it reads'),
      model('sdtm.dm', 'build', 'macro twice changed', 'staged.dm'),
      model('sdtm.ae', 'depends', 'built only if staged.ae or sdtm.dm changes', 'staged.ae', 'sdtm.dm'),
      model('sdtm.suppae', 'depends', 'built only if sdtm.ae changes', 'sdtm.ae', 'staged.dm'),
      model('sdtm.lb', 'depends', 'built only if staged.lab changes', 'staged.lab'),
      model('sdtm.vs', 'skip', 'unchanged'),
      model('sdtm.ts', 'skip', 'unchanged'),
    ];
    expect(planTree({ deliveries, models, tests: [] }, WIDE)).toBe(`delivery         reason
---------------  --------
edc
├─ data/1.xml    new file
└─ data/2.xml    new file
lab
└─ data/lab.csv  changed

model              action   reason
-----------------  -------  ------------------------------------------------
old.gone           drop     no file defines it any more
staged.ae          build    SQL changed
staged.lab         depends  built only if data/lab.csv changes what it reads
└─ sdtm.lb         depends  built only if staged.lab changes
sdtm.dm            build    macro twice changed
└─ sdtm.ae         depends  built only if staged.ae or sdtm.dm changes
   └─ sdtm.suppae  depends  built only if sdtm.ae changes
(3 unchanged: sdtm 2, staged 1; --all shows them)

models     2 to build, 4 to build only if what they read changes, 3 unchanged, 1 to drop
`);
  });

  it('says where the file of a model goes that is made', () => {
    const file = 'target/a.parquet';
    const models = [
      { ...model('work.a', 'build', 'new'), file },
      { ...model('work.b', 'blocked', 'MODEL_SQL'), file: 'target/b.parquet' },
    ];
    const lines = planTree({ deliveries: [], models, tests: [] }, WIDE).split('\n');
    expect(lines).toContain('work.a  build    new; writes target/a.parquet');
    expect(lines).toContain('work.b  blocked  MODEL_SQL');
  });

  it('shows what is blocked below what blocks it, whatever else it reads', () => {
    const models = [
      model('a.broken', 'blocked', 'MODEL_SQL'),
      model('a.late', 'build', 'new'),
      model('a.both', 'blocked', 'a.broken is blocked', 'a.broken', 'a.late'),
    ];
    expect(planTree({ deliveries: [], models, tests: [] }, WIDE)).toBe(`Nothing to load.

model      action   reason
---------  -------  -------------------
a.broken   blocked  MODEL_SQL
└─ a.both  blocked  a.broken is blocked
a.late     build    new

models     1 to build, 2 blocked
`);
  });

  it('shows with --all what stays as well, below what it reads', () => {
    const models = [
      model('a.one', 'skip', 'unchanged'),
      model('a.two', 'skip', 'unchanged', 'a.one'),
      model('a.three', 'build', 'new', 'a.one'),
    ];
    expect(
      planTree({ deliveries: [], models, tests: [] }, { ...WIDE, all: true }),
    ).toContain(`a.one       skip    unchanged
├─ a.two    skip    unchanged
└─ a.three  build   new
`);
    expect(planTree({ deliveries: [], models: models.slice(0, 2), tests: [] }, WIDE)).toBe(
      'Nothing to load.\n\nNo model to build.\n(2 unchanged: a 2; --all shows them)\n\nmodels     2 unchanged\n',
    );
    expect(planTree({ deliveries: [], models: [], tests: [] }, WIDE)).toBe(
      'Nothing to load.\n\nNo models.\n\nmodels     none\n',
    );
  });

  it('keeps to the width of a terminal', () => {
    const models = Array.from({ length: 12 }, (_, at) =>
      model(`a.n${at}`, 'build', 'new', ...(at > 0 ? [`a.n${at - 1}`] : [])),
    );
    const lines = planTree({ deliveries: [], models, tests: [] }, { width: 40, all: false }).split('\n');
    expect(Math.max(...lines.slice(0, -2).map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.endsWith('new'))).toHaveLength(12);
  });
});
