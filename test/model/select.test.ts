import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/model/graph.ts';
import { selectModels } from '../../src/model/select.ts';

const graph = new Graph(
  new Map([
    ['staged.ae', []],
    ['staged.dm', []],
    ['sdtm.dm', ['staged.dm']],
    ['sdtm.ae', ['staged.ae', 'sdtm.dm']],
    ['sdtm.suppae', ['sdtm.ae']],
    ['sdtm.vs', []],
  ]),
);
const select = (...patterns: string[]) => [...selectModels(patterns, graph)].sort();

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

  it('refuses a short name that several schemas have', () => {
    expect(() => select('ae')).toThrow(
      expect.objectContaining({ code: 'SELECT_AMBIGUOUS', message: 'ae may be sdtm.ae or staged.ae.' }),
    );
  });

  it('names the nearest where there is none', () => {
    expect(() => select('sdtm.supae+')).toThrow(
      expect.objectContaining({
        code: 'SELECT_UNKNOWN',
        message: 'No model is called sdtm.supae.',
        next: 'Did you mean sdtm.suppae?',
      }),
    );
  });
});
