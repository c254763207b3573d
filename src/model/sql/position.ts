import type { Position } from '../../lib/excerpt.ts';

/** The position of a byte of the UTF-8 text, as DuckDB's syntax tree counts them. */
export function positionOfByte(sql: string, byte: number): Position {
  return lastPosition(Buffer.from(sql, 'utf8').subarray(0, byte).toString('utf8'));
}

/** The position of a character (code point), as DuckDB's parser counts them in its errors. */
export function positionOfCharacter(sql: string, character: number): Position {
  return lastPosition([...sql].slice(0, character).join(''));
}

/** The position of a UTF-16 unit. */
export function positionOf(sql: string, index: number): Position {
  return lastPosition(sql.slice(0, index));
}

function lastPosition(before: string): Position {
  const lines = before.split('\n');
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}
