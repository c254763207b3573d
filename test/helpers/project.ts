import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildOptions, type BuildResult, build, load, run } from '../../src/build/build.ts';
import type { Check } from '../../src/build/check.ts';
import { exportAll } from '../../src/build/export-all.ts';
import { plan } from '../../src/build/plan.ts';
import { query } from '../../src/build/query.ts';
import { verify } from '../../src/build/verify.ts';
import { connected } from '../../src/build/warehouse.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { WarehouseError } from '../../src/lib/errors.ts';
import { type EventSink, silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { fixedClock } from './fixed-clock.ts';

type Content = string | Uint8Array;
type Options = Partial<BuildOptions>;
export type Cell = string | number | boolean | null;

/** What a test wants to see of an error. */
export interface Failure {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly next?: string;
}

/** A warehouse project in a folder of its own, with a clock that stands still. */
export class TemporaryProject {
  readonly root: string;
  /** What `build` and `load` are given. */
  clock: Clock = fixedClock('2026-03-27T08:00:00Z');
  events: EventSink = silent;

  constructor(files: Readonly<Record<string, Content>> = {}) {
    this.root = mkdtempSync(join(tmpdir(), 'warehouse-project-'));
    this.write(files);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(files: Readonly<Record<string, Content>>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), content);
    }
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  delete(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true });
  }

  /** What lies in target/, without what a run leaves for other tools. */
  outputs(): string[] {
    const isArtifact = (name: string) => /^(manifest|run_results|warehouse_results)\.json$|^artifacts-/.test(name);
    return readdirSync(this.path('target'))
      .filter((name) => !isArtifact(name))
      .sort();
  }

  async build(options: Options = {}): Promise<BuildResult> {
    return build(await loadProject(this.root), { ...DEFAULTS, ...options }, this.#context);
  }

  async load(options: Options = {}): Promise<Pick<BuildResult, 'deliveries' | 'unread' | 'ms'>> {
    return load(await loadProject(this.root), { ...DEFAULTS, ...options }, this.#context);
  }

  /** Models on what is loaded: no export, no publication. */
  async run(options: Options = {}): Promise<Pick<BuildResult, 'models' | 'tests' | 'ms'>> {
    return run(await loadProject(this.root), { ...DEFAULTS, ...options }, this.#context);
  }

  async export(options: Options = {}): Promise<Pick<BuildResult, 'exports' | 'ms'>> {
    return exportAll(await loadProject(this.root), { ...DEFAULTS, ...options }, this.#context);
  }

  /** One file after the other, each by a load of its own: the order of arrival. */
  async loadInTurn(files: readonly (readonly [name: string, content: Content])[], options: Options = {}) {
    for (const [name, content] of files) {
      this.write({ [name]: content });
      await this.load(options);
    }
  }

  /** The error of a build, as far as it matters to the person who reads it. */
  async failure(options: Options = {}): Promise<Failure> {
    return failureOf(this.build(options));
  }

  /** Rows of the working file, each a list of plain values. */
  async rows(sql: string): Promise<Cell[][]> {
    const { rows } = await query(await loadProject(this.root), { sql }, this.#context);
    return rows.map((row) => row.map(plain));
  }

  /** The first column. */
  async column(sql: string): Promise<Cell[]> {
    return (await this.rows(sql)).map(([first]) => first);
  }

  /** The first column of the first row. */
  async value(sql: string): Promise<Cell> {
    return (await this.rows(sql))[0]?.[0] ?? null;
  }

  /** The deliveries that the next load would make: each file with the reason. */
  async planned(): Promise<[file: string, reason: string][]> {
    const context = { clock: this.clock, events: silent };
    const { deliveries } = await plan(await loadProject(this.root), { select: [] }, context);
    return deliveries.map(({ file, reason }) => [file, reason]);
  }

  /** Does to the working file what another client may do: it is no part of a build. */
  async inWorkingFile(sql: string): Promise<void> {
    await connected(await WarehouseFile.open(this.path('.warehouse/main.duckdb')), (connection) => connection.run(sql));
  }

  async checks(): Promise<Check[]> {
    return (await verify(await loadProject(this.root), {}, this.#context)).checks;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  get #context() {
    return { clock: this.clock, events: this.events };
  }
}

const DEFAULTS = { parser: 'tokenizer', select: [], threads: 2 } as const;

/** A project for the length of `work`. */
export async function withProject<Result>(
  files: Readonly<Record<string, Content>>,
  work: (project: TemporaryProject) => Promise<Result>,
): Promise<Result> {
  const project = new TemporaryProject(files);
  try {
    return await work(project);
  } finally {
    project.remove();
  }
}

/** The error that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    const { kind, code, message, place, next } = error;
    const { file, line } = place;
    return { kind, code, message, ...(file && { file }), ...(line && { line }), ...(next && { next }) };
  }
  throw new Error('It succeeded.');
}

/** warehouse.yml of study S with one ODM source over data/, and further keys of that source. */
export function configuration(source: Readonly<Record<string, unknown>> = {}, oids: readonly string[] = ['S']): string {
  return JSON.stringify({
    name: 'test',
    study: { id: 'S', oids },
    sources: { edc: { files: 'data/*.xml*', format: 'odm', ...source } },
  });
}

function plain(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return String(value);
}
