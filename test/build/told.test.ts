import { describe, expect, it } from 'vitest';
import { build } from '../../src/build/build.ts';
import type { WarehouseError } from '../../src/lib/errors.ts';
import type { EventSink } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    removal_threshold: 1,
    exports: { formats: ['csv'] },
  }),
  'data/people.csv': 'ID\n1\n2\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.people',
  'models/sdtm/dm.yml': 'label: Demographics\nkeys: [USUBJID]\n',
};
const VS = {
  'models/sdtm/vs.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.people',
  'models/sdtm/vs.yml': `label: Vital Signs
keys: [USUBJID]
columns:
  USUBJID: { label: Subject, tests: [{ relationships: { to: sdtm.dm, column: USUBJID } }] }
  _rows: { label: Records }
`,
};

/** The errors that a build tells while it goes on. */
async function errorsOf(project: TemporaryProject, target?: string): Promise<WarehouseError[]> {
  const errors: WarehouseError[] = [];
  const events: EventSink = (event) => {
    if (event.event === 'error') errors.push(event.error);
  };
  const { clock } = project;
  await build(await loadProject(project.root, { target }), { parser: 'tokenizer', select: [] }, { clock, events });
  return errors;
}

describe('what a build tells of a model', () => {
  it('whose tests fail: whether there is a former table [MODEL-013, MODEL-044]', async () => {
    const allOnes =
      'label: Demographics\nkeys: [USUBJID]\ntests: [{ name: ones, sql: "FROM sdtm.dm WHERE USUBJID <> 1" }]\n';
    await withProject({ ...FILES, 'models/sdtm/dm.yml': allOnes }, async (project) => {
      const look = 'Look: warehouse query "SELECT * FROM failures.sdtm_dm__ones WHERE _resolved IS NULL";';
      expect(await errorsOf(project)).toMatchObject([
        {
          code: 'TEST_FAILED',
          place: { model: 'sdtm.dm', file: 'models/sdtm/dm.yml', line: 3, column: 9 },
          next: `${look} the new table sdtm.dm was not put in place.`,
        },
      ]);
      project.write({ 'data/people.csv': 'ID\n1\n' });
      expect(await errorsOf(project)).toEqual([]);
      project.write({ 'data/people.csv': FILES['data/people.csv'] });
      expect(await errorsOf(project)).toMatchObject([
        { code: 'TEST_FAILED', next: `${look} the former table sdtm.dm is still in place.` },
      ]);
    });
  });

  it('whose tests fail in another target: the command for it [MODEL-013]', async () => {
    const files = {
      ...FILES,
      'warehouse.yml': JSON.stringify({ ...JSON.parse(FILES['warehouse.yml']), targets: { other: {} } }),
      'models/sdtm/dm.yml': 'label: Demographics\nkeys: [USUBJID]\ntests: [{ name: ones, sql: "FROM sdtm.dm" }]\n',
    };
    await withProject(files, async (project) => {
      const failures = '"SELECT * FROM failures.sdtm_dm__ones WHERE _resolved IS NULL"';
      expect(await errorsOf(project, 'other')).toMatchObject([
        { next: `Look: warehouse query --target other ${failures}; the new table sdtm.dm was not put in place.` },
      ]);
    });
  });

  it('with a test that names what there is not: the place of the test, and what was meant [MODEL-013]', async () => {
    const told = async (written: string) => {
      const vs = VS['models/sdtm/vs.yml'].replace('{ to: sdtm.dm, column: USUBJID }', written);
      const [error] = await withProject({ ...FILES, ...VS, 'models/sdtm/vs.yml': vs }, errorsOf);
      return error;
    };
    const line = VS['models/sdtm/vs.yml'].split('\n').findIndex((one) => one.includes('relationships')) + 1;
    const column = VS['models/sdtm/vs.yml'].split('\n')[line - 1].indexOf('{ relationships') + 1;
    const place = { model: 'sdtm.vs', file: 'models/sdtm/vs.yml', line, column };
    expect(await told('{ to: sdtm.dm, column: USUBJD }')).toMatchObject({
      kind: 'usage',
      code: 'TEST_SQL',
      message: 'sdtm.dm has no column USUBJD.',
      place,
      next: 'Did you mean USUBJID?',
    });
    expect(await told('{ to: sdtm.dn, column: USUBJID }')).toMatchObject({
      code: 'MODEL_UNKNOWN_TABLE',
      message: expect.stringMatching(
        /^There is no model and no table sdtm\.dn\.\nIn the SQL that it is made into, line 1:\n/,
      ),
      place,
      next: 'Did you mean sdtm.dm?',
    });
  });

  it('that was removed and that a test still reads: that, and once [MODEL-009]', async () => {
    await withProject({ ...FILES, ...VS }, async (project) => {
      expect(await errorsOf(project)).toEqual([]);
      project.delete('models/sdtm/dm.sql');
      project.delete('models/sdtm/dm.yml');
      for (let build = 0; build < 2; build++) {
        expect(await errorsOf(project)).toMatchObject([
          {
            kind: 'usage',
            code: 'MODEL_UNKNOWN_TABLE',
            message: expect.stringMatching(/^sdtm\.dm is no model any more: no file of the project defines it\./),
            next: 'Put models/sdtm/dm.sql back, or no longer read it here.',
          },
        ]);
      }
      expect((await project.build()).tests.found).toEqual([
        { name: 'relationships_USUBJID', model: 'sdtm.vs', state: 'failed', rows: 0, code: 'MODEL_UNKNOWN_TABLE' },
      ]);
    });
  });
});

describe('a build that does not come to its end', () => {
  it.each([
    [
      'another source cannot be loaded',
      'CSV_KEY',
      {
        'warehouse.yml': FILES['warehouse.yml'].replace(
          '}},',
          '},"visits":{"files":"data/visits.csv","keys":["NO"]}},',
        ),
        'data/visits.csv': 'ID\n1\n',
      },
    ],
    [
      'a macro is wrong',
      'MACRO_READS_VARIABLE',
      { 'macros/wrong.sql': "CREATE OR REPLACE MACRO wrong() AS getvariable('x');\n" },
    ],
  ])('says what has landed all the same: %s [BUILD-132]', async (_, code, files) => {
    await withProject({ ...FILES, ...files }, async (project) => {
      const notices: string[] = [];
      project.events = (event) => {
        if (event.event === 'notice') notices.push(`${event.code}: ${event.message}`);
      };
      expect(await project.failure()).toMatchObject({ code });
      expect(notices).toEqual(['LOADED: Loaded, and kept: people: data/people.csv.']);
      // Nothing more lands, and nothing is said.
      expect(await project.failure()).toMatchObject({ code });
      expect(notices).toHaveLength(1);
    });
  });
});
