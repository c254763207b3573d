import type { DatasetColumn } from '../dataset.ts';
import { type DisplayFormat, NO_FORMAT, parseDisplayFormat } from './display-format.ts';

/** A column as XPT holds it. */
export interface Variable {
  readonly column: DatasetColumn;
  readonly name: string;
  readonly label: string;
  readonly numeric: boolean;
  /** Bytes in a row: 8 for a number, 1 to 200 for a character variable. */
  readonly length: number;
  /** Bytes before it in a row. */
  readonly position: number;
  readonly format: DisplayFormat;
}

/** Lays the columns out side by side. `longest` is the longest value of each character column, in bytes. */
export function layOut(columns: readonly DatasetColumn[], longest: ReadonlyMap<string, number>): Variable[] {
  let position = 0;
  return columns.map((column) => {
    const numeric = column.kind === 'number';
    const length = numeric ? 8 : (column.length ?? Math.max(1, longest.get(column.name) ?? 0));
    const variable: Variable = {
      column,
      name: column.name,
      label: column.label ?? '',
      numeric,
      length,
      position,
      format: (column.displayFormat && parseDisplayFormat(column.displayFormat)) || NO_FORMAT,
    };
    position += length;
    return variable;
  });
}

/** Bytes in a row. */
export function rowLength(variables: readonly Variable[]): number {
  return variables.reduce((sum, variable) => sum + variable.length, 0);
}
