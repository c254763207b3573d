import { describe, expect, it } from 'vitest';
import { nearestTable } from '../../../src/model/reading/nearest-table.ts';

const NAMES = ['adam.adae', 'qc.ae', 'sdtm.ae', 'sdtm.dm', 'staged.ae', 'staged.vitals', 'state._live'];

describe('the table that was meant', () => {
  it.each([
    // Of the same name: the schema of who reads, then staged.
    ['ae', 'sdtm', 'sdtm.ae'],
    ['ae', 'adam', 'staged.ae'],
    ['main.ae', 'sdtm', 'sdtm.ae'],
    ['stagd.vitals', 'sdtm', 'staged.vitals'],
    // Of a like name: the schema that was written before any other.
    ['sdtm.aee', 'adam', 'sdtm.ae'],
    ['staged.aee', 'sdtm', 'staged.ae'],
    ['vitls', 'sdtm', 'staged.vitals'],
    // Another name is none of these, and what begins with _ is the warehouse's own.
    ['sdtm.suppdm', 'sdtm', undefined],
    ['state.live', 'sdtm', undefined],
    ['state._live', 'sdtm', undefined],
  ])('for %s read in %s is %s', (written, reader, meant) => {
    expect(nearestTable(written.split('.'), NAMES, reader)).toBe(meant);
  });
});
