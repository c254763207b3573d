import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportedFile } from '../../src/export/exported-file.ts';
import {
  type ExportManifest,
  mergeManifest,
  readManifest,
  removeFormerFiles,
  writeManifest,
} from '../../src/export/manifest.ts';
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

  it('takes the place of one that says anything else [EXPORT-041]', async () => {
    const { folder } = await fixture([]);
    writeFileSync(join(folder, 'manifest.json'), 'null');
    await writeManifest(folder, manifest([]));
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files).toEqual([]);
  });
});

describe('readManifest', () => {
  it('gives back what was written, and nothing where nothing was [EXPORT-042]', async () => {
    const { folder } = await fixture([]);
    expect(await readManifest(folder)).toBeUndefined();
    await writeManifest(folder, manifest([file('xpt/ae.xpt')]));
    expect(await readManifest(folder)).toEqual(manifest([file('xpt/ae.xpt')]));
  });

  it.each([
    '',
    'no JSON',
    '{"files":3}',
    '{"files":[{"path":7}]}',
    'null',
    JSON.stringify(manifest([file('../x.xpt')])),
  ])('refuses one that says %j [EXPORT-042]', async (text) => {
    const { folder } = await fixture([]);
    writeFileSync(join(folder, 'manifest.json'), text);
    await expect(readManifest(folder)).rejects.toMatchObject({ kind: 'data', code: 'EXPORT_MANIFEST' });
  });
});

describe('mergeManifest', () => {
  const ae = file('xpt/ae.xpt');
  const dm = { ...file('xpt/dm.xpt'), dataset: 'DM' };

  it('keeps what it says of other datasets, in the order of their names [EXPORT-042]', () => {
    const before = { ...manifest([ae, dm]), models: { 'sdtm.ae': 'f1', 'sdtm.dm': 'f2' } };
    const now = { ...manifest([{ ...ae, sha256: 'new' }]), models: { 'sdtm.ae': 'f3' }, sources: [] };
    expect(mergeManifest(before, now)).toEqual({
      ...manifest([{ ...ae, sha256: 'new' }, dm]),
      models: { 'sdtm.ae': 'f3', 'sdtm.dm': 'f2' },
      sources: [],
    });
    expect(mergeManifest(manifest([dm]), manifest([ae])).files).toEqual([ae, dm]);
  });

  it('refuses to speak for files that another version wrote [EXPORT-042]', () => {
    const before = { ...manifest([dm]), versions: { warehouse: '0.0.9', duckdb: 'v1.5.5' } };
    expect(() => mergeManifest(before, manifest([ae]))).toThrow(
      'manifest.json of the exports is of an export by warehouse 0.0.9 with DuckDB v1.5.5, so nothing can be added to it.',
    );
  });
});

describe('removeFormerFiles', () => {
  it('removes what the manifest before lists and this one does not, unless it was changed, and nothing else [EXPORT-041]', async () => {
    const { folder } = await fixture([]);
    mkdirSync(join(folder, 'xpt'));
    for (const name of ['ae.xpt', 'lb.xpt', 'vs.xpt', 'notes.txt']) writeFileSync(join(folder, 'xpt', name), 'abc');
    // SHA-256 of `abc`, FIPS 180-2, B.1.
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const listed = ['ae', 'lb', 'vs', 'gone'].map((name) => ({ ...file(`xpt/${name}.xpt`), sha256 }));
    writeFileSync(join(folder, 'xpt/vs.xpt'), 'changed by hand');
    const removed = await removeFormerFiles(folder, manifest(listed), manifest([listed[0]]));
    expect(removed).toEqual([listed[1]]);
    expect(readdirSync(join(folder, 'xpt')).sort()).toEqual(['ae.xpt', 'notes.txt', 'vs.xpt']);
  });
});
