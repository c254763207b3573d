/** What the command line calls: one function a command. */
export { build, exportAll, load, run, test } from './build.ts';
export { clean, compile, list, query } from './inspect.ts';
export { plan } from './plan.ts';
export { verify } from './verify.ts';
