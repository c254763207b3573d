import { expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { describeWithSharedData } from '../helpers/shared-data.ts';
import { chunks } from './differential/generate.ts';
import { RealFiles } from './mutated.ts';
import { comparable, type Reading, read } from './read.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const MUTATIONS = LONG ? 20_000 : 500;
const TIMEOUT = LONG ? 7_200_000 : 300_000;

/** Rows of a document: each element, attribute and text gives a few at the most. */
const ROWS_A_BYTE = 1;

function outcome(document: Buffer, cut?: () => number): Reading | unknown[] {
  try {
    return read(document, { cut });
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    const { kind, code, message, place, next } = error;
    expect([kind, typeof next]).toEqual(['data', 'string']);
    const { byte, line, column } = place;
    for (const number of [byte, line, column]) expect(number, `${code} ${message}`).toBeGreaterThanOrEqual(0);
    // In UTF-8 a document is at most three times as long as it is stored.
    expect(byte).toBeLessThanOrEqual(document.length * 3);
    return [code, message, byte, line, column];
  }
}

const rowsOf = ({ tables }: Reading) => Object.values(tables).reduce((sum, rows) => sum + rows.length, 0);
const shown = (result: Reading | unknown[]) => (Array.isArray(result) ? result : comparable(result));

describeWithSharedData('real files that are spoiled', () => {
  it(
    `are read, or refused with their place, ${MUTATIONS} times, and never more than they hold [ODM-185]`,
    () => {
      const files = new RealFiles();
      expect(files.count).toBeGreaterThan(90);
      let refused = 0;
      for (let seed = 1; seed <= MUTATIONS; seed++) {
        const document = files.mutation(seed);
        try {
          const result = outcome(document);
          if (Array.isArray(result)) refused++;
          else expect(rowsOf(result)).toBeLessThanOrEqual(document.length * ROWS_A_BYTE);
          if (seed % 10 === 0) expect(shown(outcome(document, chunks(seed)))).toEqual(shown(result));
        } catch (error) {
          throw new Error(`seed ${seed}: ${(error as Error).stack}`, { cause: error });
        }
      }
      expect(refused).toBeGreaterThan(MUTATIONS / 4);
      expect(refused).toBeLessThan(MUTATIONS);
    },
    TIMEOUT,
  );
});
