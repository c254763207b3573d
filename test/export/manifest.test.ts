import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportedFile } from '../../src/export/exported-file.ts';
import {
  type ExportManifest,
  mergeManifest,
  readManifest,
  writeManifest as writeBeside,
} from '../../src/export/manifest.ts';
import { dataset, fixture } from './fixture.ts';

function manifest(files: readonly ExportedFile[]): ExportManifest {
  return {
    files,
    models: { 'sdtm.ae': 'f1' },
    sources: [{ source: 'edc', name: 'data/edc.xml', sha256: 'ab', bytes: 3 }],
    seeds: [],
    versions: { warehouse: '0.1.0', duckdb: 'v1.5.5' },
  };
}

function file(path: string): ExportedFile {
  return { path, format: 'xpt', dataset: 'AE', rows: 1, columns: ['A'], bytes: 2, sha256: 'cd' };
}

/** Writes it and puts it in its place, as an export does. */
async function writeManifest(directory: string, content: ExportManifest) {
  const { temporary, ...written } = await writeBeside(directory, content);
  renameSync(temporary, join(directory, 'manifest.json'));
  return written;
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
        '"models":{"sdtm.ae":"f1"},"seeds":[],"sources":[{"bytes":3,"name":"data/edc.xml","sha256":"ab","source":"edc"}],' +
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

  it('gives the one with the SHA-256 that is asked for, and no other [EXPORT-042]', async () => {
    const { folder } = await fixture([]);
    const { sha256, bytes } = await writeManifest(folder, manifest([]));
    expect(bytes).toBe(readFileSync(join(folder, 'manifest.json')).length);
    expect(await readManifest(folder, ['00', sha256])).toEqual(manifest([]));
    writeFileSync(join(folder, 'manifest.json'), `${readFileSync(join(folder, 'manifest.json'), 'utf8')} `);
    await expect(readManifest(folder, ['00', sha256])).rejects.toMatchObject({
      code: 'EXPORT_MANIFEST',
      message: 'manifest.json of the exports was changed since it was written, so nothing can be added to it.',
    });
    rmSync(join(folder, 'manifest.json'));
    await expect(readManifest(folder, [sha256])).rejects.toMatchObject({
      code: 'EXPORT_MANIFEST',
      message: 'manifest.json of the exports is missing, so nothing can be added to it.',
    });
    expect(await readManifest(folder, [])).toBeUndefined();
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

  it('has the files that stay among the new ones, in the order of their names, and says nothing else of before [EXPORT-042]', () => {
    const before = { ...manifest([ae, dm]), models: { 'sdtm.ae': 'f1', 'sdtm.dm': 'f2' } };
    const models = { 'sdtm.ae': 'f3', 'sdtm.dm': 'f2' };
    const now = { ...manifest([{ ...ae, sha256: 'new' }]), models, sources: [] };
    expect(mergeManifest(before, now, [dm])).toEqual({ ...now, files: [{ ...ae, sha256: 'new' }, dm] });
    expect(mergeManifest(before, manifest([dm]), [ae]).files).toEqual([ae, dm]);
  });

  it('refuses to speak for files that another version wrote [EXPORT-042]', () => {
    const before = { ...manifest([dm]), versions: { warehouse: '0.0.9', duckdb: 'v1.5.5' } };
    expect(() => mergeManifest(before, manifest([ae]), [])).toThrow(
      'manifest.json of the exports is of an export by warehouse 0.0.9 with DuckDB v1.5.5, so nothing can be added to it.',
    );
  });
});
