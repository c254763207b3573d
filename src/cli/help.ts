import type { CommandEntry } from './command.ts';

const ABOUT = `warehouse turns clinical-trial source files (CDISC ODM, CSV) into submission
datasets inside one DuckDB file, and can show, for any value in any dataset,
the bytes it came from. A project is a folder with a warehouse.yml: its sources,
and one SQL file for each dataset in models/.

Usage: warehouse <command> [flags]
`;

const REST = `
Examples
  warehouse init vexin-03 --from edc.xml   A project from a file of the study
  warehouse build                          Bring everything up to date

Flags of every command
  --help     What a command does, its flags and examples
  --json     Events, the result and errors as JSON, one value a line
  --quiet    No progress and no summary
  --debug    The stack of an error
  --version  The version of warehouse

Exit codes: 0 done, 1 a fault of warehouse or the machine, 2 usage, 3 the data,
or a model, test or check that failed (its error says "usage" where what a
person wrote is to be corrected), 130 interrupted. Colours are left out where
NO_COLOR is set.
`;

/** Commands, a line each. */
export function commandList(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('');
}

/** The help of the program itself: its commands by group. */
export function generalHelp(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const groups = [...new Set(commands.map(({ group }) => group))].map((group) => {
    const members = commands.filter((command) => command.group === group);
    return `\n${group}\n${members.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('')}`;
  });
  return ABOUT + groups.join('') + REST;
}
