/** What the command line calls: one function a command. What a command needs is imported when it is called. */

export const build: typeof import('./build-if-changed.ts').buildIfChanged = lazily(
  async () => (await import('./build-if-changed.ts')).buildIfChanged,
);
export const checkpoint: typeof import('./checkpoint.ts').checkpoint = lazily(
  async () => (await import('./checkpoint.ts')).checkpoint,
);
export const clean: typeof import('./clean.ts').clean = lazily(async () => (await import('./clean.ts')).clean);
export const compile: typeof import('./inspect.ts').compile = lazily(
  async () => (await import('./inspect.ts')).compile,
);
export const debug: typeof import('./debug.ts').debug = lazily(async () => (await import('./debug.ts')).debug);
export const exportAll: typeof import('./export-all.ts').exportAll = lazily(
  async () => (await import('./export-all.ts')).exportAll,
);
export const init: typeof import('./init.ts').init = lazily(async () => (await import('./init.ts')).init);
export const lineage: typeof import('./lineage.ts').lineage = lazily(
  async () => (await import('./lineage.ts')).lineage,
);
export const list: typeof import('./inspect.ts').list = lazily(async () => (await import('./inspect.ts')).list);
export const load: typeof import('./build.ts').load = lazily(async () => (await import('./build.ts')).load);
export const odmExport: typeof import('./odm-export.ts').odmExport = lazily(
  async () => (await import('./odm-export.ts')).odmExport,
);
export const plan: typeof import('./plan.ts').plan = lazily(async () => (await import('./plan.ts')).plan);
export const quarantineDiscard: typeof import('./quarantine-discard.ts').quarantineDiscard = lazily(
  async () => (await import('./quarantine-discard.ts')).quarantineDiscard,
);
export const quarantineList: typeof import('./quarantine-list.ts').quarantineList = lazily(
  async () => (await import('./quarantine-list.ts')).quarantineList,
);
export const quarantineRetry: typeof import('./quarantine-retry.ts').quarantineRetry = lazily(
  async () => (await import('./quarantine-retry.ts')).quarantineRetry,
);
export const quarantineShow: typeof import('./quarantine-show.ts').quarantineShow = lazily(
  async () => (await import('./quarantine-show.ts')).quarantineShow,
);
export const query: typeof import('./query.ts').query = lazily(async () => (await import('./query.ts')).query);
export const restoreLedger: typeof import('./restore-ledger.ts').restoreLedger = lazily(
  async () => (await import('./restore-ledger.ts')).restoreLedger,
);
export const retry: typeof import('./retry.ts').retry = lazily(async () => (await import('./retry.ts')).retry);
export const run: typeof import('./build.ts').run = lazily(async () => (await import('./build.ts')).run);
export const specExport: typeof import('./spec-export.ts').specExport = lazily(
  async () => (await import('./spec-export.ts')).specExport,
);
export const specImport: typeof import('./spec-import.ts').specImport = lazily(
  async () => (await import('./spec-import.ts')).specImport,
);
export const test: typeof import('./build.ts').test = lazily(async () => (await import('./build.ts')).test);
export const verify: typeof import('./verify.ts').verify = lazily(async () => (await import('./verify.ts')).verify);

function lazily<Args extends unknown[], Result>(
  load: () => Promise<(...args: Args) => Promise<Result>>,
): (...args: Args) => Promise<Result> {
  return async (...args) => (await load())(...args);
}
