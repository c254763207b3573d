import type { EventSink, WarehouseEvent } from '../lib/events.ts';
import { errorEvent, renderError } from './error.ts';
import { bytes, duration } from './figures.ts';
import { jsonLine } from './json.ts';
import { styled, type Terminal } from './terminal.ts';
import { printable, shorten } from './text.ts';

/** `text`: a live line on a terminal, sparse plain lines elsewhere. `json`: one event a line. `quiet`: errors. */
export type ProgressMode = 'text' | 'json' | 'quiet';

export interface Progress {
  readonly events: EventSink;
  /** Draws the live line again, with the time that has passed. To be called now and then. */
  readonly tick: () => void;
  /** Takes the live line away. Call it before anything else is written to the same terminal. */
  readonly close: () => void;
}

/** Milliseconds, only ever compared with each other. */
export type Milliseconds = () => number;

export function progress(terminal: Terminal, now: Milliseconds, mode: ProgressMode): Progress {
  const nothing = () => {};
  if (mode === 'quiet') return { events: errorsOnly(terminal), tick: nothing, close: nothing };
  if (mode === 'json') return { events: jsonLines(terminal), tick: nothing, close: nothing };
  return terminal.isInteractive ? liveLine(terminal, now) : plainLines(terminal, now);
}

function errorsOnly(terminal: Terminal): EventSink {
  return (event) => {
    if (event.event === 'error') terminal.write(renderError(event.error, terminal, { debug: false }));
  };
}

function jsonLines(terminal: Terminal): EventSink {
  return (event) => terminal.write(jsonLine(event.event === 'error' ? errorEvent(event.error) : event));
}

interface Step {
  readonly label: string;
  readonly since: number;
  done?: number;
  total?: number;
  lastShown: number;
}

/** The steps that are under way, in the order in which they began. */
class Steps {
  readonly #steps = new Map<string, Step>();

  take(event: WarehouseEvent, now: number): Step | undefined {
    if (event.event === 'progress') {
      const step = this.#steps.get(event.step);
      if (step) Object.assign(step, { done: event.done, total: event.total });
      return step;
    }
    if (event.event !== 'step') return undefined;
    const key = keyOf(event);
    const step = this.#steps.get(key) ?? { label: event.label, since: now, lastShown: now };
    if (event.state === 'start') this.#steps.set(key, step);
    else this.#steps.delete(key);
    return step;
  }

  get newest(): Step | undefined {
    return [...this.#steps.values()].at(-1);
  }

  get size(): number {
    return this.#steps.size;
  }
}

/** Models, several of which are under way at one time, are all of one step. */
function keyOf({ step, label }: { readonly step: string; readonly label: string }): string {
  return step === 'model' ? `${step} ${label}` : step;
}

/** `edc: data/edc.xml  120 MB of 300 MB (40 %), 60 MB/s, 2.0 s` */
function describe(step: Step, now: number): string {
  const ms = now - step.since;
  const parts: string[] = [];
  if (step.done !== undefined) {
    const share = step.total ? ` of ${bytes(step.total)} (${Math.floor((100 * step.done) / step.total)} %)` : '';
    parts.push(bytes(step.done) + share);
    if (ms >= 500) parts.push(`${bytes(Math.round((step.done * 1000) / ms))}/s`);
  }
  parts.push(duration(ms));
  return `${printable(step.label)}  ${parts.join(', ')}`;
}

/** What is said in so many words, on a terminal and elsewhere. */
function spoken(event: WarehouseEvent, terminal: Terminal): string | undefined {
  if (event.event === 'error') return renderError(event.error, terminal, { debug: false });
  if (event.event !== 'notice') return undefined;
  const next = event.next === undefined ? '' : ` ${event.next}`;
  return `${styled(terminal, 'yellow', 'note')} ${event.code}: ${printable(event.message + next)}\n`;
}

const REDRAW_MS = 100;

function liveLine(terminal: Terminal, now: Milliseconds): Progress {
  const steps = new Steps();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  const close = () => {
    if (isDrawn) terminal.write('\r\u001b[K');
    isDrawn = false;
  };
  const draw = () => {
    const step = steps.newest;
    if (step === undefined) return close();
    const others = steps.size > 1 ? `  (and ${steps.size - 1} more)` : '';
    terminal.write(`\r\u001b[K${shorten(describe(step, now()) + others, terminal.columns - 1)}`);
    drawnAt = now();
    isDrawn = true;
  };
  const events: EventSink = (event) => {
    steps.take(event, now());
    const words = spoken(event, terminal);
    if (words !== undefined) {
      close();
      terminal.write(words);
    }
    if (steps.size === 0) close();
    else if (!isDrawn || now() - drawnAt >= REDRAW_MS) draw();
  };
  return { events, tick: draw, close };
}

/** A step that took this long is worth a line when it ends; and each so long while it goes on. */
const WORTH_A_LINE_MS = 1_000;
const STILL_GOING_MS = 10_000;

function plainLines(terminal: Terminal, now: Milliseconds): Progress {
  const steps = new Steps();
  const stillGoing = (step: Step) => {
    if (now() - step.lastShown < STILL_GOING_MS) return;
    step.lastShown = now();
    terminal.write(`${describe(step, now())}\n`);
  };
  const events: EventSink = (event) => {
    const step = steps.take(event, now());
    const words = spoken(event, terminal);
    if (words !== undefined) terminal.write(words);
    if (step === undefined) return;
    if (event.event === 'progress') stillGoing(step);
    if (event.event !== 'step' || event.state !== 'end') return;
    // Without what it waited for, if the step says so.
    const { ms = now() - step.since } = event;
    if (ms >= WORTH_A_LINE_MS) terminal.write(`${describe(step, step.since + ms)}\n`);
  };
  const tick = () => {
    if (steps.newest) stillGoing(steps.newest);
  };
  return { events, tick, close: () => {} };
}
