import { lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { silent, type WarehouseEvent } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import { entriesOf } from '../project/files.ts';
import { findFiles } from '../project/glob.ts';
import type { Project } from '../project/project.ts';
import { sourcePatterns } from '../project/seeds.ts';
import { startOf } from './source-file.ts';

/** Says which ODM files lie beside those of a source, and belong to none: a next delivery that nobody would load. */
export async function unclaimed({
  root,
  configuration,
}: Pick<Project, 'root' | 'configuration'>): Promise<WarehouseEvent[]> {
  const patterns = sourcePatterns(configuration);
  const claimed = new Set(await findFiles(root, patterns));
  const named = patterns.map((pattern) => dirname(pattern)).filter((folder) => isFolder(join(root, folder)));
  const folders = [...new Set([...named, ...[...claimed].map((name) => dirname(name))])].sort();
  const found: string[] = [];
  for (const folder of folders) {
    for (const { name, isDirectory, isLink } of await entriesOf(root, folder)) {
      const path = folder === '.' ? name : `${folder}/${name}`;
      if (isDirectory || isLink || claimed.has(path) || !/\.xml(\.gz)?$/i.test(name)) continue;
      if (await isOdm(root, path)) found.push(path);
    }
  }
  if (found.length === 0) return [];
  const one = found.length === 1;
  return [
    {
      event: 'notice',
      code: 'SOURCE_UNCLAIMED',
      message: `${listed(found)} ${one ? 'belongs' : 'belong'} to no source, and ${one ? 'is' : 'are'} not loaded.`,
      next: `If ${one ? 'it is a delivery' : 'they are deliveries'}, name ${one ? 'it' : 'them'} under files: of a source in warehouse.yml, or a pattern such as ${dirname(found[0])}/*.xml; else keep ${one ? 'it' : 'them'} in another folder.`,
    },
  ];
}

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Whether its root is ODM, as far as a glance tells. */
async function isOdm(root: string, name: string): Promise<boolean> {
  const path = join(root, name);
  const start = await startOf({ name, path, size: statSync(path).size }, silent).catch(() => '');
  return /<(?:[\w.-]+:)?ODM[\s>]/.test(start);
}
