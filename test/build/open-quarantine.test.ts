import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { odmExport } from '../../src/build/odm-export.ts';
import { quarantineDiscard } from '../../src/build/quarantine-discard.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const recover = { on_malformed: 'recover' };
const one = (key: string, value: string) =>
  subject(key, {}, event('V', {}, form('F', {}, group('G', {}, item('I', value)))));

const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
const damage = (document: string) => document.replace('Value="b"', 'Value="b" Value="c"');
const head = (day: number, file = `F${day}`) => ({ created: at(day), root: { FileOID: file } });
const THREE = [one('1', 'a'), one('2', 'b'), one('3', 'd')];
const WHOLE = odm(head(1), ...THREE);
const DAMAGED = damage(WHOLE);

const MODEL = {
  'models/sdtm/x.sql': 'SELECT subject_key AS USUBJID, i AS TERM, [_row] AS _rows FROM staged.g',
  'models/sdtm/x.yml':
    'label: Test\nkeys: [USUBJID]\ncolumns:\n  USUBJID: { label: Subject }\n  TERM: { label: Term }\n',
};

const spans = (project: TemporaryProject) =>
  project.column(
    "SELECT p.name FROM recon.quarantine q JOIN raw.part p ON p.delivery_key = q.stands_as AND p.ordinal = q.part_ordinal WHERE q.status = 'open'",
  );

describe('a release', () => {
  const files = { 'warehouse.yml': configuration(recover), ...MODEL };
  const xpt = (project: TemporaryProject) => existsSync(project.path('target/export/manifest.json'));

  it('is not made while a damaged span is open, and verify fails [LOAD-088]', async () => {
    await withProject({ ...files, 'data/edc.xml': DAMAGED }, async (project) => {
      const { exports, publications, withheld } = await project.build();
      expect([exports, publications]).toEqual([[], []]);
      const open = {
        kind: 'data',
        code: 'QUARANTINE_OPEN',
        message: 'Data are missing, so nothing is exported: quarantine holds 1 damaged span of data/edc.xml.',
        file: 'data/edc.xml',
        line: 2,
        next: expect.stringContaining('Have the file delivered anew'),
      };
      expect(await failureOf(Promise.reject(withheld?.error))).toEqual(open);
      expect(withheld?.error?.place.byte).toBe(DAMAGED.indexOf('<SubjectData SubjectKey="2"'));
      expect(await failureOf(project.export())).toEqual(open);
      expect(xpt(project)).toBe(false);
      expect((await project.checks()).find(({ name }) => name === 'quarantine')).toMatchObject({
        ok: false,
        detail: 'open: 1 damaged span of data/edc.xml',
      });

      const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
      const options = { delivery: 1, force: false, threads: 2 } as const;
      expect(await failureOf(odmExport(await loadProject(project.root), options, context))).toEqual({
        kind: 'data',
        code: 'ODM_EXPORT_INCOMPLETE',
        message:
          'Not all of data/edc.xml was read: damaged spans of it are in raw.quarantine, so nothing can write it back.',
        file: 'data/edc.xml',
        next: 'Its bytes are in the vault, or where they were found: raw.part has their hash.',
      });

      // The same bytes again are no better, wherever they come from.
      project.write({ 'data/again.xml': DAMAGED });
      expect((await project.build()).withheld?.error?.code).toBe('QUARANTINE_OPEN');
      expect(await spans(project)).toEqual(['data/again.xml']);
    });
  });

  it('is made once the same document has come whole [LOAD-088]', async () => {
    await withProject({ ...files, 'data/edc.xml': DAMAGED }, async (project) => {
      await project.build();
      project.write({ 'data/edc.xml': WHOLE });
      const { exports, withheld } = await project.build();
      expect(withheld).toBeUndefined();
      expect(exports.map(({ rows }) => rows)).toContain(3);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('is made once the span was discarded [LOAD-088]', async () => {
    await withProject({ ...files, 'data/edc.xml': DAMAGED }, async (project) => {
      await project.build();
      const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
      const options = { number: 1, reason: 'a test subject', threads: 2 };
      await quarantineDiscard(await loadProject(project.root), options, context);
      const { exports, withheld } = await project.build();
      expect(withheld).toBeUndefined();
      expect(exports.map(({ rows }) => rows)).toContain(2);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it.each([
    ['another document of the same name', odm(head(2), ...THREE)],
    ['one of the same FileOID of another time', odm(head(2, 'F1'), ...THREE)],
    ['the same document, damaged elsewhere', WHOLE.replace('Value="d"', 'Value="d" Value="c"')],
  ])('is not made after %s, for nothing tells that it holds what is missing [LOAD-088]', async (_, content) => {
    await withProject({ ...files, 'data/edc.xml': DAMAGED }, async (project) => {
      await project.build();
      project.write({ 'data/edc.xml': content });
      expect((await project.build()).withheld?.error?.code).toBe('QUARANTINE_OPEN');
    });
  });
});
