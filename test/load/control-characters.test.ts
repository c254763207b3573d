import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { noticesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, records, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const one = (key: string, value: string) =>
  subject(key, {}, event('V', {}, form('F', {}, group('G', {}, item('I', value)))));
const HEAD = { created: '2026-01-01T00:00:00Z' };
const replace = { control_characters: 'replace' };
const record = (key: string) => `${key}/V#1/F#1/G#1`;
/** Two control characters: one raw, one by reference, on lines 2 and 4. */
const DOCUMENT = odm(HEAD, one('1', 'aXb'), one('2', 'c\nd\neYf'))
  .replace('X', '\u000b')
  .replaceAll('&#10;', '\n')
  .replace('Y', '&#x1F;');

it('control characters refuse a file by default, whether or not its source recovers [LOAD-089]', async () => {
  await withProject({ 'warehouse.yml': configuration(), 'data/edc.xml': DOCUMENT }, async (project) => {
    expect(await project.failure()).toMatchObject({ code: 'ODM_NOT_WELL_FORMED', line: 2 });
  });
});

it('control characters are replaced where the source says so, each is recorded, and nothing is missing [LOAD-089]', async () => {
  const files = {
    'warehouse.yml': configuration({ ...replace, covers: 'study' }),
    'data/edc.xml': DOCUMENT,
    'models/sdtm/x.sql':
      "SELECT subject_key AS USUBJID, replace(i, chr(10), ' ') AS TERM, [_row] AS _rows FROM staged.g",
    'models/sdtm/x.yml': 'label: Test\nkeys: [USUBJID]\n',
  };
  await withProject(files, async (project) => {
    const notices = noticesOf(project);
    const { withheld } = await project.build();
    expect(withheld).toBeUndefined();
    expect(await records(project)).toEqual({ [record('1')]: { I: 'a b' }, [record('2')]: { I: 'c\nd\ne f' } });
    const row = (line: number, text: string, shown: string) => [
      line,
      Buffer.from(DOCUMENT).indexOf(text),
      text.length,
      'ODM_CONTROL_CHARACTER',
      `A control character that XML does not allow (${shown}) was replaced by a space.`,
      createHash('sha256').update(text).digest('hex'),
      Buffer.from(text).toString('hex'),
    ];
    expect(
      await project.rows(
        'SELECT line, place, length, code, reason, sha256, lower(hex(bytes)) FROM raw.quarantine ORDER BY place',
      ),
    ).toEqual([row(2, '\u000b', 'U+000B'), row(4, '&#x1F;', '&#x1F;')]);
    expect(await project.rows('SELECT complete FROM raw.part')).toEqual([[true]]);
    expect(await project.column('SELECT covers FROM raw.delivery')).toEqual(['study']);
    expect(notices).toEqual([
      {
        event: 'notice',
        code: 'SOURCE_CONTROL_CHARACTERS',
        message:
          'data/edc.xml: 2 control characters that XML does not allow replaced by spaces, on lines 2, 4 (raw.quarantine).',
      },
    ]);
    expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    expect(await project.column('SELECT element FROM recon.source_counts WHERE NOT equal')).toEqual([]);
  });
});

it('control characters are replaced beside damage, but not what stands in it [LOAD-089]', async () => {
  const damaged = DOCUMENT.replace(
    '</ClinicalData>',
    `${one('3', 'g&#x2;').replace('amp;', '').replace('FormOID="F"', 'FormOID=F')}</ClinicalData>`,
  );
  const settings = { ...replace, on_malformed: 'recover' };
  await withProject({ 'warehouse.yml': configuration(settings), 'data/edc.xml': damaged }, async (project) => {
    expect(await project.planned()).toHaveLength(1);
    await project.load();
    expect(await project.column('SELECT code FROM raw.quarantine ORDER BY quarantine_key')).toEqual([
      'ODM_CONTROL_CHARACTER',
      'ODM_CONTROL_CHARACTER',
      'ODM_NOT_WELL_FORMED',
    ]);
    expect(await project.rows('SELECT complete, subject_data_count FROM raw.part')).toEqual([[false, 2]]);
    expect(await project.rows("SELECT code FROM recon.quarantine WHERE status = 'open'")).toEqual([
      ['ODM_NOT_WELL_FORMED'],
    ]);
  });
});
