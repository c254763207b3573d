import { describe, expect, it } from 'vitest';
import { selector } from './selectable.ts';

const MODELS = {
  'staged.ae': { generated: true },
  'staged.dm': { generated: true },
  'sdtm.dm': { reads: ['staged.dm'] },
  'sdtm.ae': { reads: ['staged.ae', 'sdtm.dm'] },
  'sdtm.suppae': { reads: ['sdtm.ae'] },
  'sdtm.vs': {},
};
const among = selector(MODELS);
const select = (...texts: string[]) => among(texts);

describe('selectModels [MODEL-012]', () => {
  it('takes all where nothing is asked for', () => {
    expect(select()).toHaveLength(6);
  });

  it('takes a name, whatever its case', () => {
    expect(select('sdtm.ae')).toEqual(['sdtm.ae']);
    expect(select('SDTM.AE')).toEqual(['sdtm.ae']);
  });

  it('takes a short name that one schema has', () => {
    expect(select('vs')).toEqual(['sdtm.vs']);
  });

  it("takes by a short name the project's own model before a generated one [MODEL-041]", () => {
    expect(select('ae')).toEqual(['sdtm.ae']);
    expect(select('AE+')).toEqual(['sdtm.ae', 'sdtm.suppae']);
    expect(select('+dm')).toEqual(['sdtm.dm', 'staged.dm']);
    expect(select('staged.ae')).toEqual(['staged.ae']);
    expect(selector({ 'staged.cm': { generated: true } })(['cm'])).toEqual(['staged.cm']);
    const beside = selector({ 'sdtm.ae': {}, 'qc.ae': {}, 'rules.ae': {}, 'qc.vs': {} });
    expect(beside(['ae'])).toEqual(['sdtm.ae']);
    expect(beside(['qc.ae'])).toEqual(['qc.ae']);
    expect(beside(['vs'])).toEqual(['qc.vs']);
  });

  it('takes what reads it, and what it reads', () => {
    expect(select('sdtm.dm+')).toEqual(['sdtm.ae', 'sdtm.dm', 'sdtm.suppae']);
    expect(select('+sdtm.dm')).toEqual(['sdtm.dm', 'staged.dm']);
    expect(select('+sdtm.ae+')).toEqual(['sdtm.ae', 'sdtm.dm', 'sdtm.suppae', 'staged.ae', 'staged.dm']);
  });

  it('takes patterns, and several of them together', () => {
    expect(select('staged.*')).toEqual(['staged.ae', 'staged.dm']);
    expect(select('supp*')).toEqual(['sdtm.suppae']);
    expect(select('sdtm.v?', 'suppae')).toEqual(['sdtm.suppae', 'sdtm.vs']);
    expect(select('*')).toHaveLength(6);
  });

  it("refuses a short name that several of the project's own models have [MODEL-041]", () => {
    const own = selector({ ...MODELS, 'staged.ae': {} });
    expect(() => own(['ae'])).toThrow(
      expect.objectContaining({
        code: 'SELECT_AMBIGUOUS',
        message: 'ae may be sdtm.ae or staged.ae.',
        next: 'Name the schema too, as in sdtm.ae.',
      }),
    );
    expect(() => own(['aee'])).toThrow(expect.objectContaining({ next: 'Did you mean sdtm.ae or staged.ae?' }));
  });

  it('names the nearest where there is none', () => {
    expect(() => select('sdtm.supae+')).toThrow(
      expect.objectContaining({
        code: 'SELECT_UNKNOWN',
        message: 'No model is called sdtm.supae.',
        next: 'Did you mean sdtm.suppae?',
      }),
    );
    expect(() => select('aee')).toThrow(expect.objectContaining({ next: 'Did you mean ae?' }));
  });

  it('says what a selector looks like where it names nothing, and which models there are [MODEL-045]', () => {
    for (const pattern of ['', '+', '++', ' ']) {
      expect(() => select('ae', pattern)).toThrow(
        expect.objectContaining({
          kind: 'usage',
          code: 'SELECT_EMPTY',
          message: `'${pattern}' names no model.`,
          next:
            'Write a name or a pattern: ae, sdtm.ae, sdtm.*, +ae (and what it reads) or ae+ (and what reads it). ' +
            'The models are sdtm.ae, sdtm.dm, sdtm.suppae, sdtm.vs, staged.ae, staged.dm: see warehouse list.',
        }),
      );
    }
    expect(() => selector({})(['+'])).toThrow(
      expect.objectContaining({ next: expect.stringMatching(/There are no models yet\.$/) }),
    );
  });

  it('names the schemas where the models are many [MODEL-045]', () => {
    const many = ['sdtm.ae', ...Array.from({ length: 8 }, (_, i) => `staged.t${i}`)];
    expect(() => selector(Object.fromEntries(many.map((name) => [name, {}])))(['+'])).toThrow(
      expect.objectContaining({
        next: expect.stringMatching(/The models are sdtm\.\* \(1\), staged\.\* \(8\): see warehouse list\.$/),
      }),
    );
  });

  it('names the models where none is near [MODEL-045]', () => {
    expect(() => select('laboratory')).toThrow(
      expect.objectContaining({
        code: 'SELECT_UNKNOWN',
        message: 'No model is called laboratory.',
        next: 'The models are sdtm.ae, sdtm.dm, sdtm.suppae, sdtm.vs, staged.ae, staged.dm: see warehouse list.',
      }),
    );
  });
});
