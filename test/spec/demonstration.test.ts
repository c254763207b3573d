import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { SpecProject } from './workbook.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** A project without its data and second versions, which need keys: path to content. */
function filesOf(root: string): Record<string, string> {
  const folders = ['models', 'macros', 'rules', 'seeds', ...(root === REPOSITORY ? [] : ['tests'])];
  const there = folders.filter((name) => existsSync(join(root, name)));
  const paths = there.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const files = ['warehouse.yml', ...paths].filter((path) => statSync(join(root, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

describe('the workbook of the demonstration study', () => {
  it('changes no byte of it, and makes the same properties of its SQL alone [SPEC-001, SPEC-002]', async () => {
    const files = filesOf(REPOSITORY);
    const properties = Object.keys(files).filter((path) => /^models\/.*\.yml$/.test(path));
    expect(properties.length).toBeGreaterThan(20);
    const project = new SpecProject(files);
    const { variables } = await project.export();
    expect(variables).toBeGreaterThan(300);
    expect(await project.import()).toMatchObject({ changes: [] });
    expect(properties.filter((path) => project.read(path) !== files[path])).toEqual([]);
    const meaning = async () =>
      (await loadProject(project.root)).models.map(({ name, properties: said }) => [
        name,
        said,
        Object.keys(said.columns),
      ]);
    const before = await meaning();
    for (const path of properties) rmSync(join(project.root, path));
    await project.import();
    expect(await meaning()).toEqual(before);
    expect(project.told).toEqual([]);
  });

  it('is as good with templates, seeds and tests of its own [SPEC-001, SPEC-002]', async () => {
    const files = filesOf(join(REPOSITORY, 'test/golden/vital-signs/project'));
    const project = new SpecProject(files);
    await project.export();
    expect(await project.import()).toMatchObject({ changes: [] });
    const meaning = async () =>
      (await loadProject(project.root)).models.map(({ name, properties }) => [name, properties]);
    const before = await meaning();
    const properties = Object.keys(files).filter((path) => /^models\/.*\.yml$/.test(path));
    for (const path of properties) rmSync(join(project.root, path));
    await project.import();
    expect(await meaning()).toEqual(before);
  });

  it('brings a label that was edited into its file, and nothing else [SPEC-002]', async () => {
    const files = filesOf(REPOSITORY);
    const project = new SpecProject(files);
    await project.edit((book) => book.set('Variables', ['AE', 'AETERM'], 'Label', 'Term'), { models: ['sdtm.*'] });
    await project.import();
    expect(project.told).toEqual(['SPEC_LEFT']);
    const after = files['models/sdtm/ae.yml'].replace('label: Reported Term for the Adverse Event', 'label: Term');
    expect(
      Object.keys(files).filter((path) => project.read(path) !== { ...files, 'models/sdtm/ae.yml': after }[path]),
    ).toEqual([]);
  });
});
