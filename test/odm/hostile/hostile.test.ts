import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../../helpers/store.ts';
import { warehouse } from '../../helpers/warehouse-process.ts';
import { type Hostile, hostileDocuments } from './documents.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const TIMEOUT = LONG ? 1_800_000 : 300_000;
/** What a process may take, in MB. */
const MOST = 500;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Outcome {
  readonly became: string;
  readonly megabytes: number;
}

async function outcomeOf(document: Hostile): Promise<Outcome> {
  const args = [here('read-hostile.mjs'), JSON.stringify(document)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Outcome;
}

describe('a reader in a process of its own', () => {
  it.each(hostileDocuments(LONG))(
    `reads or refuses %s within ${MOST} MB [ODM-186]`,
    async (_, document, expected) => {
      const { became, megabytes } = await outcomeOf(document);
      expect(became).toBe(expected);
      expect(megabytes).toBeLessThan(MOST);
    },
    TIMEOUT,
  );
});

/** A gzip file of many members: one a million bytes, whatever their number. */
function packed({ before, piece, times, after }: Hostile): Buffer {
  const together = Math.max(1, Math.floor(1_000_000 / Math.max(1, piece.length)));
  const member = gzipSync(piece.repeat(together));
  const members = new Array<Buffer>(Math.ceil(times / together)).fill(member);
  return Buffer.concat([gzipSync(before), ...members, gzipSync(after)]);
}

const IN_LOAD = [
  '1 GB of text in an item',
  '1 GB in an attribute',
  'a comment of 1 GB',
  '1 GB of white space between elements',
  '10,000,000 unknown elements side by side',
  '100,000 nested unknown elements',
];
/** These only in the short test. */
const SHORT = ['1 GB in an attribute', '10,000,000 unknown elements side by side'];

describe('warehouse load', () => {
  const documents = hostileDocuments(LONG).filter(([name]) =>
    (LONG ? IN_LOAD : SHORT).some((one) => name.endsWith(one)),
  );
  it.each(documents)(
    `lands all or nothing of %s, packed into a small file, within ${MOST} MB [ODM-186, LOAD-090]`,
    async (_, document, expected) => {
      await withFolder(async (root) => {
        const sources = { edc: { files: 'data/*.xml.gz' } };
        writeFileSync(join(root, 'warehouse.yml'), JSON.stringify({ name: 'hostile', study: { id: 'S' }, sources }));
        mkdirSync(join(root, 'data'));
        writeFileSync(join(root, 'data/bomb.xml.gz'), packed(document));
        const note = join(root, 'most-memory');
        const { code, output } = await warehouse(root, ['load'], {
          environment: { NODE_OPTIONS: `--import ${here('most-memory.mjs')}`, MOST_MEMORY: note },
        });
        expect(code, output.slice(-1000)).toBe(expected === 'read' ? 0 : 3);
        if (expected !== 'read') expect(output).toContain(`"${expected}"`);
        expect(Number(readFileSync(note, 'utf8'))).toBeLessThan(MOST);
      });
    },
    TIMEOUT,
  );
});
