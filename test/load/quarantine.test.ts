import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Quarantine } from '../../src/load/quarantine.ts';
import { runSqlFile } from '../../src/store/sql-files.ts';
import { failureOf, withProject } from '../helpers/project.ts';
import { memory } from '../model/database.ts';

const lab = (encoding: string) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/*.csv*', format: 'csv', encoding } },
  });

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

it.each([
  // ID,VALUE CR LF, 1,cafe with acute CR LF, 2,euro sign,x CR LF
  [
    'windows-1252',
    bytes('49442c56414c55450d0a 312c636166e90d0a 322c802c780d0a'),
    ['1', 'caf\u00e9'],
    [3, 18, 7, '322c802c780d0a'],
  ],
  // Byte order mark, ID,VALUE LF, 1,U+010A LF, 2,e with acute,x LF
  [
    'utf-16le',
    bytes('fffe 490044002c00560041004c00550045000a00 31002c000a010a00 32002c00e9002c0078000a00'),
    ['1', '\u010a'],
    [3, 28, 12, '32002c00e9002c0078000a00'],
  ],
  // Byte order mark, ID,VALUE LF, 1,e with acute LF, 2 LF
  ['utf-8', bytes('efbbbf 49442c56414c55450a 312cc3a90a 320a'), ['1', '\u00e9'], [3, 17, 2, '320a']],
])(
  'a quarantined line of a %s file is kept byte by byte with its place [LOAD-021]',
  async (encoding, file, row, at) => {
    const [, place, length] = at as number[];
    for (const [name, content] of Object.entries({ 'data/lab.csv': file, 'data/lab.csv.gz': gzipSync(file) })) {
      await withProject({ 'warehouse.yml': lab(encoding), [name]: content }, async (project) => {
        await project.load();
        expect(await project.rows('SELECT id, value FROM raw.file_lab')).toEqual([row]);
        const kept = await project.rows('SELECT line, place, length, lower(hex(bytes)), sha256 FROM raw.quarantine');
        const sha256 = createHash('sha256')
          .update(file.subarray(place, place + length))
          .digest('hex');
        expect(kept).toEqual([[...at, sha256]]);
        const hashes = [content, file].map((one) => createHash('sha256').update(one).digest('hex'));
        expect(await project.rows('SELECT sha256, content_sha256, content_size_bytes FROM raw.part')).toEqual([
          [...hashes, file.length],
        ]);
      });
    }
  },
);

it('the line of a row is that on which it begins, after empty lines and line breaks in quotes [LOAD-014]', async () => {
  const file = 'ID,VALUE\r\n\r\n1,"a\r\nb"\r\n2,c\r\n\r\n3,d';
  await withProject({ 'warehouse.yml': lab('utf-8'), 'data/lab.csv': file }, async (project) => {
    await project.load();
    expect(await project.rows('SELECT id, _line FROM raw.file_lab ORDER BY id')).toEqual([
      ['1', 3],
      ['2', 5],
      ['3', 7],
    ]);
  });
});

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, k) => line(k)).join('');

it('a file of which most lines do not fit the header is refused whole, not put aside line by line [LOAD-025]', async () => {
  const file = `ID,VALUE\n${lines(40_000, (k) => `${k},a,b\n`)}${lines(39_999, (k) => `${k},a\n`)}`;
  await withProject({ 'warehouse.yml': lab('utf-8'), 'data/lab.csv': file }, async (project) => {
    expect(await failureOf(project.load())).toMatchObject({
      kind: 'data',
      code: 'CSV_CELL_COUNT',
      message: '40000 of 79999 lines have another number of cells than the header; the first is here.',
      file: 'data/lab.csv',
      line: 2,
      next: 'Nothing of this file was loaded. Is "," its delimiter (delimiter: of source lab in warehouse.yml), and its first line the header?',
    });
    expect(await project.rows('SELECT count(*) FROM raw.delivery')).toEqual([[0]]);
    expect(await project.rows('SELECT count(*) FROM raw.quarantine')).toEqual([[0]]);
  });
});

it.each([
  ['half of the lines', 2500, 2500],
  ['99 lines of 100', 99, 1],
])('%s that do not fit are put aside in their order, and the rest is loaded [LOAD-025]', async (_, ragged, whole) => {
  const file = `ID,VALUE\n${lines(ragged, (k) => `${k},a,b\n`)}${lines(whole, (k) => `${k},a\n`)}`;
  await withProject({ 'warehouse.yml': lab('utf-8'), 'data/lab.csv': file }, async (project) => {
    await project.load();
    expect(await project.rows('SELECT count(*) FROM raw.file_lab')).toEqual([[whole]]);
    const kept = await project.rows('SELECT quarantine_key, line, bytes::VARCHAR FROM raw.quarantine ORDER BY ALL');
    expect(kept).toEqual(Array.from({ length: ragged }, (_, k) => [k + 1, k + 2, `${k},a,b\\x0A`]));
  });
});

it.each([
  ['a thousand', 1000, 1],
  ['a megabyte', 2, 1 << 19],
])('no more than %s of what is put aside is held in memory [LOAD-025]', async (_, count, size) => {
  const connection = await memory();
  await runSqlFile(connection, 'raw.sql');
  const quarantine = new Quarantine(
    { connection, quarantine: { recipients: [], keep: 'bytes' } },
    { deliveryKey: 1, ordinal: 1 },
  );
  const written = () => connection.row('SELECT count(*) AS n FROM raw.quarantine');
  const bytes = Buffer.alloc(size);
  const add = (line: number) => quarantine.add({ line, place: 0, bytes, code: 'CSV_CELL_COUNT', reason: 'ragged' });
  for (let line = 1; line < count; line++) await add(line);
  expect(await written()).toEqual({ n: 0n });
  await add(count);
  expect(await written()).toEqual({ n: BigInt(count) });
  connection.close();
});
