import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportedFile } from '../../src/export/exported-file.ts';
import { type ExportManifest, writeManifest } from '../../src/export/manifest.ts';
import { dataset, fixture } from './fixture.ts';

function manifest(files: readonly ExportedFile[]): ExportManifest {
  return {
    files,
    models: { 'sdtm.ae': 'f1' },
    sources: [{ source: 'edc', name: 'data/edc.xml', sha256: 'ab', bytes: 3 }],
    versions: { warehouse: '0.1.0', duckdb: 'v1.5.5' },
  };
}

function file(path: string): ExportedFile {
  return { path, format: 'xpt', dataset: 'AE', rows: 1, columns: ['A'], bytes: 2, sha256: 'cd' };
}

describe('writeManifest', () => {
  it('writes canonical JSON, the same for the same exports in any directory [EXPORT-040]', async () => {
    const texts: string[] = [];
    for (let i = 0; i < 2; i++) {
      const study = await fixture([`CREATE TABLE sdtm.ae AS SELECT 'x' AS A`]);
      await writeManifest(study.directory, manifest(await study.exportAll([dataset('AE')], { formats: ['xpt'] })));
      texts.push(readFileSync(join(study.directory, 'manifest.json'), 'utf8'));
      expect(texts[i]).not.toContain(study.folder);
    }
    expect(texts[1]).toBe(texts[0]);
  });

  it('has its properties in the order of RFC 8785 and no white space [EXPORT-040]', async () => {
    const { folder } = await fixture([]);
    await writeManifest(folder, manifest([file('xpt/ae.xpt')]));
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(
      '{"files":[{"bytes":2,"columns":["A"],"dataset":"AE","format":"xpt","path":"xpt/ae.xpt","rows":1,"sha256":"cd"}],' +
        '"models":{"sdtm.ae":"f1"},"sources":[{"bytes":3,"name":"data/edc.xml","sha256":"ab","source":"edc"}],' +
        '"versions":{"duckdb":"v1.5.5","warehouse":"0.1.0"}}',
    );
  });

  it('removes the files that the manifest before listed and this one does not, and no others [EXPORT-041]', async () => {
    const { folder } = await fixture([]);
    mkdirSync(join(folder, 'out/xpt'), { recursive: true });
    for (const name of ['xpt/ae.xpt', 'xpt/lb.xpt', 'xpt/notes.txt']) writeFileSync(join(folder, 'out', name), '');
    writeFileSync(join(folder, 'precious.xpt'), '');
    await writeManifest(join(folder, 'out'), manifest(['xpt/ae.xpt', 'xpt/lb.xpt', '../precious.xpt'].map(file)));
    await writeManifest(join(folder, 'out'), manifest([file('xpt/ae.xpt')]));
    expect(readdirSync(join(folder, 'out/xpt')).sort()).toEqual(['ae.xpt', 'notes.txt']);
    expect(existsSync(join(folder, 'precious.xpt'))).toBe(true);
  });

  it.each(['', 'no JSON', '{"files":3}', '{"files":[{"path":7}]}', 'null'])(
    'writes over a manifest that says %j [EXPORT-041]',
    async (text) => {
      const { folder } = await fixture([]);
      writeFileSync(join(folder, 'manifest.json'), text);
      await writeManifest(folder, manifest([]));
      expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files).toEqual([]);
    },
  );
});
