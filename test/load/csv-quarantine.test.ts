import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';

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
