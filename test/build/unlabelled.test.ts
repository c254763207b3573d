import { expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const configured = (formats: readonly string[]) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    exports: { formats },
  });

const FILES = {
  'warehouse.yml': configured(['xpt']),
  'data/people.csv': 'ID,SEX\n1,F\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, sex AS SEX, [_row] AS _rows FROM staged.people',
  'models/sdtm/dm.yml': 'label: Demographics\nkeys: [USUBJID]\n',
};

async function notices(project: TemporaryProject): Promise<WarehouseEvent[]> {
  const told: WarehouseEvent[] = [];
  project.events = (event) => {
    if (event.event === 'notice') told.push(event);
  };
  await project.build();
  return told;
}

const describing = (sex: string) => ({
  'models/sdtm/dm.yml': `label: Demographics
keys: [USUBJID]
columns:
  USUBJID: { label: Unique Subject Identifier }
  SEX: {${sex}}
  _rows: {}
`,
});

it('says which datasets go into XPT with columns without a label [EXPORT-080]', async () => {
  await withProject(FILES, async (project) => {
    const notice = { event: 'notice', code: 'XPT_NO_LABELS' };
    const next = 'List them under columns: with a label each, in models/sdtm/dm.yml.';
    expect(await notices(project)).toEqual([
      { ...notice, message: 'XPT without labels of columns: sdtm.dm (its properties describe none).', next },
    ]);
    project.write(describing(''));
    expect(await notices(project)).toEqual([
      { ...notice, message: 'XPT without labels of columns: sdtm.dm (SEX).', next },
    ]);
    project.write(describing(' label: Sex '));
    expect(await notices(project)).toEqual([]);
    project.write({ ...FILES, 'warehouse.yml': configured(['csv', 'parquet']) });
    expect(await notices(project)).toEqual([]);
  });
});
