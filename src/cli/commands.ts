import type { CommandEntry } from './command.ts';

const START = 'Start';
const EVERY_DAY = 'Every day';
const STEPS = 'One step of a build';
const SPECIFICATION = 'The specification';
const LOOK = 'Look';
const RECORD = 'The record';

/**
 * Every command, with what the help says of it. Its module is imported when it is chosen. A name of two words is that of
 * a command in a group: `odm export`.
 */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'Make a small working project, also from an ODM file',
    group: START,
    load: async () => (await import('./init.ts')).command,
  },
  {
    name: 'build',
    summary: 'Load what is new, run models and tests, export, publish',
    group: EVERY_DAY,
    load: async () => (await import('./build.ts')).command,
  },
  {
    name: 'plan',
    summary: 'Show what a build would do, and why',
    group: EVERY_DAY,
    load: async () => (await import('./plan.ts')).command,
  },
  {
    name: 'retry',
    summary: 'Do again what failed in the last build, run or test',
    group: EVERY_DAY,
    load: async () => (await import('./retry.ts')).command,
  },
  {
    name: 'query',
    summary: 'Run one SELECT and print its rows',
    group: EVERY_DAY,
    load: async () => (await import('./query.ts')).command,
  },
  {
    name: 'load',
    summary: 'Load new source files, nothing more',
    group: STEPS,
    load: async () => (await import('./load.ts')).command,
  },
  {
    name: 'run',
    summary: 'Run the models that changed, with their tests',
    group: STEPS,
    load: async () => (await import('./run.ts')).command,
  },
  {
    name: 'test',
    summary: 'Run the tests against what is built',
    group: STEPS,
    load: async () => (await import('./test.ts')).command,
  },
  {
    name: 'export',
    summary: 'Write the datasets as XPT, Parquet and CSV',
    group: STEPS,
    load: async () => (await import('./export.ts')).command,
  },
  {
    name: 'spec export',
    summary: 'Write the properties of models as a workbook (.xlsx)',
    group: SPECIFICATION,
    load: async () => (await import('./spec-export.ts')).command,
  },
  {
    name: 'spec import',
    summary: 'Make the properties say what a workbook says',
    group: SPECIFICATION,
    load: async () => (await import('./spec-import.ts')).command,
  },
  {
    name: 'list',
    summary: 'List the models',
    group: LOOK,
    load: async () => (await import('./list.ts')).command,
  },
  {
    name: 'compile',
    summary: 'Print the SELECT of each model',
    group: LOOK,
    load: async () => (await import('./compile.ts')).command,
  },
  {
    name: 'debug',
    summary: 'Check the machine and the project',
    group: LOOK,
    load: async () => (await import('./debug.ts')).command,
  },
  {
    name: 'lineage',
    summary: 'Show what a column comes from, or what comes from it',
    group: LOOK,
    load: async () => (await import('./lineage.ts')).command,
  },
  {
    name: 'clean',
    summary: 'Empty target/; the record in .warehouse/ stays',
    group: LOOK,
    load: async () => (await import('./clean.ts')).command,
  },
  {
    name: 'verify',
    summary: 'Check that ledger, files, counts and exports agree',
    group: RECORD,
    load: async () => (await import('./verify.ts')).command,
  },
  {
    name: 'checkpoint',
    summary: 'Sign the state of the ledger, to be kept elsewhere',
    group: RECORD,
    load: async () => (await import('./checkpoint.ts')).command,
  },
  {
    name: 'odm export',
    summary: 'Write ODM back from what is recorded of a delivery',
    group: RECORD,
    load: async () => (await import('./odm-export.ts')).command,
  },
  {
    name: 'quarantine list',
    summary: 'List what could not be used and was put aside',
    group: RECORD,
    load: async () => (await import('./quarantine-list.ts')).command,
  },
  {
    name: 'quarantine show',
    summary: 'Show one fragment of it, with its bytes',
    group: RECORD,
    load: async () => (await import('./quarantine-show.ts')).command,
  },
  {
    name: 'quarantine retry',
    summary: 'Read its file again, as the next build would',
    group: RECORD,
    load: async () => (await import('./quarantine-retry.ts')).command,
  },
  {
    name: 'quarantine discard',
    summary: 'Decide that it holds nothing that is to land',
    group: RECORD,
    load: async () => (await import('./quarantine-discard.ts')).command,
  },
  {
    name: 'restore-ledger',
    summary: 'Make the files of the ledger anew from rows, or the rows',
    group: RECORD,
    load: async () => (await import('./restore-ledger.ts')).command,
  },
];
