import { describe, expect, it } from 'vitest';
import { selector } from './selectable.ts';

const select = selector(
  {
    'staged.ae': { generated: true },
    'staged.lab': { generated: true, properties: { materialized: 'view' } },
    'sdtm.ae': { reads: ['staged.ae'], properties: { class: 'EVENTS', tags: ['nightly'], keys: ['USUBJID', 'AESEQ'] } },
    'sdtm.lb': { reads: ['staged.lab'], properties: { class: 'FINDINGS', tags: ['nightly', 'slow'] } },
    'sdtm.ts': { properties: { class: 'TRIAL DESIGN', reference_data: true } },
    'adam.adsl': { reads: ['sdtm.ae'], properties: { materialized: 'view' } },
  },
  {
    inState: (name, state) => (state === 'new') === (name === 'adam.adsl'),
    results: { error: ['sdtm.lb'], skipped: ['adam.adsl', 'gone.model'] },
    sources: { edc: ['staged.ae'], central_lab: ['staged.lab'], local_lab: [] },
  },
);
const one = (text: string) => select([text]);
const refused = (text: string) => {
  try {
    one(text);
  } catch (error) {
    const { code, message, next } = error as { code: string; message: string; next: string };
    return { code, message, next };
  }
  return undefined;
};

describe('models are selected by', () => {
  it('the path of their file, of their properties or of a folder [MODEL-102]', () => {
    expect(one('path:models/sdtm/ae.sql')).toEqual(['sdtm.ae']);
    expect(one('models/sdtm/ae.yml')).toEqual(['sdtm.ae']);
    expect(one('./models/sdtm/')).toEqual(['sdtm.ae', 'sdtm.lb', 'sdtm.ts']);
    expect(one('models\\adam')).toEqual(['adam.adsl']);
    expect(one('models/*/a*.sql')).toEqual(['adam.adsl', 'sdtm.ae']);
    expect(one('models/sdtm/ae.sql+')).toEqual(['adam.adsl', 'sdtm.ae']);
    expect(one('path:models')).toEqual(['adam.adsl', 'sdtm.ae', 'sdtm.lb', 'sdtm.ts']);
  });

  it('the name of their file [MODEL-102]', () => {
    expect(one('file:ae.sql')).toEqual(['sdtm.ae']);
    expect(one('file:lb')).toEqual(['sdtm.lb']);
    expect(one('+file:adsl')).toEqual(['adam.adsl', 'sdtm.ae', 'staged.ae']);
  });

  it('a tag, or a pattern of tags [MODEL-102]', () => {
    expect(one('tag:nightly')).toEqual(['sdtm.ae', 'sdtm.lb']);
    expect(one('tag:s*')).toEqual(['sdtm.lb']);
  });

  it('a property, whatever the case of its value [MODEL-102]', () => {
    expect(one('config.materialized:view')).toEqual(['adam.adsl', 'staged.lab']);
    expect(one('config.class:findings')).toEqual(['sdtm.lb']);
    expect(one('config.class:TRIAL?DESIGN')).toEqual(['sdtm.ts']);
    expect(one('config.reference_data:true')).toEqual(['sdtm.ts']);
    expect(one('config.keys:aeseq')).toEqual(['sdtm.ae']);
    expect(one('config.tags:slow')).toEqual(['sdtm.lb']);
  });

  it('a value that no model has but could have: by nothing [MODEL-102]', () => {
    expect(one('config.class:RELATIONSHIP')).toEqual([]);
    expect(one('config.reference_data:false')).toEqual([]);
  });

  it('a source that brought what they read [MODEL-102]', () => {
    expect(one('source:edc')).toEqual(['staged.ae']);
    expect(one('source:edc+')).toEqual(['adam.adsl', 'sdtm.ae', 'staged.ae']);
    expect(one('source:*_lab+1')).toEqual(['sdtm.lb', 'staged.lab']);
    expect(one('source:local_lab')).toEqual([]);
  });

  it('their state and the result of the last run, as far as they are still there [MODEL-102]', () => {
    expect(one('state:new')).toEqual(['adam.adsl']);
    expect(one('result:error')).toEqual(['sdtm.lb']);
    expect(one('result:skipped')).toEqual(['adam.adsl']);
    expect(one('result:warn')).toEqual([]);
  });

  it('several of these at once [MODEL-102]', () => {
    expect(one('path:models/sdtm,tag:nightly,config.class:EVENTS')).toEqual(['sdtm.ae']);
    expect(select(['state:new tag:slow'], ['config.materialized:view'])).toEqual(['sdtm.lb']);
  });
});

describe('what there is not is refused with the nearest that there is [MODEL-103]', () => {
  it.each([
    ['path:models/sdtn', 'SELECT_UNKNOWN', 'No model is written in models/sdtn.', 'Did you mean models/sdtm?'],
    ['models/sdtm/aee.sql', 'SELECT_UNKNOWN', 'No model is written in', 'Did you mean models/sdtm/ae.sql?'],
    ['models/staged', 'SELECT_UNKNOWN', 'No model is written in models/staged.', 'The paths are models/adam, '],
    ['file:adls.sql', 'SELECT_UNKNOWN', 'No model is written in a file adls.sql.', 'Did you mean adsl.sql?'],
    ['tag:nigthly', 'SELECT_UNKNOWN', 'No model has the tag nigthly.', 'Did you mean nightly?'],
    ['tag:weekly', 'SELECT_UNKNOWN', 'No model has the tag weekly.', 'The tags are nightly, slow.'],
    ['config.clas:EVENTS', 'SELECT_UNKNOWN', 'Models cannot be selected by the property clas.', 'Did you mean class?'],
    ['config.columns:AETERM', 'SELECT_UNKNOWN', 'by the property columns.', 'The properties are check_cols, class,'],
    ['config.class:EVENT', 'SELECT_UNKNOWN', 'No model has class: EVENT.', 'Did you mean EVENTS?'],
    ['config.keys:AESE', 'SELECT_UNKNOWN', 'No model has keys: AESE.', 'Did you mean AESEQ?'],
    ['config.standard:x', 'SELECT_UNKNOWN', 'No model has standard: x.', 'No model has the property standard.'],
    ['source:ecd', 'SELECT_UNKNOWN', 'No source is called ecd.', 'Did you mean edc?'],
    ['state:changed', 'SELECT_UNKNOWN', 'There is no state changed.', 'The states are modified, new, old, unmodified.'],
    ['result:failed', 'SELECT_UNKNOWN', 'There is no result failed.', 'Did you mean fail?'],
    ['stat:new', 'SELECT_METHOD', 'Models cannot be selected by stat.', 'Did you mean state:?'],
    [
      'owner:me',
      'SELECT_METHOD',
      'Models cannot be selected by owner.',
      'They can by fqn, path, file, tag, config, source, state, result.',
    ],
    ['config:view', 'SELECT_SYNTAX', 'config:view names no property.', 'Write for example config.materialized:view'],
    ['tag.x:view', 'SELECT_SYNTAX', 'tag.x:view has a dot, which only config takes.', 'Write for example'],
    ['tag:', 'SELECT_EMPTY', "'tag:' names no model.", 'Write a name or a pattern:'],
    ['ae,', 'SELECT_EMPTY', "'ae,' names no model.", 'Write a name or a pattern:'],
  ])('%s', (text, code, message, next) => {
    expect(refused(text)).toEqual({
      code,
      message: expect.stringContaining(message),
      next: expect.stringContaining(next),
    });
  });

  it('also where it is excluded', () => {
    expect(() => select([], ['tag:weekly'])).toThrow(expect.objectContaining({ code: 'SELECT_UNKNOWN' }));
  });
});
