import type { Options as Flag, PositionalOptions } from 'yargs';
import type { Arguments, Session } from './session.ts';

export interface Command {
  /** What it does, in a paragraph. */
  readonly about: string;
  /** As yargs writes them: `<sql>`, `[directory]`. */
  readonly positionals?: Readonly<Record<string, PositionalOptions & { readonly required: boolean }>>;
  /** Beside those that every command has. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** Flags of a project that it does not take, and why: `it empties ...`. */
  readonly without?: Readonly<Record<string, string>>;
  readonly examples: readonly (readonly [command: string, explanation: string])[];
  /** Calls one action and prints what it returns. Resolves to the exit code. */
  readonly run: (session: Session, args: Arguments) => Promise<number>;
}

/** A command before its module is imported. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly load: () => Promise<Command>;
}
