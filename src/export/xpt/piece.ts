import { identifier } from '../../store/connection.ts';
import { columnValue } from '../dataset.ts';
import type { Variable } from './variable.ts';

/** DuckDB keeps a text of at most twelve bytes inside the 16 bytes of its place in the vector (`string_t`). */
export const INLINE_BYTES = 12;

/** A column of the query that the writer runs, and where its value goes in the row. */
export interface Piece {
  readonly sql: string;
  readonly numeric: boolean;
  readonly position: number;
}

/**
 * A number as DOUBLE, a text cut by SQL into pieces that stand inline in their vectors, so that a row is copied from
 * vectors to file without a pointer followed or a JavaScript string made.
 */
export function piecesOf(variable: Variable): Piece[] {
  const { position, length, column } = variable;
  if (variable.numeric) return [{ sql: asDouble(variable), numeric: true, position }];
  if (length <= INLINE_BYTES) return [{ sql: identifier(column.name), numeric: false, position }];
  return Array.from({ length: Math.ceil(length / INLINE_BYTES) }, (_, index) => ({
    sql: `substring(${identifier(column.name)}, ${index * INLINE_BYTES + 1}, ${INLINE_BYTES})`,
    numeric: false,
    position: position + index * INLINE_BYTES,
  }));
}

/** By way of its text where the digits of a DECIMAL may not fit a double: the direct cast divides, and rounds twice. */
function asDouble({ column }: Variable): string {
  const digits = Number(/^DECIMAL\((\d+),/.exec(column.type)?.[1] ?? 0);
  return `${columnValue(column)}${digits > 15 ? '::VARCHAR' : ''}::DOUBLE`;
}
