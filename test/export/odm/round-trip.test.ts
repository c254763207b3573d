import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WarehouseError } from '../../../src/lib/errors.ts';
import { describeWithSharedData, sharedData } from '../../helpers/shared-data.ts';
import { documents } from '../../odm/generated.ts';
import { read } from '../../odm/read.ts';
import { canonical } from './canonical.ts';
import { foldedDocuments } from './folded-documents.ts';
import { rowsBarPlaces, written } from './in-memory.ts';

async function expectRoundTrip(document: string | Uint8Array, dialect?: string): Promise<void> {
  const reading = read(document, { dialect });
  const copy = await written(reading);
  expect(canonical(copy)).toBe(canonical(document));
  const again = read(copy, { dialect: reading.summary.dialect });
  expect(rowsBarPlaces(again)).toEqual(rowsBarPlaces(reading));
  expect(await written(again)).toBe(copy);
}

function odmFiles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (file) => file.isFile() && /\.xml(\.gz)?$/.test(file.name),
  );
  return files.map((file) => join(file.parentPath, file.name));
}

function bytesOf(file: string): Uint8Array {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Whether it is ODM that is read at all. */
function isRead(document: Uint8Array): boolean {
  try {
    read(document);
    return true;
  } catch (error) {
    if (error instanceof WarehouseError) return false;
    throw error;
  }
}

describeWithSharedData('real files', () => {
  it('come back from their rows as they were, but for what raw does not hold [ODM-104]', async () => {
    const files = odmFiles(sharedData('odm')).filter((file) => isRead(bytesOf(file)));
    expect(files.length).toBeGreaterThan(40);
    for (const file of files) {
      await expectRoundTrip(bytesOf(file)).catch((error: unknown) => {
        throw new Error(`${file}: ${(error as Error).message}`);
      });
    }
  });
});

it('the files of the demonstration study come back from their rows as they were [ODM-104]', async () => {
  const files = odmFiles(join(import.meta.dirname, '../../../data')).filter((file) => isRead(bytesOf(file)));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) await expectRoundTrip(bytesOf(file));
});

const LONG = process.env.WAREHOUSE_LONG === '1';
const RUNS = LONG ? 20_000 : 200;
const TIMEOUT = LONG ? 7_200_000 : 300_000;

it(
  'generated documents come back from their rows as they were [ODM-105]',
  async () => {
    await fc.assert(
      fc.asyncProperty(documents(false), (document) => expectRoundTrip(document)),
      { numRuns: RUNS, seed: 5 },
    );
  },
  TIMEOUT,
);

it(
  'what is folded into columns comes back in any order, number and form [ODM-106]',
  async () => {
    await fc.assert(
      fc.asyncProperty(foldedDocuments, (document) => expectRoundTrip(document)),
      { numRuns: RUNS, seed: 9 },
    );
  },
  TIMEOUT,
);

it.each([
  ['an attribute', '<x b="2"/>'],
  ['a line break that was raw', '<x a="1&#10;"/>'],
  ['a namespace', '<x a="1 " xmlns="urn:x"/>'],
  ['an element', '<x a="1 "><y/></x>'],
  ['a text', '<x a="1 ">z</x>'],
  ['a blank that is all an element holds', '<x a="1 "> </x>'],
])('what is compared differs by %s [ODM-104]', (_, other) => {
  const around = (element: string) =>
    `<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><!-- c --> <?p i?>${element}\n</ODM>`;
  expect(canonical(around('<x a="1\n"/>'))).toBe(canonical(around('<x xmlns:v="urn:v" a="1&#32;"></x>')));
  expect(canonical(around(other))).not.toBe(canonical(around('<x a="1\n"/>')));
});
