import type { Clock } from '../lib/clock.ts';
import type { EventSink } from '../lib/events.ts';
import type { Project } from '../project/project.ts';
import type { BuildOutcome } from '../report/summary.ts';
import type { Cell } from '../report/table.ts';

/** What an action is given of the world: it writes to no stream and reads no clock of its own. */
export interface Context {
  readonly events: EventSink;
  readonly clock: Clock;
}

export interface Options {
  /** Threads that DuckDB may use; as many as there are cores where absent. */
  readonly threads?: number;
}

export interface Selection extends Options {
  /** `ae`, `sdtm.*`, `+ae`, `ae+`; every model where empty. */
  readonly select: readonly string[];
}

export interface Reading {
  readonly parser: Parser;
  /** Whether a delivery may remove more than the threshold of warehouse.yml. */
  readonly acceptRemovals: boolean;
}

export const PARSERS = ['tokenizer', 'sax'] as const;
export type Parser = (typeof PARSERS)[number];

export interface Plan {
  readonly deliveries: readonly { source: string; file: string; reason: string }[];
  readonly models: readonly { name: string; action: string; reason: string }[];
}

export interface TestOutcome {
  readonly name: string;
  readonly model: string | null;
  readonly state: 'passed' | 'warned' | 'failed';
  readonly rows: number | bigint;
}

/** The functions that the commands call: what build/ offers, in the words of the command line. */
export interface Actions {
  init(
    directory: string,
    options: { from?: string },
    context: Context,
  ): Promise<{ root: string; files: readonly string[] }>;
  build(project: Project, options: Selection & Reading, context: Context): Promise<BuildOutcome>;
  plan(project: Project, options: Selection, context: Context): Promise<Plan>;
  load(
    project: Project,
    options: Options & Reading,
    context: Context,
  ): Promise<Pick<BuildOutcome, 'deliveries' | 'ms'>>;
  run(project: Project, options: Selection, context: Context): Promise<Pick<BuildOutcome, 'models' | 'tests' | 'ms'>>;
  test(project: Project, options: Selection, context: Context): Promise<{ tests: readonly TestOutcome[] }>;
  exportAll(project: Project, options: Selection, context: Context): Promise<Pick<BuildOutcome, 'exports' | 'ms'>>;
  verify(project: Project, options: Options, context: Context): Promise<{ checks: readonly Check[] }>;
  list(project: Project, options: Selection, context: Context): Promise<{ models: readonly Record<string, Cell>[] }>;
  compile(
    project: Project,
    options: Selection,
    context: Context,
  ): Promise<{ models: readonly { name: string; sql: string }[] }>;
  query(project: Project, options: Options & { sql: string }, context: Context): Promise<QueryResult>;
  clean(project: Project, options: Options, context: Context): Promise<{ removed: readonly string[] }>;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}
