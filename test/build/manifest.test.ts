import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { document, element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const configuration = JSON.stringify({
  name: 'small',
  study: { id: 'S' },
  sources: {
    edc: { files: 'data/*.xml', covers: 'study' },
    people: { files: 'data/people.csv', keys: ['ID'] },
  },
  removal_threshold: 1,
  exports: { formats: ['csv'] },
});

const snapshot = (created: string, term: string) =>
  odm({ created }, subject('01', {}, event('V', {}, form('F', {}, group('IG.AE', {}, item('AETERM', term))))));

const FILES = {
  'warehouse.yml': configuration,
  'models/sdtm/ae.sql': 'SELECT subject_key AS USUBJID, aeterm AS AETERM, [_row] AS _rows FROM staged.ae',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, sex AS SEX, _line AS LINE, [_row] AS _rows FROM staged.people',
};
const A = { 'data/edc.xml': snapshot('2026-01-01T00:00:00Z', 'Rash'), 'data/people.csv': 'ID,SEX\n01,F\n02,M\n' };
const B = { 'data/edc.xml': snapshot('2026-02-01T00:00:00Z', 'Cough'), 'data/people.csv': 'ID,SEX\n02,M\n01,F\n' };

const manifestOf = (project: TemporaryProject) => JSON.parse(project.read('target/export/manifest.json').toString());
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

describe('the sources in the manifest [EXPORT-070]', () => {
  it('are those that the datasets come from: the same after a delta as from nothing', async () => {
    const manifests: string[] = [];
    for (const before of [{}, A]) {
      await withProject({ ...FILES, ...before }, async (project) => {
        if ('data/edc.xml' in before) await project.build();
        project.write(B);
        await project.build();
        manifests.push(project.read('target/export/manifest.json').toString());
        expect(manifestOf(project).sources.map((one: { sha256: string }) => one.sha256)).toEqual(
          Object.values(B).map(sha256),
        );
        expect(project.read('target/export/csv/dm.csv').toString()).toBe('USUBJID,SEX,LINE\n01,F,3\n02,M,2\n');
      });
    }
    expect(manifests[1]).toBe(manifests[0]);
  });

  it.each([
    { what: 'what was sent last of a version', old: ['AETERM'], sources: ['later', 'data'] },
    { what: 'an item that it no longer has', old: ['AETERM', 'AEOLD'], sources: ['old', 'later', 'data'] },
  ])('are also documents of which only the definitions are in force: $what', async ({ old, sources }) => {
    const defined = (name: string, oids: readonly string[]) =>
      document(
        { created: '2025-12-01T00:00:00Z' },
        element(
          'Study',
          { OID: 'S' },
          element(
            'MetaDataVersion',
            { OID: '1', Name: 'v1' },
            ...oids.map((oid) => element('ItemDef', { OID: oid, Name: name, DataType: 'text' })),
          ),
        ),
      );
    const documents: Record<string, string> = {
      old: defined('Old term', old),
      later: defined('Term', ['AETERM']),
      data: B['data/edc.xml'],
    };
    await withProject({ ...FILES, 'data/0.xml': documents.old, 'data/people.csv': 'ID,SEX\n' }, async (project) => {
      await project.load();
      project.write({ 'data/0.xml': documents.later, 'data/edc.xml': documents.data });
      await project.build();
      expect(
        await project.column("SELECT name FROM state.part WHERE source = 'edc' AND superseded_by IS NULL"),
      ).toEqual(['data/edc.xml']);
      const told = manifestOf(project).sources.filter(({ source }: { source: string }) => source === 'edc');
      expect(told.map((one: { sha256: string }) => one.sha256).sort()).toEqual(
        sources.map((name) => sha256(documents[name])).sort(),
      );
    });
  });

  it('are none for datasets that come from no delivery', async () => {
    const alone = {
      'warehouse.yml': JSON.stringify({ name: 'alone', study: { id: 'S' }, exports: { formats: ['csv'] } }),
      'models/sdtm/ta.sql': 'SELECT 1 AS ARM',
      'models/sdtm/ta.yml': 'reference_data: true\n',
    };
    await withProject(alone, async (project) => {
      await project.build();
      expect(manifestOf(project)).toMatchObject({ sources: [], seeds: [] });
    });
  });
});

describe('a seed [EXPORT-071, MODEL-030]', () => {
  const seeded = {
    'warehouse.yml': JSON.stringify({ name: 'seeded', study: { id: 'S' }, exports: { formats: ['csv'] } }),
    'models/sdtm/tv.sql': "SELECT * FROM read_csv(['data/ref/visits.csv', './data/ref/more.csv'], all_varchar = true)",
    'models/sdtm/tv.yml': 'reference_data: true\n',
    'data/ref/visits.csv': 'VISIT\nA\n',
    'data/ref/more.csv': 'VISIT\nB\n',
    'data/ref/unread.csv': 'X\n1\n',
  };
  const records = (project: TemporaryProject) =>
    project.column("SELECT meta->>'seeds' FROM audit.ledger WHERE action = 'model.build' ORDER BY sequence");

  it('is in the manifest, in the fingerprint and in the ledger, with the hash of its bytes', async () => {
    await withProject(seeded, async (project) => {
      await project.build();
      const before = manifestOf(project);
      const hashes = (visits: string) => ({
        'data/ref/more.csv': sha256('VISIT\nB\n'),
        'data/ref/visits.csv': sha256(visits),
      });
      const listed = (visits: string) => Object.entries(hashes(visits)).map(([name, hash]) => ({ name, sha256: hash }));
      expect(before.seeds).toEqual(listed('VISIT\nA\n'));
      project.write({ 'data/ref/visits.csv': 'VISIT\nC\n' });
      const { models } = await project.build();
      expect(models.map(({ state, reason }) => [state, reason])).toEqual([['built', 'data/ref/visits.csv changed']]);
      const after = manifestOf(project);
      expect(after.seeds).toEqual(listed('VISIT\nC\n'));
      expect(after.models).not.toEqual(before.models);
      expect((await records(project)).map((text) => JSON.parse(String(text)))).toEqual([
        hashes('VISIT\nA\n'),
        hashes('VISIT\nC\n'),
      ]);
    });
  });

  it('that has not changed builds nothing, and one that has makes an export stale', async () => {
    await withProject(seeded, async (project) => {
      await project.build();
      expect((await project.build()).models.map(({ state }) => state)).toEqual(['skipped']);
      project.write({ 'data/ref/visits.csv': 'VISIT\nC\n' });
      await expect(project.export()).rejects.toMatchObject({ code: 'EXPORT_STALE' });
    });
  });
});
