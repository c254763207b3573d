import type { ErrorPlace } from '../lib/errors.ts';
import { readYaml } from '../project/yaml-file.ts';
import type { ReadDataset } from './read-sheets.ts';

/**
 * In which cell of a workbook what stands at a place of a YAML file was said: that of the value that begins there, or of
 * the last that begins before it; without a line, the row of the dataset.
 * @param text of the file, as the workbook makes it
 */
export function cellsOf(path: string, text: string, { places }: ReadDataset): (place: ErrorPlace) => ErrorPlace {
  const { locate, locateKey } = readYaml(path, text);
  const row = places.get('')!;
  const starts = new Map<number, ErrorPlace>();
  const add = (at: ErrorPlace, cell: ErrorPlace) => {
    if (!starts.has(positionOf(at))) starts.set(positionOf(at), cell);
  };
  const read = [...places].filter(([key]) => key !== '').map(([key, cell]) => [stepsOf(key), cell] as const);
  for (const [steps, cell] of read) add(locate(steps), cell);
  // A mapping is where the first cell is that says something of it.
  for (const [steps, cell] of read) {
    for (let length = steps.length; length > 0; length--) {
      add(locate(steps.slice(0, length)), cell);
      add(locateKey(steps.slice(0, length)), cell);
    }
  }
  const sorted = [...starts.keys()].sort((a, b) => a - b);
  return (place) => {
    if (place.line === undefined) return row;
    const last = sorted.findLast((start) => start <= positionOf(place));
    return last === undefined ? row : starts.get(last)!;
  };
}

/** No line of a YAML file that is read has more characters: the file is not larger. */
const LONGEST_LINE = 2 ** 23;

const positionOf = ({ line = 1, column = 1 }: ErrorPlace) => line * LONGEST_LINE + column;

/** The keys of `columns.AESEQ.tests.0`; no name of a column has a full stop. */
const stepsOf = (key: string) => key.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
