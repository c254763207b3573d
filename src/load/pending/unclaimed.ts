import { lstatSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { silent, type WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import { entriesOf } from '../../project/files.ts';
import { filesThere } from '../../project/glob.ts';
import type { Project } from '../../project/project.ts';
import { sourcePatterns } from '../../project/seeds.ts';
import { contentOf, startOf } from '../packing/content.ts';
import type { SourceFile } from '../source-file.ts';

/**
 * Says which ODM files lie beside those of a source, and belong to none: a next delivery that nobody would load.
 * @param found the files of the project's sources, of the target that is built
 */
export async function unclaimed(
  { root, sources, configuration }: Pick<Project, 'root' | 'sources' | 'configuration'>,
  found: readonly string[],
): Promise<WarehouseEvent[]> {
  const patterns = sourcePatterns(configuration);
  const sought = new Set(sources.flatMap(({ files }) => files));
  const ofOthers = patterns.filter((pattern) => !sought.has(pattern));
  const claimed = new Set([...found, ...(await filesThere(root, ofOthers))]);
  const named = patterns.map((pattern) => dirname(pattern)).filter((folder) => isFolder(join(root, folder)));
  const folders = [...new Set([...named, ...[...claimed].map((name) => dirname(name))])].sort();
  const others: string[] = [];
  for (const folder of folders) {
    for (const { name, isDirectory, isLink } of await entriesOf(root, folder)) {
      const path = folder === '.' ? name : `${folder}/${name}`;
      if (isDirectory || isLink || claimed.has(path) || !ENDING.test(name)) continue;
      if (await isDelivery({ name: path, path: join(root, path), size: statSync(join(root, path)).size })) {
        others.push(path);
      }
    }
  }
  if (others.length === 0) return [];
  const one = others.length === 1;
  return [
    {
      event: 'notice',
      code: 'SOURCE_UNCLAIMED',
      message: `${listed(others)} ${one ? 'belongs' : 'belong'} to no source, and ${one ? 'is' : 'are'} not loaded.`,
      next: `If ${one ? 'it is a delivery' : 'they are deliveries'}, name ${one ? 'it' : 'them'} under files: of a source in warehouse.yml, or a pattern such as ${patternOf(others[0])}; else keep ${one ? 'it' : 'them'} in another folder.`,
    },
  ];
}

const ENDING = /\.xml(\.gz|\.zip)?$/i;

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Of the files in its folder with its ending, as that is written: case counts. */
const patternOf = (path: string) => `${path.slice(0, -basename(path).length)}*${ENDING.exec(path)?.[0]}`;

/** Whether its root is ODM, as far as a glance tells, and it is no Define-XML, which describes datasets and brings none. */
async function isDelivery(file: SourceFile): Promise<boolean> {
  const start = await startOf(file, silent).catch(() => '');
  const root = /<(?:[\w.-]+:)?ODM[\s>][^>]*/.exec(start.replace(/<!--.*?-->/gs, ''))?.[0];
  if (root === undefined) return false;
  return !DEFINE.test(root) || (await holdsData(file).catch(() => true));
}

const DEFINE = /=\s*["']http:\/\/www\.cdisc\.org\/ns\/def\/v\d/;

const DATA = /<(?:[\w.-]+:)?(?:ClinicalData|ReferenceData)[\s/>]/;

async function holdsData(file: SourceFile): Promise<boolean> {
  let before = '';
  for await (const chunk of contentOf(file, silent, file.name)) {
    const text = before + Buffer.from(chunk).toString('latin1').replaceAll('\0', '');
    if (DATA.test(text)) return true;
    before = text.slice(-LONGEST_TAG);
  }
  return false;
}

/** More than a prefix and the name of an element: what a chunk may cut. */
const LONGEST_TAG = 256;
