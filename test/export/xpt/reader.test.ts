import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readXpt, type XptFile, type XptValue } from '../../../src/export/xpt/reader.ts';
import { numericXpt } from '../../foreign/minimal-xpt.ts';

const SAMPLES = fileURLToPath(new URL('../../../../shared/data/sdtm-msg/', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function rowsOf(file: XptFile): Promise<XptValue[][]> {
  const rows: XptValue[][] = [];
  for await (const row of file.rows()) rows.push(row);
  return rows;
}

async function readBytes(bytes: Buffer): Promise<XptFile> {
  const path = join(folder, 'x.xpt');
  writeFileSync(path, bytes);
  return await readXpt(path);
}

interface DatasetJson {
  records: number;
  name: string;
  label: string;
  columns: { name: string; label: string; dataType: string }[];
  rows: XptValue[][];
}

const describeWithSamples = existsSync(SAMPLES) || process.env.CI ? describe : describe.skip;

describeWithSamples('readXpt on files that SAS wrote (needs ../shared/data/sdtm-msg)', () => {
  it.each(['ae', 'dm', 'ex', 'suppdm', 'vs'])('reads %s as its Dataset-JSON has it [EXPORT-016]', async (name) => {
    const json = JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8')) as DatasetJson;
    const file = await readXpt(join(SAMPLES, `${name}.xpt`));
    expect([file.name, file.label, file.rowCount]).toEqual([json.name, json.label, json.records]);
    expect(file.variables.map(({ name, label }) => [name, label])).toEqual(
      json.columns.map(({ name, label }) => [name, label]),
    );
    const numeric = json.columns.map(({ dataType }) => dataType === 'integer' || dataType === 'float');
    expect(file.variables.map(({ type }) => type === 'numeric')).toEqual(numeric);
    expect(await rowsOf(file)).toEqual(
      json.rows.map((row) => row.map((value, i) => (numeric[i] ? value : String(value ?? '').trimEnd()))),
    );
  });
});

describe('readXpt', () => {
  it.each([
    ['412000', 2],
    ['4110', 1],
    ['2E0000', null],
    ['5F00000000000000', null],
    ['4100000000000000', null],
    ['5A00000000000000', null],
    ['0000000000000000', 0],
    ['8000000000000000', 0],
    ['41FFFFFFFFFFFFFF', 16], // 56 significant bits, to the nearest double
    ['410FFFFFFFFFFFFF', 1 - 2 ** -52], // not normalised
    ['0010000000000000', 2 ** -260],
  ])('reads the number %s [EXPORT-016]', async (hex, value) => {
    expect(await rowsOf(await readBytes(numericXpt([hex])))).toEqual([[value]]);
  });

  it('counts rows up to the padding, and does not take padding for rows [EXPORT-016]', async () => {
    expect((await readBytes(numericXpt(Array(10).fill('4110000000000000')))).rowCount).toBe(10);
    expect((await readBytes(numericXpt(Array(11).fill('4110000000000000')))).rowCount).toBe(11);
  });

  it.each([
    ['empty', (bytes: Buffer) => bytes.subarray(0, 0)],
    ['cut in the header', (bytes: Buffer) => bytes.subarray(0, 700)],
    ['another format', (bytes: Buffer) => Buffer.from('<ODM>'.padEnd(bytes.length))],
    ['version 8', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('LIBRARY ', 'LIBV8   '), 'latin1')],
  ])('refuses a file that is %s [EXPORT-016]', async (_, change) => {
    await expect(readBytes(change(numericXpt(['4110000000000000'])))).rejects.toMatchObject({
      kind: 'data',
      code: 'XPT_UNREADABLE',
      message: 'The file is not a SAS XPORT version 5 file of one dataset.',
      place: { file: join(folder, 'x.xpt') },
      next: 'Export it again: it is damaged, or cut off, or was made in another format.',
    });
  });
});
