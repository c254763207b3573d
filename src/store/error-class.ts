/** The class of what DuckDB says, such as `Conversion Error`; undefined for what is not DuckDB's. */
export function errorClass(message: string): string | undefined {
  return /^(?:\w+ ){1,3}?Error(?=:)/.exec(message)?.[0];
}

type ErrorTest = (message: string) => boolean;

/** The machine's or DuckDB's own: whoever runs the next statement would meet it too. It never speaks of data. */
export const isOfMachine: ErrorTest = oneOf('Out of Memory', 'INTERNAL', 'FATAL', 'TransactionContext');

/** What several queries at a time did not leave room for may have room for one. */
export const isOutOfMemory: ErrorTest = oneOf('Out of Memory');

/** Of a file, which could not be read or written, or which SQL may not. It never speaks of data. */
export const isOfFile: ErrorTest = oneOf('IO', 'Permission');

/** Of data, with values that may say anything. */
export const isOfData: ErrorTest = oneOf(
  'Conversion',
  'Invalid Input',
  'Out of Range',
  'Not implemented',
  'Constraint',
);

function oneOf(...names: readonly string[]): ErrorTest {
  const classes = new Set(names.map((name) => `${name} Error`));
  return (message) => classes.has(errorClass(message) ?? '');
}
