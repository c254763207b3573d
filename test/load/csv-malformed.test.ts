import { describe, expect, it } from 'vitest';
import { failureOf, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/lab.csv', classification: 'unblinding', ...keys } },
  });

const NEXT =
  'Nothing of this file was loaded. Correct it and build again: a field with quotes in it stands in quotes, and each quote inside is doubled. If "," is not its delimiter, name that under delimiter: of source lab in warehouse.yml.';

const said = (fault: string) => `The file is not RFC 4180: ${fault}.`;

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index},x\n`).join('');

const cases: [string, string, string, number][] = [
  [
    'a quote inside a field without quotes',
    'ID,ARM,X\n1,Placebo "A",y\n',
    said('field 2 of its record, which begins on this line, has a quote inside, but does not begin with one'),
    2,
  ],
  [
    'text behind a closing quote, whatever line breaks stand in quotes before it',
    'ID,ARM,X\r\n1,"two\r\nlines",y\r\n\r\n2,y,"Placebo\r\n"A"\r\n',
    said('field 3 of its record, which begins on this line, goes on behind its closing quote'),
    5,
  ],
  [
    'a quote that is never closed, told where it opens',
    `ID,ARM\n${numbered(498)}9,"Placebo\n${numbered(2500)}`,
    said('field 2 of its record, which begins on this line, begins with a quote that is never closed'),
    500,
  ],
  [
    'a quote that is never closed, behind another field of more lines, and with doubled ones inside',
    'ID,ARM\n1,x\n\n"two\nlines","\n\nPlacebo ""A""\n3,x\n',
    said('field 2 of its record, which begins on this line, begins with a quote that is never closed'),
    5,
  ],
  [
    'a quote that is never closed, behind an empty line',
    'ID,ARM\n1,x\n\n\n"Placebo,x\n3,x\n',
    said('field 1 of its record, which begins on this line, begins with a quote that is never closed'),
    5,
  ],
  [
    'a quote that is never closed, in the header',
    'ID,"ARM\n1,x\n',
    said('field 2 of its record, which begins on this line, begins with a quote that is never closed'),
    1,
  ],
];

describe('a CSV file that is not RFC 4180 is refused with its line, and without a value of it [LOAD-061]', () => {
  it.each(cases)('%s', async (_, content, message, line) => {
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': content }, async (project) => {
      const expected = { kind: 'data', code: 'CSV_MALFORMED', message, file: 'data/lab.csv', line, next: NEXT };
      const failure = await failureOf(project.load());
      expect(failure).toEqual(expected);
      expect(JSON.stringify(failure)).not.toContain('Placebo');
      const cause = await project.load().catch((error: Error) => error.cause);
      expect(cause).toBeUndefined();
    });
  });

  it('in UTF-16, and with another delimiter', async () => {
    const content = Buffer.from('\ufeffID;ARM\r\n1;é "A"\r\n', 'utf16le');
    const yml = lab({ encoding: 'utf-16le', delimiter: ';' });
    await withProject({ 'warehouse.yml': yml, 'data/lab.csv': content }, async (project) => {
      expect(await failureOf(project.load())).toMatchObject({
        code: 'CSV_MALFORMED',
        line: 2,
        next: NEXT.replace('","', '";"'),
      });
    });
  });
});
