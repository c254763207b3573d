// npm run bench -- <name> [options]: each benchmark prints ratios of CPU time taken in one run, side by side.
const BENCHMARKS = {
  build: () => import('./build.mjs'),
  ingest: () => import('./ingest.mjs'),
  peers: () => import('./peers.mjs'),
  plan: () => import('./plan.mjs'),
  runner: () => import('./runner.mjs'),
  staging: () => import('./staging.mjs'),
  start: () => import('./start.mjs'),
  state: () => import('./state.mjs'),
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(BENCHMARKS, name ?? '')) {
  process.stderr.write(`Usage: npm run bench -- ${Object.keys(BENCHMARKS).join('|')} [options]\n`);
  process.exit(2);
}
const { run } = await BENCHMARKS[name]();
await run(args);
