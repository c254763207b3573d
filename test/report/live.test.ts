import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { type ProgressMode, progress } from '../../src/report/live.ts';
import type { Terminal } from '../../src/report/terminal.ts';
import { screen } from './screen.ts';

const start = (step: string, label = step): WarehouseEvent => ({ event: 'step', step, state: 'start', label });
const end = (step: string, label = step): WarehouseEvent => ({ event: 'step', step, state: 'end', label });
const read = (step: string, done: number, total?: number): WarehouseEvent => {
  return { event: 'progress', step, done, total, unit: 'bytes' };
};
const notice: WarehouseEvent = {
  event: 'notice',
  code: 'ZONE_UNKNOWN',
  message: 'Read as UTC.',
  next: 'Set time_zone.',
};

function reporter(terminal: Partial<Terminal>, mode: ProgressMode = 'text') {
  const output = screen(terminal);
  let ms = 0;
  const { events, tick, close } = progress(output, () => ms, mode);
  return {
    output,
    events,
    tick,
    close,
    at: (time: number) => {
      ms = time;
    },
  };
}

describe('on a terminal', () => {
  it('rewrites one line: what, how far, how fast, how long [REPORT-006]', () => {
    const { events, at, output } = reporter({ isInteractive: true });
    events(start('edc', 'edc: data/edc.xml'));
    at(2_000);
    events(read('edc', 120_000_000, 300_000_000));
    expect(output.written).toEqual([
      '\r\u001b[Kedc: data/edc.xml  0.0 s',
      '\r\u001b[Kedc: data/edc.xml  120 MB of 300 MB (40 %), 60 MB/s, 2.0 s',
    ]);
    at(2_010);
    events(end('edc'));
    expect(output.written.at(-1)).toBe('\r\u001b[K');
  });

  it('draws at most ten times a second, whatever happens [REPORT-006]', () => {
    const { events, at, output } = reporter({ isInteractive: true });
    events(start('edc'));
    for (let ms = 1; ms <= 1_000; ms++) {
      at(ms);
      events(read('edc', ms));
    }
    expect(output.written).toHaveLength(11);
  });

  it('shows the newest of several steps, and the time going by [REPORT-006]', () => {
    const { events, at, tick, output } = reporter({ isInteractive: true });
    events(start('a'));
    events(start('b'));
    at(3_000);
    tick();
    expect(output.written.at(-1)).toBe('\r\u001b[Kb  3.0 s  (and 1 more)');
  });

  it('shows models that are made at the same time, each until it ends [REPORT-006]', () => {
    const { events, tick, output } = reporter({ isInteractive: true });
    events(start('model', 'sdtm.ae'));
    events(start('model', 'sdtm.dm'));
    events(end('model', 'sdtm.ae'));
    tick();
    expect(output.written.at(-1)).toBe('\r\u001b[Ksdtm.dm  0.0 s');
    events(end('model', 'sdtm.dm'));
    expect(output.written.at(-1)).toBe('\r\u001b[K');
  });

  it('never fills the line to its end, where it would wrap [REPORT-006]', () => {
    const { events, output } = reporter({ isInteractive: true, columns: 20 });
    events(start('a', 'x'.repeat(50)));
    expect(output.text()).toBe(`\r\u001b[K${'x'.repeat(18)}…`);
  });

  it('takes the line away before it says something [REPORT-006]', () => {
    const { events, close, output } = reporter({ isInteractive: true });
    events(start('a'));
    events(notice);
    close();
    expect(output.written).toEqual([
      '\r\u001b[Ka  0.0 s',
      '\r\u001b[K',
      'note ZONE_UNKNOWN: Read as UTC. Set time_zone.\n',
      '\r\u001b[Ka  0.0 s',
      '\r\u001b[K',
    ]);
  });
});

describe('elsewhere', () => {
  it('writes a plain line for what took a second, and every ten seconds meanwhile [REPORT-007]', () => {
    const { events, at, output } = reporter({});
    events(start('quick'));
    at(999);
    events(end('quick'));
    at(1_000);
    events(start('slow'));
    for (let second = 1; second <= 25; second++) {
      at(1_000 + second * 1_000);
      events(read('slow', second * 1_000_000));
    }
    events(end('slow'));
    expect(output.written).toEqual([
      'slow  10 MB, 1.0 MB/s, 10 s\n',
      'slow  20 MB, 1.0 MB/s, 20 s\n',
      'slow  25 MB, 1.0 MB/s, 25 s\n',
    ]);
  });

  it('has a line for each of the models that are made at the same time, with its own time [REPORT-006]', () => {
    const { events, at, output } = reporter({});
    events(start('model', 'sdtm.ae'));
    events(start('model', 'sdtm.dm'));
    events(start('model', 'sdtm.vs'));
    at(9_000);
    events(end('model', 'sdtm.ae'));
    events({ ...end('model', 'sdtm.dm'), ms: 2_000 } as WarehouseEvent);
    events({ ...end('model', 'sdtm.vs'), ms: 20 } as WarehouseEvent);
    expect(output.written).toEqual(['sdtm.ae  9.0 s\n', 'sdtm.dm  2.0 s\n']);
  });

  it('keeps control characters of labels from the terminal [REPORT-001]', () => {
    const { events, at, output } = reporter({});
    events(start('a', 'a\u001b[2J'));
    at(1_500);
    events(end('a'));
    expect(output.text()).toBe('a\\u{1b}[2J  1.5 s\n');
  });
});

it('writes one event a line for --json [REPORT-005]', () => {
  const { events, output } = reporter({ isInteractive: true }, 'json');
  events(start('a'));
  events(notice);
  const [first, second, ...rest] = output.text().split('\n');
  expect(JSON.parse(first)).toEqual(start('a'));
  expect(JSON.parse(second)).toEqual(notice);
  expect(rest).toEqual(['']);
});

it('writes nothing for --quiet [REPORT-007]', () => {
  const { events, at, tick, close, output } = reporter({ isInteractive: true }, 'quiet');
  events(start('a'));
  events(notice);
  at(60_000);
  tick();
  events(end('a'));
  close();
  expect(output.written).toEqual([]);
});

it('shows an error that stops a part of the work, under --quiet too [REPORT-007]', () => {
  const error = new WarehouseError({
    kind: 'data',
    code: 'TEST_FAILED',
    message: 'unique found 2 rows.',
    place: { model: 'sdtm.ae' },
    next: 'See failures.sdtm_ae__unique.',
  });
  const { events, output } = reporter({}, 'quiet');
  events({ event: 'error', error });
  expect(output.written.join('')).toBe(
    'error TEST_FAILED (data)\n  unique found 2 rows.\n  where  model sdtm.ae\n  next   See failures.sdtm_ae__unique.\n',
  );
});
