import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { buildIfChanged } from '../../src/build/build-if-changed.ts';
import { exitCodeOf } from '../../src/report/summary.ts';
import { runCli } from '../cli/world.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { ae: { files: 'data/ae.csv', keys: ['id'] } },
    exports: { datasets: ['sdtm.ae'], formats: ['csv'] },
  }),
  'data/ae.csv': 'id,term\n1,Headache\n',
  'models/sdtm/ae.sql': 'SELECT id AS AESPID, term AS AETERM, [_row] AS _rows FROM staged.ae',
  'models/sdtm/ae.yml': 'label: Adverse Events\nkeys: [AESPID]\ncolumns: {AESPID: {}, AETERM: {}}\n',
  'models/work/n.sql': 'SELECT count(*) AS n FROM sdtm.ae',
  'models/work/n.yml': 'materialized: external\n',
};

const TERM = 'SELECT AETERM FROM sdtm.ae';
const RECORDS = "SELECT action FROM audit.ledger WHERE action LIKE 'release%' ORDER BY sequence";

/**
 * Other bytes of the same size under the same times, on a file system that shows nothing of it: as if what it says of
 * the file now were what it said a minute after the file was written.
 */
async function rewriteUnseen(project: TemporaryProject, content: string): Promise<void> {
  const path = project.path('data/ae.csv');
  const { size, atime, mtime } = statSync(path);
  project.write({ 'data/ae.csv': content });
  utimesSync(path, atime, mtime);
  const { ctimeNs, mtimeNs, ...now } = statSync(path, { bigint: true });
  expect(now.size).toBe(BigInt(size));
  const instance = await DuckDBInstance.create(project.path('.warehouse/main.duckdb'));
  const connection = await instance.connect();
  await connection.run(
    `UPDATE run.known_file SET modified_ns = ${mtimeNs}, changed_ns = ${ctimeNs}, seen_ns = ${ctimeNs} + 60000000000`,
  );
  connection.closeSync();
  instance.closeSync();
}

const check = async (project: TemporaryProject, name: string) =>
  (await project.checks()).find((check) => check.name === name);

describe('a release', () => {
  it('takes the hash of every source file, and what was rewritten unseen is a delivery [BUILD-140]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.build();
      await rewriteUnseen(project, 'id,term\n1,Back pain'.padEnd(19, '\n'));
      expect((await project.build()).deliveries).toEqual([]);
      expect(await project.column(TERM)).toEqual(['Headache']);
      expect(await check(project, 'source files')).toMatchObject({ ok: false });
      const { deliveries, released } = await project.build({ release: true });
      expect(deliveries).toMatchObject([{ source: 'ae' }]);
      expect(released).toBeDefined();
      expect(await project.column(TERM)).toEqual(['Back pain']);
      expect(await check(project, 'source files')).not.toMatchObject({ ok: false });
    });
  });

  it('is in the ledger with the SHA-256 of the list of its files, in the form of sha256sum [BUILD-141]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect(await check(project, 'release')).toBeUndefined();
      const before = project.read('target/export/manifest.json');
      const { released, exports } = await project.build({ release: true });
      const paths = [
        'target/export/csv/ae.csv',
        'target/export/manifest.json',
        'target/external/work/n.parquet',
        'target/main.duckdb',
      ];
      expect(exports.every(({ unchanged }) => unchanged)).toBe(true);
      expect(project.read('target/export/manifest.json')).toEqual(before);
      const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
      const list = paths.map((path) => `${sha256(project.read(path))}  ${path}\n`).join('');
      const record = "FROM audit.ledger SELECT sequence, after_hash, object, meta->>'files' WHERE action = 'release'";
      expect(await project.rows(record)).toEqual([[released?.record, sha256(list), 'main', '4']]);
      expect(released).toEqual({ record: released?.record, files: 4, sha256: sha256(list) });
    });
  });

  it('stands in the published file as begun, and verify tells whether it still is what is handed over [BUILD-141]', async () => {
    await withProject(FILES, async (project) => {
      await project.build({ release: true });
      expect(await project.column(RECORDS)).toEqual(['release.begin', 'release']);
      const instance = await DuckDBInstance.create(project.path('target/main.duckdb'), { access_mode: 'READ_ONLY' });
      const connection = await instance.connect();
      const published = await connection.runAndReadAll(RECORDS);
      expect(published.getRows()).toEqual([['release.begin']]);
      connection.closeSync();
      instance.closeSync();
      const [record] = await project.column("SELECT sequence FROM audit.ledger WHERE action = 'release'");
      const detail = (text: string) => ({ ok: true, detail: `${text} that of record ${record} of the ledger` });
      expect(await check(project, 'release')).toMatchObject(detail('what was handed over is'));
      project.write({ 'data/ae.csv': 'id,term\n1,Toothache\n' });
      await project.build();
      expect(await check(project, 'release')).toMatchObject(detail('handed over anew since'));
    });
  });

  it('is none where something failed, or bytes are not those of the record [BUILD-142]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const vault = project.path('.warehouse/vault/main');
      const copy = readdirSync(vault, { recursive: true, encoding: 'utf8' }).find((name) => name.length > 60)!;
      chmodSync(`${vault}/${copy}`, 0o600);
      project.write({ [`.warehouse/vault/main/${copy}`]: 'id,term\n1,Nosebleed\n' });
      const codes: string[] = [];
      project.events = (event) => event.event === 'error' && codes.push((event.error as { code: string }).code);
      const damaged = await project.build({ release: true });
      expect(damaged.released).toBeUndefined();
      expect(damaged.withheld?.error).toMatchObject({
        code: 'RELEASE_DIFFERS',
        message: expect.stringContaining('vault: the copy of data/ae.csv was changed'),
      });
      expect([codes, exitCodeOf(damaged)]).toEqual([['RELEASE_DIFFERS'], 1]);
      project.write({ [`.warehouse/vault/main/${copy}`]: FILES['data/ae.csv'], 'tests/no.sql': 'SELECT 1 AS n' });
      const failed = await project.build({ release: true });
      expect([failed.released, failed.tests.failed, exitCodeOf(failed)]).toEqual([undefined, 1, 3]);
      expect(await project.column(RECORDS)).toEqual(['release.begin', 'release.begin']);
    });
  });

  it('is of everything [BUILD-142]', async () => {
    await withProject(FILES, async (project) => {
      expect(await project.failure({ release: true, exclude: ['ae'] })).toMatchObject({
        kind: 'usage',
        code: 'RELEASE_SELECTION',
        message: 'A release is of everything, and this one is of --exclude "ae".',
      });
    });
  });

  it('is asked for by a flag of build, whose summary says that it is one [BUILD-141]', async () => {
    await withProject(FILES, async (project) => {
      const { code, output } = await runCli(
        ['build', '--release', '--threads', '2'],
        { build: buildIfChanged },
        project.root,
      );
      expect(code).toBe(0);
      expect(output).toMatch(
        /^released {3}4 files, each with the SHA-256 of its record \(record \d+ of the ledger\)$/m,
      );
    });
  });
});
