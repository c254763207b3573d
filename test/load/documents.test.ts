import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { event, form, group, item, odm, records, site, subject } from '../helpers/odm.ts';
import { configuration, type Failure, failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const good = odm(
  { created: '2026-01-01T00:00:00Z' },
  subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'good'))))),
);
const bad = odm(
  { created: '2026-01-02T00:00:00Z' },
  subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'BAD'))))),
);
const LIVE = { '1/V#1/F#1/G#1': { I: 'good' } };

/** Whatever a delivery may write. */
async function landed(project: TemporaryProject): Promise<Record<string, number>> {
  const tables = await project.column(
    `SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('raw', 'meta') ORDER BY ALL`,
  );
  const counts = await project.rows(
    tables.map((table) => `SELECT '${table}', count(*) FROM ${table}`).join(' UNION ALL '),
  );
  return Object.fromEntries(counts);
}

/** Alone in an empty warehouse, and after another document, which stays as it is. */
async function isRefused(files: Record<string, string | Uint8Array>, expected: Failure): Promise<void> {
  await withProject({ 'warehouse.yml': configuration({ optional: true }) }, async (project) => {
    await project.load();
    const empty = await landed(project);
    project.write(files);
    expect(await failureOf(project.load())).toEqual(expected);
    expect(await landed(project)).toEqual(empty);
    for (const name of Object.keys(files)) project.delete(name);
    project.write({ 'data/1.xml': good });
    await project.load();
    const before = await landed(project);
    project.write(files);
    expect(await project.failure()).toEqual(expected);
    expect(await landed(project)).toEqual(before);
    await project.run();
    expect(await records(project)).toEqual(LIVE);
    expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
  });
}

const NOT_WELL_FORMED =
  'Ask the sender for a well-formed file; nothing of this one was read. With on_malformed: recover of its source all lands but the subjects that are damaged.';
const TRUNCATED = 'Fetch the file again: it ends before the end of the document.';

const cases: [string, string | Uint8Array, Omit<Failure, 'kind' | 'file'>][] = [
  [
    'is not well-formed',
    bad.replace('</FormData>', '</Form>'),
    {
      code: 'ODM_NOT_WELL_FORMED',
      message: 'An end tag does not match its start tag.',
      line: 2,
      next: NOT_WELL_FORMED,
    },
  ],
  [
    'has an attribute twice',
    bad.replace('Value=', 'Value="x" Value='),
    { code: 'ODM_NOT_WELL_FORMED', message: 'An attribute stands twice.', line: 2, next: NOT_WELL_FORMED },
  ],
  [
    'has two roots',
    `${bad}${bad.slice(bad.indexOf('<ODM'))}`,
    { code: 'ODM_NOT_WELL_FORMED', message: 'A second root element begins.', line: 3, next: NOT_WELL_FORMED },
  ],
  [
    'was cut off in a tag',
    bad.slice(0, bad.indexOf('Value=')),
    { code: 'ODM_TRUNCATED', message: 'The document ends before its end tag.', line: 2, next: TRUNCATED },
  ],
  [
    'was cut off between tags',
    bad.slice(0, bad.indexOf('</ItemGroupData>')),
    { code: 'ODM_TRUNCATED', message: 'The document ends before its end tag.', line: 2, next: TRUNCATED },
  ],
  [
    'is empty',
    '',
    {
      code: 'ODM_EMPTY',
      message: 'The document is empty.',
      line: 1,
      next: 'Fetch the file again: it holds no document.',
    },
  ],
  [
    'is not ODM',
    '<Response ReferenceNumber="1" IsTransactionSuccessful="0" ReasonCode="RWS00024"/>',
    {
      code: 'ODM_NOT_ODM',
      message: 'The root element is not ODM in a namespace of ODM 1.2, 1.3 or 2.0.',
      line: 1,
      next: 'Check that the source sends ODM 1.2, 1.3 or 2.0; an error response of a web service is no ODM.',
    },
  ],
  [
    'is not in the encoding that it declares',
    Buffer.from(bad.replace('BAD', 'caf\xe9'), 'latin1'),
    {
      code: 'ODM_ENCODING',
      message: 'The document holds bytes that are not UTF-8.',
      line: 2,
      next: 'Ask the sender for the encoding of the file, or for the file in UTF-8.',
    },
  ],
  [
    'has a DOCTYPE',
    bad.replace('<ODM', '<!DOCTYPE ODM [<!ENTITY a "b">]>\n<ODM'),
    {
      code: 'ODM_DOCTYPE',
      message: 'The document has a document type declaration.',
      line: 2,
      next: 'Ask the sender for the file without a document type declaration; ODM needs none.',
    },
  ],
  [
    'is of another study',
    bad.replace('StudyOID="S"', 'StudyOID="S(Dev)"'),
    {
      code: 'STUDY_REFUSED',
      message: 'The file holds data of "S(Dev)", which this project is not for.',
      next: `The project's StudyOIDs are "S" (study.oids in warehouse.yml). Nothing of this file was loaded.`,
    },
  ],
];

describe('an ODM document that', () => {
  it.each(cases)('%s is refused, and nothing of it lands [LOAD-013]', async (_, content, expected) => {
    await isRefused({ 'data/bad.xml': content }, { kind: 'data', file: 'data/bad.xml', ...expected });
  });

  it.each([
    ['cut off', gzipSync(bad).subarray(0, 100)],
    ['damaged', damaged(gzipSync(bad))],
  ])('is packed and %s is refused, and nothing of it lands [LOAD-013]', async (_, content) => {
    await isRefused(
      { 'data/bad.xml.gz': content },
      {
        kind: 'data',
        code: 'SOURCE_GZIP',
        message: 'The file is compressed with gzip, but is damaged or cut off.',
        file: 'data/bad.xml.gz',
        next: 'Transfer it again.',
      },
    );
  });

  it('breaks off late, after many batches were written, leaves nothing [LOAD-013]', async () => {
    const many = Array.from({ length: 30_000 }, (_, index) =>
      group('G', { ItemGroupRepeatKey: `${index}` }, item('I', `value ${index}`)),
    );
    const large = odm({ created: '2026-01-02T00:00:00Z' }, subject('1', {}, event('V', {}, form('F', {}, ...many))));
    await isRefused(
      { 'data/bad.xml': large.slice(0, -10) },
      {
        kind: 'data',
        code: 'ODM_TRUNCATED',
        message: 'The document ends before its end tag.',
        file: 'data/bad.xml',
        line: 2,
        next: TRUNCATED,
      },
    );
  });
});

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let index = 60; index < 80; index++) copy[index] ^= 0xff;
  return copy;
}

/** The error of a load by somebody who is not root, to whom every file is readable. */
async function failureWithoutRights(project: TemporaryProject): Promise<Partial<Failure>> {
  if (process.getuid?.() !== 0) return project.failure();
  const nobody = 65_534;
  execFileSync('chown', ['-R', `${nobody}:${nobody}`, project.root]);
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await project.failure();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

describe('a file that cannot be read', () => {
  it('is refused, and nothing lands [LOAD-013]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': good }, async (project) => {
      await project.build();
      project.write({ 'data/2.xml': bad });
      chmodSync(project.path('data/2.xml'), 0);
      expect(await failureWithoutRights(project)).toEqual({
        kind: 'data',
        code: 'SOURCE_UNREADABLE',
        message: 'The file cannot be read (EACCES).',
        file: 'data/2.xml',
        next: 'Check that it exists and that you may read it.',
      });
      expect(await records(project)).toEqual(LIVE);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('because it is a folder is not taken for a file [LOAD-013]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': good }, async (project) => {
      mkdirSync(project.path('data/2.xml'));
      await project.build();
      expect(await records(project)).toEqual(LIVE);
    });
  });
});

describe('a file that holds data of two studies', () => {
  const both = good.replace(
    '</ClinicalData>',
    `</ClinicalData><ClinicalData StudyOID="OTHER" MetaDataVersionOID="1">${subject('9', {}, site('X'), event('V', {}, form('F', {}, group('G', {}, item('I', 'x'), item('J', 'y')))))}</ClinicalData>`,
  );

  it('lands that of the project, and names and counts the other [LOAD-015]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': both }, async (project) => {
      await project.build();
      expect(await records(project)).toEqual(LIVE);
      expect(
        await project.rows('SELECT study_oid, element, elements FROM raw.refused WHERE elements > 0 ORDER BY ALL'),
      ).toEqual([
        ['OTHER', 'ClinicalData', 1],
        ['OTHER', 'FormData', 1],
        ['OTHER', 'ItemData', 2],
        ['OTHER', 'ItemGroupData', 1],
        ['OTHER', 'StudyEventData', 1],
        ['OTHER', 'SubjectData', 1],
      ]);
      expect(
        await project.rows(
          'SELECT element, form_oid, site_oid, in_file, landed FROM recon.source_counts WHERE NOT equal',
        ),
      ).toEqual([]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('lands the other too once warehouse.yml names its OID [LOAD-015]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': both }, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': configuration({}, ['S', 'OTHER']) });
      await project.build();
      expect(await records(project)).toEqual({ ...LIVE, '9/V#1/F#1/G#1': { I: 'x', J: 'y' } });
      expect(
        await project.rows(
          'SELECT element, form_oid, site_oid, in_file, landed FROM recon.source_counts WHERE NOT equal',
        ),
      ).toEqual([]);
    });
  });
});

describe('a document in another encoding', () => {
  it.each([
    ['UTF-16', Buffer.from(`\ufeff${good.replace('UTF-8', 'UTF-16').replace('good', 'é')}`, 'utf16le')],
    ['ISO-8859-1', Buffer.from(good.replace('UTF-8', 'ISO-8859-1').replace('good', 'é'), 'latin1')],
  ])('%s lands, and is counted by the second scan [LOAD-016]', async (_, content) => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': content }, async (project) => {
      await project.build();
      expect(await records(project)).toEqual({ '1/V#1/F#1/G#1': { I: 'é' } });
      expect(
        await project.rows('SELECT element, form_oid, in_file, landed FROM recon.source_counts WHERE NOT equal'),
      ).toEqual([]);
      expect(await project.value(`SELECT in_file FROM recon.source_counts WHERE element = 'ItemData'`)).toBe(1);
    });
  });

  it.each([
    ['another member behind zeros', Buffer.concat([gzipSync(good), Buffer.alloc(4), gzipSync(good)])],
    ['what is no member behind a zero', Buffer.concat([gzipSync(good), Buffer.from('\0rest')])],
  ])('gzip with %s is refused: it would be lost [LOAD-068]', async (_, bytes) => {
    const end = gzipSync(good).length;
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml.gz': bytes }, async (project) => {
      expect(await project.failure()).toMatchObject({
        kind: 'data',
        code: 'SOURCE_GZIP',
        message: `The file is compressed with gzip up to byte ${end}; what follows is not.`,
        file: 'data/1.xml.gz',
      });
    });
  });

  it('gzip with padding at its end lands [LOAD-068]', async () => {
    const bytes = Buffer.concat([gzipSync(good), Buffer.alloc(600)]);
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml.gz': bytes }, async (project) => {
      await project.load();
      expect(await project.value('SELECT count(*) FROM raw.part')).toBe(1);
    });
  });

  it('gzip, with or without the ending, lands [LOAD-016]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': gzipSync(good) }, async (project) => {
      await project.build();
      expect(await records(project)).toEqual(LIVE);
    });
  });
});
