import { describe, expect, it } from 'vitest';
import type { WarehouseError } from '../../src/lib/errors.ts';
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
async function errorsOf(project: TemporaryProject): Promise<WarehouseError[]> {
  const errors: WarehouseError[] = [];
  project.events = (event) => {
    if (event.event === 'error') errors.push(event.error);
  };
  await project.build();
  return errors;
}

describe('what a build tells of a model', () => {
  it('whose tests fail: whether there is a former table [MODEL-013, MODEL-044]', async () => {
    const allOnes =
      'label: Demographics\nkeys: [USUBJID]\ntests: [{ name: ones, sql: "FROM sdtm.dm WHERE USUBJID <> 1" }]\n';
    await withProject({ ...FILES, 'models/sdtm/dm.yml': allOnes }, async (project) => {
      const look = 'Look at SELECT * FROM failures.sdtm_dm__ones WHERE _resolved IS NULL;';
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
