import type { CsvSource } from '../../src/project/source.ts';

/** Source lab as warehouse.yml makes it of a file and nothing else, and what is said besides. */
export const csvSource = (said: Partial<CsvSource> = {}): CsvSource => ({
  name: 'lab',
  files: [],
  system: 'lab',
  keep: 'none',
  classification: 'none',
  format: 'csv',
  covers: 'study',
  keys: [],
  delimiter: ',',
  encoding: 'utf-8',
  ...said,
});

/** The bytes of a file in pieces of that size. */
export async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
