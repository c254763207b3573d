import { expect, it } from 'vitest';
import { CsvPlaces } from '../../src/load/csv/places.ts';
import { csvRecords } from '../../src/load/csv/records.ts';
import { CsvScan } from '../../src/load/csv/scan.ts';
import { chunksOf, csvSource } from '../helpers/csv.ts';
import { withProject } from '../helpers/project.ts';

const BREAKS: readonly (readonly [name: string, text: string])[] = [
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR', '\r'],
];

/** Every way to end four lines, of which the last may have no line end. */
const combinations = BREAKS.flatMap(([header, a]) =>
  BREAKS.flatMap(([first, b]) =>
    BREAKS.flatMap(([second, c]) =>
      [...BREAKS, ['nothing', ''] as const].map(([last, d]) => ({
        name: [header, first, second, last].join(', '),
        ends: [a, b, c, d],
      })),
    ),
  ),
);

interface Found {
  cells: readonly string[];
  line: number;
  start: number;
  bytes: string;
}

async function recordsIn(bytes: Buffer, encoding: string, size: number): Promise<{ found: Found[]; counted: number }> {
  const places = new CsvPlaces(new TextDecoder(encoding).encoding);
  const scan = new CsvScan();
  const file = { name: 'lab.csv', path: '', size: bytes.length };
  const seen = { hash: undefined, size: 0, scan, places };
  const found: Found[] = [];
  for await (const { cells, textEnd } of csvRecords(chunksOf(bytes, size), csvSource({ encoding }), file, seen)) {
    const place = places.next(textEnd);
    found.push({
      cells,
      line: place.line,
      start: place.start,
      bytes: Buffer.from(places.bytesOf(place)).toString('hex'),
    });
  }
  return { found, counted: scan.end() };
}

/** What stands on the lines, and the cells of each. */
const files: readonly (readonly [name: string, lines: readonly string[], cells: readonly string[][]])[] = [
  [
    'two columns',
    ['ID,V', '1,é', '2,', '"3","c"'],
    [
      ['ID', 'V'],
      ['1', 'é'],
      ['2', ''],
      ['3', 'c'],
    ],
  ],
  ['one column', ['ID', '1', '"2"', '3'], [['ID'], ['1'], ['2'], ['3']]],
  ['a ragged line', ['ID,V', '1,a,b', '2', '3,c'], [['ID', 'V'], ['1', 'a', 'b'], ['2'], ['3', 'c']]],
];

it.each(combinations)('lines that end with $name are told apart, in any chunks [LOAD-028]', async ({ ends }) => {
  for (const [name, lines, cells] of files) {
    for (const encoding of ['utf-8', 'utf-16le'] as const) {
      const encoded = lines.map((line, index) => Buffer.from(line + ends[index], encoding));
      const expected = encoded.map((bytes, index) => ({
        cells: cells[index],
        line: index + 1,
        start: encoded.slice(0, index).reduce((sum, { length }) => sum + length, 0),
        bytes: bytes.toString('hex'),
      }));
      for (const size of [1, 2, 3, 5, 1024]) {
        const { found, counted } = await recordsIn(Buffer.concat(encoded), encoding, size);
        expect(found, `${name}, ${encoding} in chunks of ${size}`).toEqual(expected);
        expect(counted).toBe(4);
      }
    }
  }
});

it('line breaks in quotes stay as they are, whatever ends the lines [LOAD-028]', async () => {
  const text = 'ID,V\n1,"a\r\nb\rc\nd"\r\n2,"\r"\r3,x\n';
  const whole = [
    { cells: ['ID', 'V'], line: 1 },
    { cells: ['1', 'a\r\nb\rc\nd'], line: 2 },
    { cells: ['2', '\r'], line: 6 },
    { cells: ['3', 'x'], line: 8 },
  ];
  for (const size of [1, 2, 3, 1024]) {
    const { found, counted } = await recordsIn(Buffer.from(text), 'utf-8', size);
    expect(found.map(({ cells, line }) => ({ cells, line }))).toEqual(whole);
    expect(counted).toBe(4);
  }
});

const project = (file: string) => ({
  'warehouse.yml': JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv' } } }),
  'data/lab.csv': file,
});

it.each([
  ['a header with LF and lines with CR LF', 'ID,V\n1,a\r\n2,\r\n'],
  ['a header with CR LF and lines with LF', 'ID,V\r\n1,a\n2,\n'],
  ['a header with CR and lines with LF', 'ID,V\r1,a\n2,\n'],
])('a file of %s lands its rows, with no line end in a cell [LOAD-028]', async (_, file) => {
  await withProject(project(file), async (one) => {
    await one.build();
    expect(await one.rows('SELECT id, v, _line FROM raw.file_lab ORDER BY _line')).toEqual([
      ['1', 'a', 2],
      ['2', '', 3],
    ]);
    expect(await one.rows('SELECT id, v FROM staged.lab ORDER BY id')).toEqual([
      ['1', 'a'],
      ['2', null],
    ]);
    expect(await one.rows('SELECT count(*) FROM raw.quarantine')).toEqual([[0]]);
    expect(await one.rows('SELECT in_file, landed FROM recon.source_counts')).toEqual([[2, 2]]);
  });
});
