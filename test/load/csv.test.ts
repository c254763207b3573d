import { describe, expect, it } from 'vitest';
import { type Failure, type TemporaryProject, withProject } from '../helpers/project.ts';

/** warehouse.yml with one CSV source over data/. */
const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const A = 'ID,VALUE\n1,a\n2,b\n';
const B = 'ID,VALUE\n1,a\n3,c\n';

const staged = (project: TemporaryProject) => project.rows('SELECT id, value, _line FROM staged.lab ORDER BY _line');

describe('a CSV source', () => {
  it('ends at A after A, B, A, and stores the rows of A once [LOAD-012]', async () => {
    await withProject({ 'warehouse.yml': lab() }, async (project) => {
      for (const content of [A, B, A]) {
        project.write({ 'data/lab.csv': content });
        await project.build();
      }
      expect(await staged(project)).toEqual([
        ['1', 'a', 2],
        ['2', 'b', 3],
      ]);
      expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(3);
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(4);
      expect(
        await project.rows('SELECT in_file, landed, equal FROM recon.source_counts ORDER BY delivery_key'),
      ).toEqual([
        [2, 2, true],
        [2, 2, true],
      ]);
    });
  });

  it('loads the same file once [LOAD-012]', async () => {
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': A }, async (project) => {
      expect((await project.build()).deliveries.length).toBe(1);
      expect((await project.build()).deliveries).toEqual([]);
    });
  });

  it('that is cumulative by parts keeps the latest row of each key [LOAD-012]', async () => {
    const files = {
      'warehouse.yml': lab({ covers: 'increment', keys: ['ID'] }),
      'data/1.csv': A,
      'data/2.csv': 'ID,VALUE\n2,B\n3,C\n',
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await project.rows('SELECT id, value FROM staged.lab ORDER BY id')).toEqual([
        ['1', 'a'],
        ['2', 'B'],
        ['3', 'C'],
      ]);
    });
  });

  it('lands every cell as text, untouched, with line breaks, quotes and leading zeros [LOAD-014]', async () => {
    const cells = 'ID,VALUE,NOTE\r\n007,1E5,"two\nlines, ""quoted"""\r\n008, NA ,\r\n';
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': cells }, async (project) => {
      await project.build();
      expect(await project.rows('SELECT id, value, note, _line FROM raw.file_lab ORDER BY _line')).toEqual([
        ['007', '1E5', 'two\nlines, "quoted"', 2],
        ['008', ' NA ', '', 4],
      ]);
      expect(await project.rows(`SELECT note FROM staged.lab WHERE id = '008'`)).toEqual([[null]]);
    });
  });

  it('has the identities of docs/identity.md [LOAD-014]', async () => {
    const yml = {
      name: 'test',
      study: { id: 'VEXIN-03' },
      sources: { central_lab: { files: 'data/*.csv', system: 'lab', keys: ['ACCESSION', 'TEST'] } },
    };
    const file = 'ACCESSION,TEST,RESULT\nA-0012,ALT,20\n';
    await withProject({ 'warehouse.yml': JSON.stringify(yml), 'data/1.csv': file }, async (project) => {
      await project.build();
      // sha256sum of ["lab","Prod","VEXIN-03","central_lab","ACCESSION","A-0012","TEST","ALT","0"], first eight bytes.
      expect(await project.value('SELECT _identity::VARCHAR FROM raw.file_central_lab')).toBe('3684605551452205930');
    });
  });

  it('puts ragged lines in quarantine with their bytes, and loads the rest [LOAD-014]', async () => {
    const ragged = 'ID,VALUE\n1,a\n2\n3,c\n4,d,e\n5,f\n';
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': ragged }, async (project) => {
      await project.build();
      expect(await project.column('SELECT id FROM staged.lab ORDER BY id')).toEqual(['1', '3', '5']);
      expect(
        await project.rows('SELECT line, place, length, code, reason, decode(bytes) FROM raw.quarantine ORDER BY line'),
      ).toEqual([
        [3, 13, 2, 'CSV_CELL_COUNT', 'The line has 1 cell, the header 2.', '2\n'],
        [5, 19, 6, 'CSV_CELL_COUNT', 'The line has 3 cells, the header 2.', '4,d,e\n'],
      ]);
      expect(await project.rows('SELECT in_file, landed, equal FROM recon.source_counts')).toEqual([[5, 5, true]]);
      expect(await project.value('SELECT complete FROM raw.part')).toBe(false);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  const latin = Buffer.from('ID,VALUE\n1,caf\xe9\n', 'latin1');
  const bad: [string, string | Uint8Array, Partial<Failure>][] = [
    ['nothing', '', { code: 'CSV_EMPTY', message: 'The file is empty: not even a header.', line: 1 }],
    [
      'two columns of one name',
      'ID,ID\n1,2\n',
      { code: 'CSV_HEADER', message: 'The header names column ID twice.', line: 1 },
    ],
    [
      'a column without a name',
      'ID,,X\n1,2,3\n',
      { code: 'CSV_HEADER', message: 'Column 2 has no name in the header.', line: 1 },
    ],
    ['a quote that is never closed', 'ID,VALUE\n1,"a\n2,b\n', { code: 'CSV_MALFORMED', line: 2 }],
    ['text after a closing quote', 'ID,VALUE\n1,"a"b\n', { code: 'CSV_MALFORMED' }],
    [
      'bytes of another encoding',
      latin,
      {
        code: 'CSV_ENCODING',
        message: 'The file is not utf-8: there are bytes that this encoding does not have before byte 16.',
      },
    ],
  ];
  it.each(bad)('with %s is refused, and nothing of it lands [LOAD-014]', async (_, content, expected) => {
    await withProject({ 'warehouse.yml': lab({ delivery: 'each' }), 'data/1.csv': A }, async (project) => {
      await project.build();
      project.write({ 'data/2.csv': content });
      expect(await project.failure()).toMatchObject({ kind: 'data', file: 'data/2.csv', ...expected });
      expect(await staged(project)).toEqual([
        ['1', 'a', 2],
        ['2', 'b', 3],
      ]);
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(2);
      expect(await project.value('SELECT count(*) FROM raw.part')).toBe(1);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  const header = 'SUBJECT,VISIT,VALUE';
  it.each([
    [
      'under a misspelt name',
      header,
      { keys: ['SUBJCT'] },
      'no column "SUBJCT", which keys: of source lab names. Its columns are "SUBJECT", "VISIT", "VALUE".',
      'Did you mean "SUBJECT"? Correct keys: under sources: lab: in warehouse.yml, or the file. Nothing of this file was loaded.',
    ],
    [
      'at all',
      header,
      { keys: ['ACCESSION'] },
      'no column "ACCESSION", which keys: of source lab names. Its columns are "SUBJECT", "VISIT", "VALUE".',
      'Correct keys: under sources: lab: in warehouse.yml, or the file. Nothing of this file was loaded.',
    ],
    [
      'as it is otherwise delimited',
      'SUBJECT;VISIT;VALUE',
      { keys: ['VISIT'] },
      'no column "VISIT", which keys: of source lab names. Its columns are "SUBJECT;VISIT;VALUE".',
      'Its delimiter seems to be another: say delimiter: ";" under sources: lab: in warehouse.yml. Nothing of this file was loaded.',
    ],
    [
      'and has many others',
      Array.from({ length: 30 }, (_, index) => `C${index + 1}`).join(','),
      { keys: ['SUBJECT'] },
      `no column "SUBJECT", which keys: of source lab names. Its columns are ${Array.from({ length: 20 }, (_, index) => `"C${index + 1}"`).join(', ')} and 10 more.`,
      'Correct keys: under sources: lab: in warehouse.yml, or the file. Nothing of this file was loaded.',
    ],
  ])(
    'without its key column %s is refused, with the columns it has [LOAD-014]',
    async (_, line, keys, message, next) => {
      await withProject({ 'warehouse.yml': lab(keys), 'data/lab.csv': `${line}\n` }, async (project) => {
        expect(await project.failure()).toEqual({
          kind: 'data',
          code: 'CSV_KEY',
          message: `The header has ${message}`,
          file: 'data/lab.csv',
          line: 1,
          next,
        });
      });
    },
  );

  it('reads the encoding and the delimiter that are declared [LOAD-014]', async () => {
    const files = {
      'warehouse.yml': lab({ encoding: 'latin1', delimiter: ';' }),
      'data/lab.csv': Buffer.from('ID;VALUE\n1;caf\xe9\n', 'latin1'),
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await project.rows('SELECT id, value FROM staged.lab')).toEqual([['1', 'café']]);
    });
  });

  it('drops a byte order mark [LOAD-014]', async () => {
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': `\ufeff${A}` }, async (project) => {
      await project.build();
      expect(await project.rows('SELECT id FROM staged.lab ORDER BY id')).toEqual([['1'], ['2']]);
    });
  });
});
