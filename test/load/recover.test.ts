import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { noticesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, records, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const recover = { on_malformed: 'recover' };
const one = (key: string, value: string) =>
  subject(key, {}, event('V', {}, form('F', {}, group('G', {}, item('I', value)))));
const record = (key: string) => `${key}/V#1/F#1/G#1`;

const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
const damage = (document: string) => document.replace('Value="b"', 'Value="b" Value="c"');
const head = (day: number, file = `F${day}`) => ({ created: at(day), root: { FileOID: file } });
const THREE = [one('1', 'a'), one('2', 'b'), one('3', 'd')];
const WHOLE = odm(head(1), ...THREE);
const DAMAGED = damage(WHOLE);
/** Subject 2, as it stands in the damaged document. */
const SPAN = damage(THREE[1]);

const quarantine = (project: TemporaryProject) =>
  project.rows(
    'SELECT delivery_key, part_ordinal, line, place, length, code, reason, sha256, lower(hex(bytes)) FROM raw.quarantine ORDER BY quarantine_key',
  );
const spans = (project: TemporaryProject) =>
  project.column(
    "SELECT p.name FROM recon.quarantine q JOIN raw.part p ON p.delivery_key = q.stands_as AND p.ordinal = q.part_ordinal WHERE q.status = 'open'",
  );

/** Tables of raw without what depends on when something arrived, or where it stood. */
async function raw(project: TemporaryProject): Promise<Record<string, unknown[][]>> {
  const tables = await project.column(
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name NOT IN ('delivery', 'part', 'quarantine', 'source_count') ORDER BY 1`,
  );
  const found: Record<string, unknown[][]> = {};
  for (const table of tables) {
    const columns = await project.column(
      `SELECT column_name FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = '${table}' AND column_name <> 'place' ORDER BY 1`,
    );
    found[String(table)] = await project.rows(
      `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM raw.${table} ORDER BY ALL`,
    );
  }
  return found;
}

describe('a document with a damaged subject', () => {
  it('lands nothing by default, and is named with its place [LOAD-080]', async () => {
    for (const source of [{}, { on_malformed: 'refuse' }]) {
      await withProject({ 'warehouse.yml': configuration(source), 'data/edc.xml': DAMAGED }, async (project) => {
        expect(await project.failure()).toMatchObject({ code: 'ODM_NOT_WELL_FORMED', file: 'data/edc.xml', line: 2 });
        expect(await project.value('SELECT count(*) FROM raw.subject_data')).toBe(0);
      });
    }
  });

  it.each([
    ['data/edc.xml', Buffer.from(DAMAGED)],
    ['data/edc.xml.gz', gzipSync(DAMAGED)],
  ])(
    'lands without it where its source recovers, and the span is kept byte by byte: %s [LOAD-080, LOAD-081]',
    async (name, bytes) => {
      await withProject({ 'warehouse.yml': configuration(recover), [name]: bytes }, async (project) => {
        const notices = noticesOf(project);
        const { deliveries } = await project.load();
        expect(deliveries.map(({ items }) => items)).toEqual([2]);
        await project.run();
        expect(await records(project)).toEqual({ [record('1')]: { I: 'a' }, [record('3')]: { I: 'd' } });
        const place = Buffer.from(DAMAGED).indexOf('<SubjectData SubjectKey="2"');
        const byte = Buffer.from(DAMAGED).indexOf('Value="c"');
        expect(await quarantine(project)).toEqual([
          [
            1,
            1,
            2,
            place,
            SPAN.length,
            'ODM_NOT_WELL_FORMED',
            `An attribute stands twice. (line 2, byte ${byte})`,
            createHash('sha256').update(SPAN).digest('hex'),
            Buffer.from(SPAN).toString('hex'),
          ],
        ]);
        expect(
          await project.rows('SELECT complete, subject_data_count, item_data_count, content_size_bytes FROM raw.part'),
        ).toEqual([[false, 2, 2, DAMAGED.length]]);
        expect(notices).toEqual([
          {
            event: 'notice',
            code: 'SOURCE_QUARANTINED',
            message: `${name}: 1 damaged span put aside, on line 2 (raw.quarantine). The rest landed; it removes nothing by what it does not hold.`,
            next: 'Have it delivered anew: until then nothing is exported.',
          },
        ]);
        // As it is, it is not to be loaded again.
        expect((await project.load()).deliveries).toEqual([]);
      });
    },
  );

  it('lands as a document from which the subject was cut out, place apart [LOAD-081]', async () => {
    const documents = { damaged: DAMAGED, cut: odm(head(1), THREE[0], THREE[2]) };
    const found: unknown[] = [];
    for (const content of Object.values(documents)) {
      await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': content }, async (project) => {
        await project.load();
        found.push(await raw(project));
      });
    }
    expect(found[0]).toEqual(found[1]);
  });

  it('leaves nothing of a reading that failed after thousands of rows had been written [LOAD-082]', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => one(`${index}`, 'x'));
    const document = odm(head(1), ...many.slice(0, 2999), damage(one('2999', 'b')), one('last', 'z'));
    const files = { 'warehouse.yml': configuration(recover), 'data/edc.xml': document };
    await withProject(files, async (project) => {
      await project.load();
      const counted = await project.rows(
        `SELECT (SELECT count(*) FROM raw.subject_data), (SELECT count(*) FROM raw.item_data), (SELECT min(key) FROM raw.subject_data),
          (SELECT count(DISTINCT key) FROM raw.item_group_data), (SELECT count(*) FROM raw.delivery), (SELECT count(*) FROM raw.quarantine)`,
      );
      expect(counted).toEqual([[3000, 3000, 3, 3000, 1, 1]]);
    });
  });

  it('says on which line each of several spans begins, whatever stands on it [LOAD-080]', async () => {
    const lines = (document: string) =>
      document.replaceAll('<SubjectData', '\n\n<SubjectData').replaceAll('<ItemData', '\n<ItemData');
    const document = lines(
      damage(odm(head(1), one('1', 'b'), one('2', '\u00e4\u20ac'), damage(one('3', 'b')), one('4', 'e'))),
    );
    await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': document }, async (project) => {
      await project.load();
      const bytes = Buffer.from(document);
      const expected = ['1', '3'].map((key) => {
        const place = bytes.indexOf(`<SubjectData SubjectKey="${key}"`);
        const error = bytes.indexOf('Value="c"', place);
        const line = (byte: number) => bytes.toString('latin1', 0, byte).split('\n').length;
        return [line(place), place, `An attribute stands twice. (line ${line(error)}, byte ${error})`];
      });
      expect(expected.map(([line]) => line)).toEqual([4, 10]);
      expect(await project.rows('SELECT line, place, reason FROM raw.quarantine ORDER BY place')).toEqual(expected);
    });
  });

  it('is kept byte by byte however long it is, with others beside it [LOAD-080]', async () => {
    const long = one('2', 'b').replace('Value', `Other="${'\u20ac'.repeat(40_000)}" Value`);
    const damaged = [damage(one('1', 'b')), damage(long), damage(one('3', 'b'))];
    const document = odm(head(1), one('0', 'a'.repeat(200_000)), ...damaged);
    await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': document }, async (project) => {
      await project.load();
      const found = await project.rows(
        'SELECT quarantine_key, length, lower(hex(bytes)), sha256 = sha256(bytes) FROM raw.quarantine ORDER BY place',
      );
      const expected = damaged.map((text) => Buffer.from(text));
      expect(found).toEqual(expected.map((bytes, index) => [index + 1, bytes.length, bytes.toString('hex'), true]));
    });
  });

  it("of a study that is not the project's is told, and its bytes are not kept [LOAD-080]", async () => {
    const foreign = `<ClinicalData StudyOID="T" MetaDataVersionOID="1">${SPAN}${one('9', 'x')}</ClinicalData>`;
    const document = WHOLE.replace('<ClinicalData', `${foreign}<ClinicalData`);
    await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': document }, async (project) => {
      await project.load();
      expect(await project.rows('SELECT place, length, sha256, bytes FROM raw.quarantine')).toEqual([
        [document.indexOf(SPAN), SPAN.length, createHash('sha256').update(SPAN).digest('hex'), null],
      ]);
      expect(await project.value('SELECT count(*) FROM raw.subject_data')).toBe(3);
      expect(await project.rows("SELECT study_oid, elements FROM raw.refused WHERE element = 'SubjectData'")).toEqual([
        ['T', 1],
      ]);
      expect(await project.column('SELECT element FROM recon.source_counts WHERE NOT equal')).toEqual([]);
    });
  });

  it('is counted as a second scan counts it: the span as one fragment, what stands in it not at all [LOAD-083]', async () => {
    await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': DAMAGED }, async (project) => {
      await project.load();
      expect(
        await project.rows('SELECT element, in_file, landed, equal FROM recon.source_counts ORDER BY element'),
      ).toEqual([
        ['ClinicalData', 1, 1, true],
        ['FormData', 2, 2, true],
        ['ItemData', 2, 2, true],
        ['ItemGroupData', 2, 2, true],
        ['StudyEventData', 2, 2, true],
        ['SubjectData', 2, 2, true],
        ['fragment', 1, 1, true],
      ]);
    });
  });

  it('removes nothing by absence, and the next snapshot that is whole does [LOAD-084]', async () => {
    const yml = configuration({ ...recover, covers: 'study' });
    const files = { 'warehouse.yml': yml, 'data/1.xml': odm(head(1), ...THREE) };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/2.xml': damage(odm(head(2), one('1', 'A'), one('2', 'b'))) });
      await project.load();
      await project.run();
      const before = { [record('1')]: { I: 'A' }, [record('2')]: { I: 'b' }, [record('3')]: { I: 'd' } };
      expect(await records(project)).toEqual(before);
      expect(await project.column('SELECT covers FROM raw.delivery ORDER BY delivery_key')).toEqual([
        'study',
        'increment',
      ]);
      expect(await spans(project)).toEqual(['data/2.xml']);
      project.write({ 'data/3.xml': odm(head(3), one('1', 'B'), one('2', 'C')) });
      await project.load({ acceptRemovals: true });
      await project.run();
      expect(await records(project)).toEqual({ [record('1')]: { I: 'B' }, [record('2')]: { I: 'C' } });
      expect(await spans(project)).toEqual([]);
      expect((await project.checks()).find(({ name }) => name === 'quarantine')).toBeUndefined();
    });
  });

  it('counts as earlier than the same document whole, whatever their hashes [LOAD-084]', async () => {
    const live = `SELECT x.subject_key, i.value FROM state.item_data i JOIN state.item_group_data g ON g.key = i.item_group_data_key
      JOIN raw.subject_data x ON x.key = g.subject_data_key ORDER BY ALL`;
    for (const n of [1, 2, 3, 4]) {
      const corrected = odm(head(1), one('1', `new ${n}`), ...THREE.slice(1));
      const covers = n % 2 === 0 ? { covers: 'study' } : {};
      const files = { 'warehouse.yml': configuration({ ...recover, ...covers }), 'data/edc.xml': DAMAGED };
      await withProject(files, async (project) => {
        await project.load();
        project.write({ 'data/edc.xml': corrected });
        const notices = noticesOf(project);
        await project.load();
        const [notice] = notices.filter(({ code }) => code === 'SOURCE_SAME_TIME');
        expect(notice.message).toContain('As the whole one of the two, this delivery counts as the later state.');
        expect(await project.rows(live)).toEqual([
          ['1', `new ${n}`],
          ['2', 'b'],
          ['3', 'd'],
        ]);
        expect(await spans(project)).toEqual([]);
      });
    }
  });

  it('is planned as it is loaded, with the names of what it holds [LOAD-085]', async () => {
    await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': DAMAGED }, async (project) => {
      expect(await project.planned()).toEqual([['data/edc.xml', 'new file']]);
      await project.load();
      expect(await project.column('SELECT table_name FROM meta.item')).toEqual(['g']);
    });
  });

  it('is not read by sax, which does not see all that is wrong [LOAD-086]', async () => {
    for (const setting of [recover, { control_characters: 'replace' }]) {
      await withProject({ 'warehouse.yml': configuration(setting), 'data/edc.xml': WHOLE }, async (project) => {
        const [[key, value]] = Object.entries(setting);
        expect(await project.failure({ parser: 'sax' })).toEqual({
          kind: 'usage',
          code: 'SOURCE_PARSER',
          message: `Source edc says ${key}: ${value}, which --parser sax cannot do: it does not see all that is wrong.`,
          file: 'warehouse.yml',
          next: 'Nothing of it was loaded. Leave out --parser sax, or the setting.',
        });
      });
    }
  });

  it('is refused where it is cut off, and nothing of it lands [ODM-165]', async () => {
    const cutOff = DAMAGED.slice(0, DAMAGED.indexOf('</ODM>'));
    await withProject({ 'warehouse.yml': configuration(recover), 'data/edc.xml': cutOff }, async (project) => {
      expect(await project.failure()).toMatchObject({ kind: 'data', code: 'ODM_TRUNCATED', file: 'data/edc.xml' });
      expect(await project.value('SELECT count(*) FROM raw.subject_data')).toBe(0);
      expect(await project.value('SELECT count(*) FROM raw.quarantine')).toBe(0);
    });
  });

  it('is read anew where the setting comes or goes, and what is well-formed under the default is not [LOAD-087]', async () => {
    const fingerprints: unknown[] = [];
    for (const setting of [{}, { on_malformed: 'refuse', control_characters: 'refuse' }, recover]) {
      await withProject({ 'warehouse.yml': configuration(setting), 'data/edc.xml': WHOLE }, async (project) => {
        await project.load();
        fingerprints.push(await project.value('SELECT reader_fingerprint FROM raw.part'));
      });
    }
    // SHA-256 of the canonical JSON that was hashed before there were these settings.
    const before = '{"dialect":null,"format":"odm","system":"edc","time_zone":null,"version":2}';
    const sha256 = createHash('sha256').update(before).digest('hex');
    expect(fingerprints.slice(0, 2)).toEqual([sha256, sha256]);
    expect(fingerprints[2]).not.toBe(sha256);
  });
});
