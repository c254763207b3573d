import { own } from '../lib/own.ts';
import type { CommandEntry } from './command.ts';
import { DBT_COMMANDS } from './dbt-words.ts';
import { COMMON_FLAGS, PROJECT_FLAGS } from './flags.ts';
import { didYouMean, flagMeant, usageError } from './usage-error.ts';

interface Invocation {
  /** undefined: none was named. */
  readonly command?: CommandEntry;
  /** The commands that begin with the word that was given, where only their help was asked for. */
  readonly group?: readonly CommandEntry[];
  /** All arguments but the command's name. */
  readonly rest: readonly string[];
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
}

const FLAGS_BEFORE = { ...COMMON_FLAGS, ...PROJECT_FLAGS };
/** Other words for a command. */
const ALIASES: Readonly<Record<string, string>> = { ls: 'list' };

const ASKING = new Set(['--help', '-h', '--version']);

/**
 * Finds the command: the first argument that is neither a flag nor the value of one.
 *
 * @throws usage CLI_UNKNOWN_COMMAND, CLI_UNKNOWN_FLAG
 */
export function splitArguments(argv: readonly string[], commands: readonly CommandEntry[]): Invocation {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  const asks = {
    wantsHelp: flags.includes('--help') || flags.includes('-h'),
    wantsVersion: flags.includes('--version'),
  };
  const at = indexOfCommand(argv);
  if (at < 0) return { rest: argv, ...asks };
  if (argv[at] === 'help') return { ...splitArguments(argv.toSpliced(at, 1), commands), wantsHelp: true };
  const command = commands.find(({ name }) => name === (own(ALIASES, argv[at]) ?? argv[at]));
  if (command !== undefined) return { command, rest: argv.toSpliced(at, 1), ...asks };
  const group = commands.filter(({ name }) => name.startsWith(`${argv[at]} `));
  if (group.length > 0) return splitGroup(argv, at, group, asks);
  const names = [...new Set(commands.map(({ name }) => name.split(' ')[0]))];
  const next = own(DBT_COMMANDS, argv[at]) ?? didYouMean(argv[at], names, 'See warehouse --help for the commands.');
  throw usageError('CLI_UNKNOWN_COMMAND', `There is no command "${argv[at]}".`, next);
}

/** The second word of a command stands right behind the first. */
function splitGroup(
  argv: readonly string[],
  at: number,
  group: readonly CommandEntry[],
  asks: Pick<Invocation, 'wantsHelp' | 'wantsVersion'>,
): Invocation {
  const [first, second] = argv.slice(at);
  const command = group.find(({ name }) => name === `${first} ${second}`);
  if (command !== undefined) return { command, rest: argv.toSpliced(at, 2), ...asks };
  const isFlag = second === undefined || second.startsWith('-');
  if (isFlag && (asks.wantsHelp || asks.wantsVersion)) return { group, rest: argv.toSpliced(at, 1), ...asks };
  const names = group.map(({ name }) => name);
  const known = `The commands are: ${names.map((name) => `warehouse ${name}`).join(', ')}.`;
  if (isFlag) throw usageError('CLI_UNKNOWN_COMMAND', `${first} is the first word of a command.`, known);
  const next = didYouMean(`${first} ${second}`, names, known);
  throw usageError('CLI_UNKNOWN_COMMAND', `There is no command "${first} ${second}".`, next);
}

function indexOfCommand(argv: readonly string[]): number {
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (!argument.startsWith('-')) return i;
    if (ASKING.has(argument)) continue;
    const [name, value] = argument.slice(2).split('=', 2);
    if (!argument.startsWith('--') || !Object.hasOwn(FLAGS_BEFORE, name)) {
      const known = [...Object.keys(FLAGS_BEFORE), 'help', 'version'];
      const next = flagMeant(name, known, 'Write flags of a command after its name.');
      throw usageError('CLI_UNKNOWN_FLAG', `There is no flag ${argument} before a command.`, next);
    }
    if (FLAGS_BEFORE[name].type !== 'boolean' && value === undefined) i++;
  }
  return -1;
}
