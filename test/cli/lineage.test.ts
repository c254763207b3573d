import { afterAll, beforeAll, expect, it } from 'vitest';
import { lineage } from '../../src/build/lineage.ts';
import { TemporaryProject } from '../helpers/project.ts';
import { runCli } from './world.ts';

const project = new TemporaryProject({
  'warehouse.yml': 'name: p\nstudy: { id: S }\n',
  'models/m/one.sql': "SELECT 1 AS a, 'x' AS b",
  'models/m/two.sql': "SELECT a, a || b AS text, (SELECT max(b) FROM m.one) AS top FROM m.one WHERE b > ''",
  'models/m/three.sql': 'SELECT rowid AS n, text FROM m.two',
});
beforeAll(() => project.build());
afterAll(() => project.remove());

const show = (...flags: string[]) => runCli(['lineage', ...flags], { lineage }, project.root);

it('draws what a model comes from as a tree, and says what is unknown [LINEAGE-007]', async () => {
  expect(await show('m.three')).toEqual({
    code: 0,
    log: '',
    output: `m.three.n
  unknown: no table has the column rowid
m.three.text
  m.two.text  copy
    m.one.a  derived
      constant
    m.one.b  derived
      constant
m.three (rows)
  m.two (rows)  rows
    m.one (rows)  rows
    m.one.b  rows
      constant
`,
  });
});

it('draws what comes of a column [LINEAGE-007]', async () => {
  expect((await show('--downstream', 'm.one.b')).output).toBe(`m.one.b
  m.two.text  derived
    m.three.text  copy
  m.two.top  derived
  m.two (rows)  rows
    m.three (rows)  rows
`);
});

it('gives the tree as JSON [LINEAGE-007]', async () => {
  const { output } = await show('m.three.n', '--json');
  expect(JSON.parse(output)).toEqual({
    event: 'result',
    lineage: [
      {
        table: 'm.three',
        column: 'n',
        kind: null,
        reason: null,
        repeated: false,
        next: [
          {
            table: null,
            column: null,
            kind: 'unknown',
            reason: 'no table has the column rowid',
            repeated: false,
            next: [],
          },
        ],
      },
    ],
  });
});
