/** What the command line calls: one function a command. */
export { build, load, run, test } from './build.ts';
export { checkpoint } from './checkpoint.ts';
export { clean } from './clean.ts';
export { exportAll } from './export-all.ts';
export { compile, list } from './inspect.ts';
export { lineage } from './lineage.ts';
export { odmExport } from './odm-export.ts';
export { plan } from './plan.ts';
export { quarantineDiscard } from './quarantine-discard.ts';
export { quarantineList } from './quarantine-list.ts';
export { quarantineRetry } from './quarantine-retry.ts';
export { quarantineShow } from './quarantine-show.ts';
export { query } from './query.ts';
export { restoreLedger } from './restore-ledger.ts';
export { verify } from './verify.ts';
