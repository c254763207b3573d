import type { Options as Flag } from 'yargs';
import type { WarehouseError } from '../lib/errors.ts';
import type { Command } from './command.ts';
import { COMMON_FLAGS } from './flags.ts';
import { usageError } from './usage-error.ts';

/** `warehouse query <sql> [flags]` */
function usageOf(name: string, { positionals = {} }: Command): string {
  const words = Object.entries(positionals).map(([word, { required }]) => (required ? `<${word}>` : `[${word}]`));
  return ['warehouse', name, ...words, '[flags]'].join(' ');
}

/** What cannot be understood of what was typed, with the usage of the command. */
export function invalid(name: string, command: Command, message: string): WarehouseError {
  return usageError('CLI_INVALID', message, `Usage: ${usageOf(name, command)}. See warehouse ${name} --help.`);
}

type Wording = readonly [yargs: RegExp, ours: (found: readonly string[], name: string, command: Command) => string];

const WORDINGS: readonly Wording[] = [
  [/^Not enough non-option arguments: got (\d+)/, ([got], name, command) => missingWord(Number(got), name, command)],
  [/^Not enough arguments following: (\S+)/, ([flag]) => `--${flag} needs a value.`],
  [
    /^Missing required arguments?: ([^\s,]+)/,
    ([flag], name, command) => `${name} needs --${flag}: ${flagOf(flag, command)?.describe}.`,
  ],
  [
    /^Invalid values: Argument: ([^\s,]+), Given: (.*), Choices: /,
    ([key, given], _, command) => wrongChoice(key, given, command),
  ],
];

/** What yargs says of a command line, in our words; in its own where it says what we do not know. */
export function inOurWords(error: Error, name: string, command: Command): WarehouseError {
  const said = error.message.replaceAll(/\s*\n\s*/g, ' ');
  for (const [pattern, wording] of WORDINGS) {
    const found = pattern.exec(said);
    if (found) return invalid(name, command, wording(found.slice(1), name, command));
  }
  return invalid(name, command, `${said.replace(/\.$/, '')}.`);
}

function flagOf(flag: string, command: Command): Flag | undefined {
  return { ...command.flags, ...COMMON_FLAGS }[flag];
}

function missingWord(got: number, name: string, { positionals = {} }: Command): string {
  const [word, { describe }] = Object.entries(positionals)[got];
  return `${name} needs <${word}>: ${describe}.`;
}

function wrongChoice(key: string, given: string, command: Command): string {
  const flag = flagOf(key, command);
  const choices = (flag ?? command.positionals?.[key])?.choices ?? [];
  return `${flag ? `--${key}` : `<${key}>`} must be ${choices.join(' or ')}, not ${given}.`;
}
