import type { Options as Flag } from 'yargs';
import { ENGINES } from '../odm/xml/events.ts';

/** Flags of every command. They may also stand before its name. */
export const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  json: { type: 'boolean', describe: 'Write events, the result and errors as JSON, one value a line' },
  quiet: { type: 'boolean', describe: 'No progress and no summary' },
  debug: { type: 'boolean', describe: 'Show the stack of an error' },
};

/** Flags of the commands that work on a project. */
export const PROJECT_FLAGS: Readonly<Record<string, Flag>> = {
  project: {
    type: 'string',
    requiresArg: true,
    describe: 'Folder of the project (default: the nearest one upwards with a warehouse.yml)',
  },
  target: { type: 'string', requiresArg: true, describe: 'Target of warehouse.yml (default: main)' },
  unblinded: { type: 'boolean', describe: 'Short for --target unblinded' },
  threads: {
    type: 'number',
    requiresArg: true,
    describe:
      'Threads that DuckDB may use (default: one for each core); with more than one, models that do not need one another are made at the same time',
  },
};

/** docs/models.md, Selecting, has the whole of what may be written. */
export const SELECT_FLAGS: Readonly<Record<string, Flag>> = {
  select: {
    alias: 's',
    type: 'array',
    string: true,
    requiresArg: true,
    describe:
      "Only these models: ae (the project's own before a generated one), sdtm.*, +ae (and what it reads), ae+ (and what reads it), path:, tag:, config.KEY:, source:, state:, result:; a space joins, a comma takes what is in both; may be repeated",
  },
  exclude: {
    type: 'array',
    string: true,
    requiresArg: true,
    describe: 'Not these models, written in the same way; may be repeated',
  },
};

export const FULL_REFRESH_FLAG: Readonly<Record<string, Flag>> = {
  'full-refresh': {
    type: 'boolean',
    describe: 'Build all that is selected from nothing, changed or not; the history of snapshots stays',
  },
};

export const RELEASE_FLAG: Readonly<Record<string, Flag>> = {
  release: {
    type: 'boolean',
    describe:
      'Take the SHA-256 of every source file, whatever the file system says of it, hold every byte that is handed over against the record, and record that it is a release; of everything, so without --select and --exclude',
  },
};

/** Whether rows that fail a test are kept. */
export const STORE_FLAGS: Readonly<Record<string, Flag>> = {
  'store-failures': {
    type: 'boolean',
    describe: 'Keep the rows that fail a test in the schema failures (the default)',
  },
  'no-store-failures': { type: 'boolean', describe: 'Count them only; rows that were kept before stay as they are' },
};

/** Checkpoints that the ledger is held against. */
export const CHECKPOINT_FLAG: Readonly<Record<string, Flag>> = {
  checkpoint: {
    type: 'array',
    string: true,
    requiresArg: true,
    describe: 'A checkpoint that was kept, which the ledger must continue; may be repeated',
  },
};

export const CHECKPOINT_FLAGS: Readonly<Record<string, Flag>> = {
  ...CHECKPOINT_FLAG,
  'public-key': {
    type: 'string',
    requiresArg: true,
    describe: 'File of the public key (PEM, or name+id+base64) that the checkpoints must be signed with',
  },
};

/** How source files are read and accepted. */
export const READING_FLAGS: Readonly<Record<string, Flag>> = {
  'accept-removals': {
    type: 'boolean',
    describe:
      'Load deliveries even if they remove more than the removal_threshold of warehouse.yml: all that are pending',
  },
  parser: {
    type: 'string',
    choices: ENGINES,
    default: 'tokenizer',
    requiresArg: true,
    describe: 'Reader of ODM: tokenizer, the fast one, or sax, the reference',
  },
};
