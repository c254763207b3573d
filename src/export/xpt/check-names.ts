import { WarehouseError } from '../../lib/errors.ts';
import { LONGEST_LABEL, LONGEST_VALUE, XPT_NAME } from '../../project/xpt-limits.ts';
import type { Dataset, DatasetColumn } from '../dataset.ts';
import { parseDisplayFormat } from './display-format.ts';
import { codePoint, PRINTABLE } from './printable.ts';

const MOST_VARIABLES = 9999;

/** Everything in names, labels, lengths, formats and types that XPT v5 cannot hold. */
export function checkNames(dataset: Dataset): WarehouseError[] {
  const refusals: WarehouseError[] = [];
  const refuse = (code: string, message: string, next: string) =>
    refusals.push(new WarehouseError({ kind: 'data', code, message, place: { model: dataset.table }, next }));

  const checkName = (what: string, name: string) => {
    if (XPT_NAME.test(name)) return;
    const rule = 'XPT v5 takes at most 8 of A-Z, 0-9 and _, beginning with a letter';
    refuse('XPT_NAME', `${what} has a name that XPT v5 cannot hold.`, `Rename it: ${rule}.`);
  };
  const checkLabel = (what: string, label: string) => {
    const length = [...label].length;
    if (length > LONGEST_LABEL) {
      const message = `${what}: the label has ${length} characters; XPT v5 holds at most ${LONGEST_LABEL}.`;
      refuse('XPT_LABEL', message, 'Shorten the label in the properties of the model.');
    }
    const place = [...label].findIndex((character) => !PRINTABLE.test(character));
    if (place < 0) return;
    const found = codePoint([...label][place].codePointAt(0)!);
    const message = `${what}: character ${found} at place ${place + 1} of the label is not printable ASCII.`;
    refuse('XPT_NOT_ASCII', message, 'Replace it in the properties of the model.');
  };
  const checkColumn = (column: DatasetColumn) => {
    const what = `${dataset.name}.${column.name}`;
    checkName(what, column.name);
    checkLabel(what, column.label ?? '');
    if (column.kind !== 'character' && column.kind !== 'number') {
      const message = `${what}: XPT v5 has no type for ${column.type}, only characters and numbers.`;
      refuse('XPT_TYPE', message, 'Convert it in the model: dates to ISO 8601 text, a flag to Y or null.');
    }
    const { length = 1, displayFormat } = column;
    if (column.kind === 'character' && !(Number.isInteger(length) && length >= 1 && length <= LONGEST_VALUE)) {
      const message = `${what}: the declared length is ${length}; XPT v5 holds 1 to ${LONGEST_VALUE} bytes.`;
      refuse('XPT_LENGTH', message, 'Correct the length in the properties of the model; longer text goes to SUPP--.');
    }
    if (displayFormat !== undefined && parseDisplayFormat(displayFormat) === undefined) {
      const message = `${what}: the display format '${displayFormat}' is no SAS format.`;
      refuse(
        'XPT_FORMAT',
        message,
        'Write a name of at most 8 characters, a width, a full stop and decimals: 8.2, DATE9.',
      );
    }
  };

  checkName(dataset.name, dataset.name);
  checkLabel(dataset.name, dataset.label);
  if (dataset.columns.length > MOST_VARIABLES) {
    const message = `${dataset.name} has ${dataset.columns.length} columns; XPT v5 holds at most ${MOST_VARIABLES}.`;
    refuse('XPT_COLUMNS', message, 'Split the dataset.');
  }
  dataset.columns.forEach(checkColumn);
  return refusals;
}
