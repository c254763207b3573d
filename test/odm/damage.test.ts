import { describe, expect, it } from 'vitest';
import { bytesOf, DAMAGE, HEAD, LENGTHS, placeOf, scan, subject, subjects, TAIL } from './damaged.ts';

describe('a damaged subject', () => {
  for (const [name, damaged, code, message] of DAMAGE) {
    const marked = damaged.includes('^');
    const length = bytesOf(damaged).length;
    const span = (from: number) => ({
      start: from,
      end: from + length,
      code,
      message,
      byte: marked ? from + damaged.indexOf('^') : expect.any(Number),
      lost: undefined,
      isForeign: false,
    });
    it.each([
      ['first', ['', '\nB', 'C']],
      ['between others', ['A', '', 'C']],
      ['last', ['A', '\nB', '']],
    ])(`with damage in ${name} is cut out where it is the %s of three [ODM-160]`, (_, keys) => {
      const texts = keys.map((key) => (key === '' ? damaged : subject(key.trim())));
      const document = bytesOf(`${HEAD}${texts.join('\n')}\n${TAIL}`);
      const from = HEAD.length + texts.slice(0, keys.indexOf('')).join('\n').length + (keys[0] === '' ? 0 : 1);
      for (const chunk of LENGTHS) expect(scan(document, chunk)).toEqual([span(from)]);
      const left = keys.filter((key) => key !== '').map((key) => key.trim());
      expect(subjects(document, scan(document))).toEqual(left.map((key) => [key, placeOf(document, key)]));
    });
  }

  it('and the next one, damaged too, are two spans [ODM-160]', () => {
    for (const [, first] of DAMAGE) {
      for (const [, second] of DAMAGE) {
        const texts = [subject('A'.repeat(600)), first, second, subject('B')].map((text) => bytesOf(text));
        const document = Buffer.concat([Buffer.from(HEAD), ...texts, Buffer.from(TAIL)]);
        const [a, b, c] = texts.map(({ length }) => length);
        const places = [HEAD.length + a, HEAD.length + a + b, HEAD.length + a + b + c];
        const found = scan(document, 64);
        expect(found.map(({ start, end }) => [start, end])).toEqual([
          [places[0], places[1]],
          [places[1], places[2]],
        ]);
        expect(subjects(document, found).map((row) => (row as unknown[])[0])).toEqual(['A'.repeat(600), 'B']);
      }
    }
  });
});
