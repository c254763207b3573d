import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { ENGINES } from '../../src/odm/xml/events.ts';
import { event, form, group, item, odm, subject as subjectOf } from '../helpers/odm.ts';
import { configuration, failureOf, withProject } from '../helpers/project.ts';
import { odm as document, read } from './read.ts';

/** Code, message and place of the refusal of a document, which must be the same by both engines in any chunks. */
function refusal(text: string): unknown {
  const found = ENGINES.flatMap((engine) =>
    [1, 7, 1 << 16].map((length) => {
      try {
        read(text, { engine, cut: () => length });
      } catch (error) {
        if (!(error instanceof WarehouseError)) throw error;
        expect(error).toMatchObject({ kind: 'data', next: expect.stringContaining('nothing of this one was read') });
        return [error.code, error.message, error.place];
      }
      return 'read';
    }),
  );
  for (const one of found) expect(one).toEqual(found[0]);
  return found[0];
}

/** Line and column of the place of `tag` in a document that stands on lines; its byte. */
function placeOf(text: string, tag: string) {
  const byte = Buffer.from(text).indexOf(tag);
  const before = Buffer.from(text).subarray(0, byte).toString('latin1').split('\n');
  return { byte, line: before.length, column: before[before.length - 1].length + 1 };
}

const lines = (...content: string[]) =>
  document(`\n<!-- é\n --><ClinicalData StudyOID="ST">\n  ${content.join('\n  ')}\n</ClinicalData>`);

describe('an element without the key that tells it from others is refused [ODM-045]', () => {
  it.each([
    ['SubjectData', 'SubjectKey', undefined, ['<SubjectData/>']],
    ['SubjectData', 'SubjectKey', undefined, ['<SubjectData SubjectKey="0012"/>', '<SubjectData SubjectKey=""/>']],
    ['SubjectData', 'SubjectKey', undefined, ['<SubjectData v:SubjectKey="1"\n xmlns:v="urn:v"/>']],
    [
      'StudyEventData',
      'StudyEventOID',
      'é 0012',
      ['<SubjectData SubjectKey="é 0012">', '<StudyEventData StudyEventRepeatKey="1"/>', '</SubjectData>'],
    ],
    [
      'FormData',
      'FormOID',
      'S2',
      ['<SubjectData SubjectKey="S1"/><SubjectData SubjectKey="S2"><FormData/></SubjectData>'],
    ],
    [
      'ItemGroupData',
      'ItemGroupOID',
      'S1',
      [
        '<SubjectData SubjectKey="S1"><StudyEventData StudyEventOID="E">',
        "<ItemGroupData ItemGroupOID=''/></StudyEventData></SubjectData>",
      ],
    ],
    [
      'ItemData',
      'ItemOID',
      'S1',
      [
        '<SubjectData SubjectKey="S1"><StudyEventData StudyEventOID="E"><ItemGroupData ItemGroupOID="G">',
        '<ItemData Value="1"/></ItemGroupData></StudyEventData></SubjectData>',
      ],
    ],
    [
      'ItemDataString',
      'ItemOID',
      'S1',
      [
        '<SubjectData SubjectKey="S1"><StudyEventData StudyEventOID="E"><ItemGroupData ItemGroupOID="G">',
        '<ItemDataString ItemOID="">1</ItemDataString></ItemGroupData></StudyEventData></SubjectData>',
      ],
    ],
  ])('%s without %s', (element, attribute, subject, content) => {
    const text = lines(...content);
    const tags = [...text.matchAll(new RegExp(`<${element}[ />]`, 'g'))];
    const last = tags[tags.length - 1].index;
    const place = placeOf(text, text.slice(last));
    expect(refusal(text)).toEqual([
      'ODM_KEY_MISSING',
      `${element} has no ${attribute}: nothing tells what it is about.`,
      { ...place, subject },
    ]);
  });

  it('also of ReferenceData, where there is no subject', () => {
    const text = document(
      '<ClinicalData StudyOID="ST"><SubjectData SubjectKey="S1"/></ClinicalData>\n<ReferenceData StudyOID="ST"><ItemGroupData/></ReferenceData>',
    );
    expect(refusal(text)).toEqual([
      'ODM_KEY_MISSING',
      'ItemGroupData has no ItemGroupOID: nothing tells what it is about.',
      { ...placeOf(text, '<ItemGroupData'), subject: undefined },
    ]);
  });

  it('but not of a study that does not land', () => {
    const text = document('<ClinicalData StudyOID="OTHER"><SubjectData/></ClinicalData>');
    expect(read(text, { acceptStudy: () => false }).summary.counts.SubjectData).toBe(1);
  });

  it('and nothing of the file lands', async () => {
    const good = group('G', {}, item('I', '1'));
    const bad = '<ItemGroupData ItemGroupOID="G"><ItemData Value="1"/></ItemGroupData>';
    const inForm = (content: string) => event('V', {}, form('F', {}, content));
    const file = odm(
      { created: '2026-01-01T00:00:00Z' },
      subjectOf('1', {}, inForm(good)),
      subjectOf('2', {}, inForm(bad)),
    );
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': file }, async (project) => {
      expect(await failureOf(project.load())).toMatchObject({
        kind: 'data',
        code: 'ODM_KEY_MISSING',
        file: 'data/1.xml',
      });
      expect(await project.rows('SELECT count(*) FROM raw.subject_data')).toEqual([[0]]);
    });
  });
});

describe('a TransactionType that the standard does not have is refused, never guessed [ODM-034]', () => {
  const of = (element: string, attribute: string, type: string) =>
    ({
      SubjectData: `<SubjectData SubjectKey="S1"${attribute}="${type}"/>`,
      StudyEventData: `<SubjectData SubjectKey="S1"><StudyEventData StudyEventOID="E"${attribute}="${type}"/></SubjectData>`,
      FormData: `<SubjectData SubjectKey="S1"><FormData FormOID="F"${attribute}="${type}"/></SubjectData>`,
      ItemGroupData: `<SubjectData SubjectKey="S1"><ItemGroupData ItemGroupOID="G"${attribute}="${type}"/></SubjectData>`,
      ItemData: `<SubjectData SubjectKey="S1"><ItemGroupData ItemGroupOID="G"><ItemData ItemOID="I"${attribute}="${type}"/></ItemGroupData></SubjectData>`,
      Annotation: `<SubjectData SubjectKey="S1"><Annotation SeqNum="1"${attribute}="${type}"/></SubjectData>`,
    })[element] as string;

  it.each(['SubjectData', 'StudyEventData', 'FormData', 'ItemGroupData', 'ItemData', 'Annotation'])(
    'of %s',
    (element) => {
      for (const type of ['remove', 'REMOVE', 'Removed', ' Remove', '', 'data', 'I']) {
        const text = lines(of(element, ' TransactionType', type));
        expect(refusal(text)).toEqual([
          'ODM_TRANSACTION_TYPE',
          `TransactionType is ${JSON.stringify(type)}, which is none of Insert, Update, Remove, Upsert, Context.`,
          { ...placeOf(text, `<${element}`), subject: element === 'SubjectData' ? undefined : 'S1' },
        ]);
      }
      for (const type of ['Insert', 'Update', 'Remove', 'Upsert', 'Context'])
        read(lines(of(element, ' TransactionType', type)));
    },
  );

  it('showing no more than the beginning of a long one', () => {
    const [, message] = refusal(lines(of('SubjectData', ' TransactionType', 'x'.repeat(5000)))) as string[];
    expect(message).toHaveLength(
      `TransactionType is "${'x'.repeat(40)}...", which is none of Insert, Update, Remove, Upsert, Context.`.length,
    );
  });

  it('but only where it is an attribute of ODM itself', () => {
    const text = lines(
      '<SubjectData SubjectKey="S1" xmlns:v="urn:v" v:TransactionType="remove"><v:X TransactionType="gone"/></SubjectData>',
    );
    expect(read(text).pick('subject_data', 'transaction_code')).toEqual([[null]]);
  });
});
