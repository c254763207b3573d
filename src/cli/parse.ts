import yargs, { type Argv } from 'yargs';
import { own } from '../lib/own.ts';
import type { Command } from './command.ts';
import { DBT_FLAGS } from './dbt-words.ts';
import { COMMON_FLAGS } from './flags.ts';
import type { Arguments } from './session.ts';
import { flagMeant, usageError } from './usage-error.ts';
import { inOurWords, invalid } from './yargs-error.ts';

/** Nothing that would let one argument be written, or read, in two ways. */
const PLAIN = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-positional-numbers': false,
  // A flag has one name, however it was written.
  'strip-aliased': true,
};

/** What a command takes, as yargs reads it. */
function parserOf(name: string, command: Command, columns: number): Argv {
  const positionals = Object.entries(command.positionals ?? {});
  const words = positionals.map(([word, { required }]) => (required ? ` <${word}>` : ` [${word}]`)).join('');
  return yargs([])
    .scriptName(`warehouse ${name}`)
    .locale('en')
    .parserConfiguration(PLAIN)
    .exitProcess(false)
    .fail(false)
    .version(false)
    .help('help')
    .wrap(Math.min(columns, 110))
    .command(`$0${words}`, command.about, (builder) => {
      for (const [word, { required, ...options }] of positionals) builder.positional(word, options);
      return builder.options({ ...command.flags, ...COMMON_FLAGS });
    })
    .epilogue(examplesOf(command));
}

/** Each on a line of its own, so that it can be copied. */
function examplesOf({ examples }: Command): string {
  return ['Examples:', ...examples.map(([line, explanation]) => `  ${line}\n      ${explanation}`)].join('\n');
}

export function helpOf(name: string, command: Command, columns: number): Promise<string> {
  return parserOf(name, command, columns).getHelp();
}

/**
 * The flags and positional arguments of a command.
 *
 * @throws usage CLI_UNKNOWN_FLAG, CLI_INVALID
 */
export async function parseArguments(name: string, command: Command, argv: readonly string[]): Promise<Arguments> {
  refuseValues(name, command, argv);
  let parsed: Record<string, unknown>;
  try {
    parsed = await parserOf(name, command, 80).parseAsync([...argv]);
  } catch (error) {
    throw inOurWords(error as Error, name, command);
  }
  const { _: words, $0: _script, ...args } = parsed;
  refuseUnknown(name, command, args);
  refuseMisused(name, command, args);
  const extra = (words as string[])[0];
  if (extra !== undefined) {
    throw invalid(name, command, `${name} takes no argument "${extra}".${repeatText(command, args, extra)}`);
  }
  return args;
}

/** `--select a b`: mostly it is a second value that was meant. */
function repeatText({ flags }: Command, args: Arguments, extra: string): string {
  const listed = Object.keys(flags).find((flag) => flags[flag].type === 'array' && args[flag] !== undefined);
  return listed === undefined ? '' : ` A further value of --${listed} is written: --${listed} ${extra}.`;
}

/** A flag that is there or not: yargs would read any value but `true` as if it were not. */
function refuseValues(name: string, command: Command, argv: readonly string[]): void {
  const flags = { ...command.flags, ...COMMON_FLAGS };
  const end = argv.indexOf('--');
  for (const argument of end < 0 ? argv : argv.slice(0, end)) {
    const [, key] = /^--([^=]+)=/.exec(argument) ?? [];
    if (key !== undefined && flags[key]?.type === 'boolean') throw invalid(name, command, `--${key} takes no value.`);
  }
}

function refuseUnknown(name: string, command: Command, args: Arguments): void {
  const flags = Object.keys({ ...command.flags, ...COMMON_FLAGS });
  const known = new Set([...flags, ...Object.keys(command.positionals ?? {})]);
  for (const key of Object.keys(args)) {
    if (known.has(key)) continue;
    const written = key.length > 1 ? `--${key}` : `-${key}`;
    const next = own(DBT_FLAGS, key) ?? flagMeant(key, flags, `See warehouse ${name} --help.`);
    const why = command.without?.[key];
    throw usageError('CLI_UNKNOWN_FLAG', `${name} has no flag ${written}${why === undefined ? '' : `: ${why}`}.`, next);
  }
}

function refuseMisused(name: string, command: Command, args: Arguments): void {
  const flags = { ...command.flags, ...COMMON_FLAGS };
  for (const [key, value] of Object.entries(args)) {
    if (Array.isArray(value) && flags[key]?.type !== 'array') throw invalid(name, command, `--${key} is given twice.`);
    if (flags[key]?.type === 'number' && value !== undefined && !(Number.isInteger(value) && (value as number) > 0)) {
      throw invalid(name, command, `--${key} must be a whole number, 1 or more.`);
    }
  }
}
