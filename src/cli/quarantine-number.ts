import type { Command } from './command.ts';
import { invalid } from './yargs-error.ts';

/** The positional argument of the commands that work on one fragment. */
export const NUMBER: Command['positionals'] = {
  number: { type: 'string', required: true, describe: 'Number of the fragment: warehouse quarantine list' },
};

/** @throws usage CLI_INVALID */
export function numberOf(name: string, command: Command, written: unknown): number {
  if (/^[1-9][0-9]{0,14}$/.test(String(written))) return Number(written);
  throw invalid(name, command, `${name} needs the number of a fragment, a whole number, 1 or more.`);
}
