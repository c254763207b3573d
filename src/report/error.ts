import { describePlace, WarehouseError } from '../lib/errors.ts';
import { styled, type Terminal } from './terminal.ts';
import { printable } from './text.ts';

interface Shown {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly where: string;
  readonly next?: string;
}

function shown(error: unknown, debug = false): Shown {
  if (error instanceof WarehouseError) {
    const { kind, code, message, place, next } = error;
    return { kind, code, message, where: describePlace(place), next };
  }
  const message = error instanceof Error ? error.message : String(error);
  const next = debug ? undefined : 'Run it again with --debug to see where it arose.';
  return { kind: 'fault', code: 'FAULT', message, where: '', next };
}

/**
 * How an error is shown: its code, what happened, where, what to do next. What is no WarehouseError is a `FAULT`.
 * The stack, with those of its causes, only with `debug`.
 */
export function renderError(error: unknown, terminal: Terminal, options: { debug: boolean }): string {
  const { kind, code, message, where, next } = shown(error, options.debug);
  const lines = [`${styled(terminal, 'red', 'error')} ${styled(terminal, 'bold', code)} (${kind})`];
  for (const line of message.split('\n')) lines.push(`  ${printable(line)}`);
  if (where !== '') lines.push(`  where  ${printable(where)}`);
  if (next !== undefined) lines.push(`  next   ${printable(next)}`);
  if (options.debug) lines.push(...stacks(error));
  return lines.map((line) => `${line}\n`).join('');
}

function stacks(error: unknown): string[] {
  const lines: string[] = [];
  let here = error;
  for (let depth = 0; here instanceof Error && depth < 8; depth++) {
    lines.push(...(here.stack ?? here.message).split('\n').map((line) => `  ${printable(line)}`));
    here = here.cause;
    if (here !== undefined) lines.push('  caused by');
  }
  if (here !== undefined && !(here instanceof Error)) lines.push(`  ${printable(String(here))}`);
  return lines;
}

/** The same as one JSON object, for `--json`. */
export function errorEvent(error: unknown): Record<string, unknown> {
  const { kind, code, message, next } = shown(error);
  const place = error instanceof WarehouseError ? error.place : {};
  return { event: 'error', kind, code, message, place, next };
}
