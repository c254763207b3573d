import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { JsonlFile, type Line } from '../../src/audit/jsonl.ts';

const directory = mkdtempSync(join(tmpdir(), 'jsonl-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function read(lines: AsyncGenerator<Line>): Promise<[string, number, boolean][]> {
  const found: [string, number, boolean][] = [];
  for await (const { bytes, offset, complete } of lines) found.push([bytes.toString('latin1'), offset, complete]);
  return found;
}

const K = 64 * 1024;

describe('the lines of a file', () => {
  it.each<[string, string[]]>([
    ['nothing', ['']],
    ['one torn line', ['a']],
    ['one line', ['a', '']],
    ['empty lines', ['', '', 'b', '']],
    ['a torn line at the end', ['a', 'b', 'c']],
    ['lines that end where a block ends', ['a'.repeat(K - 1), 'b'.repeat(K - 1), '']],
    ['lines that begin a byte before a block', ['a'.repeat(K - 2), 'b', 'c'.repeat(K), '']],
    ['a line of many blocks, torn', ['a', 'b'.repeat(5 * K + 17)]],
  ])('are the same forwards and backwards: %s [AUDIT-006]', async (_what, texts) => {
    const path = join(directory, 'lines.jsonl');
    writeFileSync(path, texts.join('\n'));
    const expected = texts.map((text, index): [string, number, boolean] => {
      const offset = texts.slice(0, index).reduce((sum, before) => sum + before.length + 1, 0);
      return [text, offset, index < texts.length - 1];
    });
    if (texts.at(-1) === '') expected.pop();
    const file = new JsonlFile(path);
    expect(await read(file.lines())).toEqual(expected);
    expect(await read(file.linesFromEnd())).toEqual(expected.toReversed());
  });

  it('are none where there is no file [AUDIT-006]', async () => {
    const file = new JsonlFile(join(directory, 'absent.jsonl'));
    expect([await read(file.lines()), await read(file.linesFromEnd())]).toEqual([[], []]);
  });
});
