import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { silent } from '../../src/lib/events.ts';
import { contentOf } from '../../src/load/packing/content.ts';
import { failureOf, withProject } from '../helpers/project.ts';
import { folderOf } from '../project/temporary.ts';

const DESCRIPTORS = '/proc/self/fd';

/** The files below a folder that this process has open. */
function openIn(folder: string): string[] {
  const targets = readdirSync(DESCRIPTORS).map((descriptor) => {
    try {
      return readlinkSync(join(DESCRIPTORS, descriptor));
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(folder));
}

const lab = (source: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/*.csv*', format: 'csv', keep: 'reference', ...source } },
  });

const ROWS = `ID,VALUE\n${Array.from({ length: 60_000 }, (_, k) => `${k},${(k * 7919) % 100_003}\n`).join('')}`;

// What a process has open is only told on Linux.
describe.skipIf(process.platform !== 'linux')('a source file is closed', () => {
  it.each([false, true])('once nothing more of it is read (packed: %s) [LOAD-026]', async (packed) => {
    const folder = folderOf({ 'lab.csv': packed ? gzipSync(ROWS.repeat(6)) : ROWS.repeat(6) });
    const path = join(folder, 'lab.csv');
    for await (const _ of contentOf({ name: 'lab.csv', path, size: 0 }, silent, 'lab.csv')) break;
    expect(openIn(folder)).toEqual([]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['CSV_KEY', ROWS, { keys: ['SITE'] }],
    ['CSV_HEADER', `ID,ID\n${ROWS}`, {}],
    ['CSV_MALFORMED', `ID,VALUE\n1,"a"b\n${ROWS}`, {}],
    ['CSV_ENCODING', `${ROWS}1,\u00e9\n${ROWS}`, { encoding: 'utf-16le' }],
    ['CSV_CELL_COUNT', ROWS.replaceAll(',', ';').replace(';', ','), {}],
  ])('after %s [LOAD-026]', async (code, file, source) => {
    for (const content of [file, gzipSync(file)]) {
      await withProject({ 'warehouse.yml': lab(source), 'data/lab.csv': content }, async (project) => {
        expect((await failureOf(project.load())).code).toBe(code);
        expect(openIn(project.path('data'))).toEqual([]);
      });
    }
  });
});
