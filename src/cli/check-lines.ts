import type { Check } from '../build/check.ts';
import { styled, type Terminal } from '../report/terminal.ts';
import { padEnd, printable } from '../report/text.ts';

/** A line for each check, never cut: what is wrong and what to do is all that matters here. */
export function checkLines(checks: readonly Check[], terminal: Terminal): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, ok, detail, next }) => {
      const result = ok ? (next === undefined ? 'ok    ' : 'note  ') : styled(terminal, 'red', 'NOT OK');
      const line = `${result}  ${padEnd(name, width)}  ${printable(detail)}\n`;
      return next === undefined ? line : `${line}${' '.repeat(8)}${padEnd('next', width)}  ${printable(next)}\n`;
    })
    .join('');
}
