import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../helpers/client.ts';
import { TemporaryProject } from '../helpers/project.ts';
import { compareExports, FOREIGN_READERS } from './readers.ts';

let project: TemporaryProject;
let published: Client;
beforeAll(async () => {
  project = new TemporaryProject();
  cpSync(join(import.meta.dirname, '../golden/laboratory/project'), project.root, { recursive: true });
  await project.build();
  published = await Client.open(project.path('target/main.duckdb'));
});
afterAll(() => {
  published?.close();
  project?.remove();
});

const file = (format: string) => project.path(`target/export/${format}/lb.${format}`);

/** Puts another text in the place of the only `before` of a file. */
function edit(path: string, before: string, after: string): void {
  const text = readFileSync(path, 'latin1');
  expect(text.split(before)).toHaveLength(2);
  writeFileSync(path, text.replace(before, after), 'latin1');
}

/** One changed cell, one row that is missing, one column of another name or none. */
const CHANGES: Record<string, readonly ((path: string) => unknown)[]> = {
  xpt: [
    (path) => edit(path, '1E5', '1E6'),
    (path) => writeFileSync(path, readFileSync(path).subarray(0, -80)),
    (path) => edit(path, 'LBREFID', 'LBREFIX'),
  ],
  csv: [
    (path) => edit(path, '1E5', '1E6'),
    (path) => edit(path, 'GT3,102,AST,0010,1E5,U/L\n', ''),
    (path) => edit(path, 'LBORRES,', 'LBORRESX,'),
  ],
  parquet: [
    "SELECT * REPLACE ('1E6' AS LBORRES)",
    'SELECT DISTINCT ON (LBTESTCD) *',
    'SELECT * EXCLUDE (LBORRESU)',
  ].map((select) => (path: string) => published.rows(`COPY (${select} FROM sdtm.lb) TO '${path}'`)),
};

describe('the comparison with foreign readers', () => {
  it.for(FOREIGN_READERS)(
    'fails where $name reads another cell, row or column [EXPORT-019]',
    async (reader, { skip }) => {
      skip(!reader.isHere, 'no .venv: see test/foreign/requirements.txt');
      const path = file(reader.format);
      const untouched = readFileSync(path);
      for (const change of CHANGES[reader.format]) {
        await change(path);
        await expect(compareExports(reader, project.root, published)).rejects.toThrow(/^(parquet|csv|xpt)\/lb\./);
        writeFileSync(path, untouched);
      }
      expect(await compareExports(reader, project.root, published)).toEqual(['lb']);
    },
  );
});
