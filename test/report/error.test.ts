import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { errorEvent, renderError } from '../../src/report/error.ts';
import { terminalOf } from '../../src/report/terminal.ts';
import { screen } from './screen.ts';

const truncated = new WarehouseError({
  kind: 'data',
  code: 'ODM_TRUNCATED',
  message: 'The file ends before </ODM>.',
  place: { file: 'data/edc.xml', line: 3, byte: 211 },
  next: 'Ask for the file again.',
  cause: new Error('socket closed'),
});

describe('an error', () => {
  it('shows code, what happened, where and what to do next, without a stack [REPORT-003]', () => {
    expect(renderError(truncated, screen(), { debug: false })).toBe(
      [
        'error ODM_TRUNCATED (data)',
        '  The file ends before </ODM>.',
        '  where  data/edc.xml, line 3, byte 211',
        '  next   Ask for the file again.',
        '',
      ].join('\n'),
    );
  });

  it('keeps its advice with --debug, and adds the stacks of its causes [REPORT-003]', () => {
    const text = renderError(truncated, screen(), { debug: true });
    expect(text).toContain('  next   Ask for the file again.\n');
    expect(text).toMatch(/\n {2}WarehouseError: The file ends .*\n {6}at /);
    expect(text).toMatch(/\n {2}caused by\n {2}Error: socket closed\n/);
  });

  it('that is none of ours is a FAULT with a hint at --debug [REPORT-003]', () => {
    expect(renderError(new TypeError('x is undefined'), screen(), { debug: false })).toBe(
      'error FAULT (fault)\n  x is undefined\n  next   Run it again with --debug to see where it arose.\n',
    );
    expect(renderError('thrown text', screen(), { debug: false })).toContain('  thrown text\n');
  });

  it('shows every line of a list of problems, and no control character [REPORT-001]', () => {
    const error = new WarehouseError({ kind: 'usage', code: 'X', message: '2 problems:\n  a\u001b[2J\n  b' });
    expect(renderError(error, screen(), { debug: false })).toBe(
      'error X (usage)\n  2 problems:\n    a\\u{1b}[2J\n    b\n',
    );
  });

  it('is coloured only where the terminal has colours [REPORT-004]', () => {
    const text = renderError(truncated, screen({ hasColours: true }), { debug: false });
    expect(text.startsWith('\u001b[31merror\u001b[39m \u001b[1mODM_TRUNCATED\u001b[22m (data)\n')).toBe(true);
  });

  it('is one JSON object for --json [REPORT-005]', () => {
    expect(errorEvent(truncated)).toEqual({
      event: 'error',
      kind: 'data',
      code: 'ODM_TRUNCATED',
      message: 'The file ends before </ODM>.',
      place: { file: 'data/edc.xml', line: 3, byte: 211 },
      next: 'Ask for the file again.',
    });
  });
});

describe('terminalOf', () => {
  const stream = (isTTY: boolean) => ({ write: () => true, isTTY, columns: isTTY ? 80 : undefined });

  it.each([
    [true, {}, true, true],
    [true, { NO_COLOR: '1' }, true, false],
    [true, { NO_COLOR: '' }, true, true],
    [true, { TERM: 'dumb' }, false, false],
    [false, {}, false, false],
  ])(
    'of a terminal %s with %j: interactive %s, colours %s [REPORT-004]',
    (isTTY, environment, interactive, colours) => {
      const terminal = terminalOf(stream(isTTY), environment);
      expect([terminal.isInteractive, terminal.hasColours]).toEqual([interactive, colours]);
    },
  );

  it('is as wide as it says, and without bounds where nobody watches, so that nothing is cut [REPORT-002]', () => {
    expect(terminalOf(stream(true), {}).columns).toBe(80);
    expect(terminalOf({ write: () => true, isTTY: true }, {}).columns).toBe(120);
    expect(terminalOf(stream(false), {}).columns).toBe(Number.POSITIVE_INFINITY);
  });
});
