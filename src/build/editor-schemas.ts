import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EDITOR_SCHEMAS } from '../project/editor-line.ts';
import { withTestKinds } from '../project/own-test-schema.ts';
import type { Project, TestKind } from '../project/project.ts';

/** Made with the package, from what the program reads YAML by (project/json-schema.ts). */
const SHIPPED = fileURLToPath(new URL('../../dist/schemas/', import.meta.url));

/**
 * Puts the schemas of this version into a project, with the study's own kinds of tests, where they are not there yet or are
 * others: an editor needs neither a network nor to know where the program is.
 */
export function placeEditorSchemas({ root, testKinds }: Pick<Project, 'root' | 'testKinds'>): void {
  const folder = join(root, EDITOR_SCHEMAS);
  for (const name of readdirSync(SHIPPED)) {
    const bytes = schemaOf(name, testKinds);
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
    mkdirSync(folder, { recursive: true });
    // Renamed into its place, so that nothing is written through a link and an editor reads a whole file.
    writeFileSync(`${path}.partial`, bytes);
    renameSync(`${path}.partial`, path);
  }
}

function schemaOf(name: string, testKinds: readonly TestKind[]): Buffer {
  const shipped = readFileSync(join(SHIPPED, name));
  if (name !== 'model.json' || testKinds.length === 0) return shipped;
  const schema = withTestKinds(JSON.parse(shipped.toString('utf8')), testKinds);
  return Buffer.from(`${JSON.stringify(schema, undefined, 2)}\n`);
}

/**
 * The same by any command that has read a project, where they were put before: what the study's own kinds of tests are may
 * have changed since the last build. A command that only looks does not fail because the project cannot be written.
 */
export function renewEditorSchemas(project: Pick<Project, 'root' | 'testKinds'>): void {
  if (!existsSync(join(project.root, EDITOR_SCHEMAS))) return;
  try {
    placeEditorSchemas(project);
  } catch {
    // They stay as they are until a build.
  }
}
