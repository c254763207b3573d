import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { init } from '../../src/build/init.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silent } from '../../src/lib/events.ts';
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
      for (const name of ['warehouse.json', 'model.json', 'rule.json']) {
        const placed = readFileSync(project.path(`.warehouse/schemas/${name}`), 'utf8');
        expect(placed).toBe(readFileSync(`dist/schemas/${name}`, 'utf8'));
      }
      expect(existsSync(project.path('.warehouse/schemas/model.json.partial'))).toBe(false);
    } finally {
      project.remove();
    }
  });
});
