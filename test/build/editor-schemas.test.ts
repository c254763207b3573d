import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { renewEditorSchemas } from '../../src/build/editor-schemas.ts';
import { init } from '../../src/build/init.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { TemporaryProject } from '../helpers/project.ts';
import { folderOf } from '../project/temporary.ts';

const LINE = /^# yaml-language-server: \$schema=(\S+)\n/;

describe('the JSON Schemas in a project', () => {
  it('are there from init on, and the first line of each YAML file leads an editor to its own [PROJECT-102]', async () => {
    const root = join(folderOf({}), 'study');
    const { files } = await init(root, {}, { events: silent, clock: systemClock });
    const titles = files
      .filter((path) => path.endsWith('.yml'))
      .map((path) => {
        const [, schema] = LINE.exec(readFileSync(join(root, path), 'utf8')) ?? [];
        return [path, JSON.parse(readFileSync(join(root, dirname(path), schema), 'utf8')).title];
      });
    expect(titles).toEqual([
      ['models/sdtm/dm.yml', 'models/<schema>/<name>.yml'],
      ['warehouse.yml', 'warehouse.yml'],
    ]);
  });

  it('are put back by a build where one is missing or of another version [PROJECT-102]', async () => {
    const project = new TemporaryProject({ 'warehouse.yml': 'name: a\nstudy: { id: A }\n' });
    try {
      project.write({ '.warehouse/schemas/model.json': '{}' });
      await project.build();
      for (const name of ['warehouse.json', 'model.json', 'rule.json', 'qc.json']) {
        const placed = readFileSync(project.path(`.warehouse/schemas/${name}`), 'utf8');
        expect(placed).toBe(readFileSync(`dist/schemas/${name}`, 'utf8'));
      }
      expect(existsSync(project.path('.warehouse/schemas/model.json.partial'))).toBe(false);
    } finally {
      project.remove();
    }
  });

  it("have the study's own kinds of tests, with their arguments [PROJECT-102]", async () => {
    const project = new TemporaryProject({
      'warehouse.yml': 'name: a\nstudy: { id: A }\n',
      'tests/generic/below.sql': '{% test below(model, column_name, limit) %} SELECT * FROM {{ model }} {% endtest %}',
    });
    try {
      await project.build();
      const accepts = new Ajv({ allowUnionTypes: true }).compile(
        JSON.parse(readFileSync(project.path('.warehouse/schemas/model.json'), 'utf8')),
      );
      const ofColumn = (test: unknown) => accepts({ columns: { A: { tests: [test] } } });
      const taken = [
        'below',
        { below: true },
        { below: { limit: 3 }, severity: 'warn' },
        'not_null',
        { expression: '> 1' },
      ];
      const refused = ['above', { below: { lmit: 3 } }, { below: { model: 'a' } }, { above: true }, { below: 3 }];
      expect(taken.map(ofColumn)).toEqual(taken.map(() => true));
      expect(refused.map(ofColumn)).toEqual(refused.map(() => false));
      expect([accepts({ tests: ['below'] }), accepts({ tests: [{ row_count: { min: 1 } }] })]).toEqual([true, true]);
      expect([accepts({ tests: ['above'] }), accepts({ tests: [{ unique: 'A' }] })]).toEqual([false, false]);
      // A kind written since then is known to them from the next command on that reads the project.
      project.write({ 'tests/generic/above.sql': '{% test above(model) %} SELECT * FROM {{ model }} {% endtest %}' });
      renewEditorSchemas(await loadProject(project.root));
      const renewed = new Ajv({ allowUnionTypes: true }).compile(
        JSON.parse(readFileSync(project.path('.warehouse/schemas/model.json'), 'utf8')),
      );
      expect(renewed({ tests: ['above'] })).toBe(true);
      project.delete('.warehouse/schemas');
      renewEditorSchemas(await loadProject(project.root));
      expect(existsSync(project.path('.warehouse/schemas'))).toBe(false);
    } finally {
      project.remove();
    }
  });
});
