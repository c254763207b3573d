import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { failureOf, withProject } from '../helpers/project.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/coming-from.md'), 'utf8');
/** The files of the page, by their first line: `# models/shop/customers.yml`, those of dbt `# dbt: models/schema.yml`, of SAS `# study: ...`. */
const files = Object.fromEntries(
  [...page.matchAll(/^```(?:sql|yaml)\n(?:--|#) ((?:dbt: |study: )?[\w./]+)[^\n]*\n([\s\S]*?)^```$/gm)].map(
    ([, path, text]) => [path, text],
  ),
);
const SEEDS = {
  'seeds/shop/raw_customers.csv': 'id,first_name,last_name\n1,Ada,A\n2,Ben,B\n',
  'seeds/shop/raw_orders.csv': 'id,user_id,order_date,status\n7,1,2026-01-05,placed\n8,1,2026-01-02,shipped\n',
};
const after = Object.entries(files).filter(([path]) => !path.includes(': '));

it('the project of docs/coming-from.md builds as it stands [MODEL-021]', async () => {
  expect(Object.keys(files)).toHaveLength(4 + 8 + 4);
  await withProject({ ...SEEDS, ...Object.fromEntries(after) }, async (project) => {
    const { models, tests } = await project.build();
    expect(models.filter(({ state }) => state !== 'built')).toEqual([]);
    expect([tests.passed, tests.failed, tests.warned]).toEqual([5, 0, 0]);
    expect(
      await project.rows(
        'SELECT customer_id, first_name, first_order::VARCHAR, number_of_orders FROM shop.customers ORDER BY 1',
      ),
    ).toEqual([
      [1, 'Ada', '2026-01-02', 2],
      [2, 'Ben', null, 0],
    ]);
    project.write({ 'dbt_project.yml': 'name: shop\n', 'snapshots/orders.sql': '{% snapshot orders %}' });
    const notices: WarehouseEvent[] = [];
    project.events = (event) => event.event === 'notice' && notices.push(event);
    await project.build();
    expect(notices).toMatchObject([
      { code: 'DBT_NOT_READ', message: 'dbt_project.yml is of dbt and is not read.' },
      {
        code: 'DBT_NOT_READ',
        next: expect.stringMatching(/^Write each snapshot as a model with materialized: snapshot/),
      },
    ]);
    project.write({ 'models/schema.yml': files['dbt: models/schema.yml'] });
    expect(await failureOf(project.build())).toMatchObject({
      code: 'MODEL_PROPERTIES_OF_DBT',
      file: 'models/schema.yml',
    });
  });
});

it('the program of SAS comes to the dataset that the page shows [MODEL-021]', async () => {
  const study = Object.entries(files).filter(([path]) => path.startsWith('study: '));
  const data = {
    'data/subjects.csv': 'SUBJID,RFSTDAT\n01,2026-01-10\n02,2026-01-12\n',
    'data/ae.csv': 'SUBJID,AENO,AETERM,AESTDAT\n01,1,Headache,2026-01-12\n01,2,Cough,2026-01-09\n02,1,Nausea,2026-01\n',
  };
  const written = Object.fromEntries(study.map(([path, text]) => [path.slice('study: '.length), text]));
  await withProject({ ...data, ...written }, async (project) => {
    const { tests } = await project.build();
    expect([tests.passed, tests.failed, tests.warned]).toEqual([6, 0, 0]);
    const rows = await project.rows('SELECT USUBJID, AESEQ, AETERM, AESTDTC, AESTDY FROM sdtm.ae ORDER BY ALL');
    const shown = rows.map((row) => (row as unknown[]).map((value) => String(value ?? 'NULL')));
    // As the page prints it: the header, a line, and the rows.
    const printed = /^USUBJID +AESEQ[^\n]*\n[- ]+\n([\s\S]*?)\n\(3 rows\)$/m.exec(page)![1];
    expect(shown).toEqual(printed.split('\n').map((line) => line.trim().split(/ {2,}/)));
    expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
  });
});
