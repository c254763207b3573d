import { expect, it } from 'vitest';
import { read } from './read.ts';

const document = (inside: string) =>
  Buffer.from(
    `<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileType="Snapshot"><ClinicalData StudyOID="S"><SubjectData SubjectKey="1"><StudyEventData StudyEventOID="V"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">${inside}</ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData></ODM>`,
  );

const item = (value: string) => `<ItemData ItemOID="I" Value="${value}"/>`;

/** What is read of each item, and the text of what was replaced, in order, however the document is cut. */
function replaced(inside: string): { values: unknown[]; found: string[] } {
  const bytes = document(inside);
  const readings = [1, 3, 1 << 16].map((length) => {
    const found: [number, number][] = [];
    const reading = read(bytes, { cut: () => length, onControl: (place, length) => found.push([place, length]) });
    return {
      values: reading.pick('item_data', 'value').flat(),
      found: found.map(([place, length]) => bytes.toString('latin1', place, place + length)),
    };
  });
  expect(readings[1]).toEqual(readings[0]);
  expect(readings[2]).toEqual(readings[0]);
  return readings[0];
}

it.each([
  ['raw in an attribute', item('a\u000bb\u0000c'), ['a b c'], ['\u000b', '\u0000']],
  ['as a reference, decimal or hexadecimal', item('a&#11;b&#x0001F;c&#0;'), ['a b c '], ['&#11;', '&#x0001F;', '&#0;']],
  ['beside what is allowed', item('a&#9;&#1;&lt;\u0085&#x7f;'), ['a\t <\u0085\u007f'], ['&#1;']],
  ['beside raw and referenced white space', item('a\n&#10;&#x1;\u0001'), ['a\n\n  '], ['\u0001', '&#x1;']],
  ['in text', '<ItemDataString ItemOID="I">a\u0001b&#x2;c</ItemDataString>', ['a b c'], ['\u0001', '&#x2;']],
  ['in a CDATA section', '<ItemDataString ItemOID="I"><![CDATA[a\u0001b]]></ItemDataString>', ['a b'], ['\u0001']],
  [
    'in a comment and in a processing instruction',
    `<!--\u0001--><?p \u0002?>${item('a')}`,
    ['a'],
    ['\u0001', '\u0002'],
  ],
])('a control character %s is read as a space, and told with its place [ODM-170]', (_, inside, values, found) => {
  const result = replaced(inside);
  expect(result.values).toEqual(values);
  // A raw one is found when it is passed, a reference when its value is complete.
  expect([...result.found].sort()).toEqual([...found].sort());
});

it('without it, the document is as refused as ever, and with it what is no control character [ODM-171]', () => {
  const onControl = () => {};
  expect(() => read(document(item('a\u0001')))).toThrow('a character that XML does not allow');
  expect(() => read(document(item('a&#1;')))).toThrow('names a character that XML does not allow');
  for (const value of ['\uffff', '&#xFFFE;', '&#xD800;', '&nbsp;']) {
    expect(() => read(document(item(value)), { onControl })).toThrow();
  }
  expect(() => read(document('<ItemData ItemOID="I"\u0001/>'), { onControl })).toThrow();
});
