import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { plan } from '../../src/build/plan.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { noticesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { withProject } from '../helpers/project.ts';

const document = (day: number) =>
  odm(
    { created: `2026-01-0${day}T00:00:00Z` },
    subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', `${day}`))))),
  );

const configured = (files: string) => `name: test
study: { id: S }
sources: { edc: { files: ${files} } }
targets: { other: { sources: { edc: { files: data/other.xml } } } }
`;

const FILES = {
  'data/first.xml': document(1),
  'data/other.xml': document(2),
  'data/style.xml': '<stylesheet><!-- no <ODMish/> --></stylesheet>',
  'data/rates.csv': 'A\n1\n',
  'elsewhere/second.xml': document(3),
};

it('an ODM file beside those of a source that belongs to none is told by load and plan [LOAD-056]', async () => {
  await withProject({ 'warehouse.yml': configured('data/first.xml'), ...FILES }, async (project) => {
    const notices = noticesOf(project, 'SOURCE_UNCLAIMED');
    await project.load();
    expect(notices).toEqual([]);
    project.write({ 'data/second.xml': document(3) });
    const expected = {
      event: 'notice',
      code: 'SOURCE_UNCLAIMED',
      message: 'data/second.xml belongs to no source, and is not loaded.',
      next: 'If it is a delivery, name it under files: of a source in warehouse.yml, or a pattern such as data/*.xml; else keep it in another folder.',
    };
    await project.load();
    expect(notices).toEqual([expected]);
    const { clock, events } = project;
    await plan(await loadProject(project.root), { select: [] }, { clock, events });
    expect(notices).toEqual([expected, expected]);
    project.write({
      'data/third.xml.gz': gzipSync(document(4)),
      'data/fourth.xml': Buffer.from(`\ufeff${document(5).replace('UTF-8', 'UTF-16')}`, 'utf16le'),
    });
    await project.load();
    expect(notices.at(-1)).toMatchObject({
      message: 'data/fourth.xml, data/second.xml, data/third.xml.gz belong to no source, and are not loaded.',
    });
    // Named, they are loaded.
    project.write({ 'warehouse.yml': configured('[data/*.xml, data/*.xml.gz]') });
    project.delete('data/style.xml');
    notices.length = 0;
    expect((await project.load()).deliveries.map(({ name }) => name)).toEqual([
      'data/other.xml',
      'data/second.xml',
      'data/third.xml.gz',
      'data/fourth.xml',
    ]);
    expect(notices).toEqual([]);
  });
});

it('an ODM file in the place of a source is told where the last one was taken away [LOAD-056]', async () => {
  const files = { 'warehouse.yml': configured('data/first.xml'), 'data/first.xml': document(1) };
  await withProject(files, async (project) => {
    await project.load();
    project.delete('data/first.xml');
    project.write({ 'data/second.xml': document(3) });
    const notices = noticesOf(project, 'SOURCE_UNCLAIMED');
    await project.load();
    expect(notices).toEqual([
      expect.objectContaining({ message: 'data/second.xml belongs to no source, and is not loaded.' }),
    ]);
  });
});

it('a pattern is proposed that the file matches, and Define-XML beside the data is no delivery [LOAD-056]', async () => {
  const define = (version: string, within = '') =>
    `<?xml version="1.0"?><!-- <ODM> --><ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v${version}" FileType="Snapshot">${' '.repeat(20_000)}<Study OID="S"/>${within}</ODM>`;
  const files = {
    'warehouse.yml': configured('data/first.xml'),
    'data/first.xml': document(1),
    'data/define.xml': define('2.1'),
    'data/define-2-0.xml.gz': gzipSync(define('2.0')),
    'data/define-1-0.xml': define('1.0'),
  };
  await withProject(files, async (project) => {
    const notices = noticesOf(project, 'SOURCE_UNCLAIMED');
    await project.load();
    expect(notices).toEqual([]);
    project.write({
      'data/SECOND.XML': document(2),
      'data/with-data.xml': define('2.1', '<ClinicalData StudyOID="S"/>'),
    });
    await project.load();
    expect(notices).toEqual([
      {
        event: 'notice',
        code: 'SOURCE_UNCLAIMED',
        message: 'data/SECOND.XML, data/with-data.xml belong to no source, and are not loaded.',
        next: 'If they are deliveries, name them under files: of a source in warehouse.yml, or a pattern such as data/*.XML; else keep them in another folder.',
      },
    ]);
    project.write({ 'warehouse.yml': configured('[data/first.xml, data/*.XML]') });
    expect((await project.load()).deliveries.map(({ name }) => name)).toEqual(['data/SECOND.XML']);
  });
});
