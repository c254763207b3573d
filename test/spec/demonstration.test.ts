import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { SpecProject } from './workbook.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** The project of the demonstration study without its data: path to content. */
function filesOfStudy(): Record<string, string> {
  const folders = ['models', 'macros', 'rules', 'qc', 'tests'].filter((name) => existsSync(join(REPOSITORY, name)));
  const paths = folders.flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const files = ['warehouse.yml', ...paths].filter((path) => statSync(join(REPOSITORY, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(REPOSITORY, path), 'utf8')]));
}

describe('the workbook of the demonstration study', () => {
  it('changes no byte of it, and makes the same properties of its SQL alone [SPEC-001, SPEC-002]', async () => {
    const files = filesOfStudy();
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

  it('brings a label that was edited into its file, and nothing else [SPEC-002]', async () => {
    const files = filesOfStudy();
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
