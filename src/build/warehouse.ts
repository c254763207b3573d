import { mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { actorOf } from '../audit/actor.ts';
import { Ledger } from '../audit/ledger.ts';
import { boundaryOf } from '../boundary/policy.ts';
import type { Clock } from '../lib/clock.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import { newCorrelationId } from '../load/load.ts';
import type { LoadContext } from '../load/load-context.ts';
import { Vault } from '../load/vault.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { runSqlFile, WarehouseFile } from '../store/warehouse-file.ts';

/** The version of the format of raw that this program reads and writes. */
const RAW_FORMAT = 1;

export interface Context {
  readonly events: EventSink;
  readonly clock: Clock;
}

export interface OpenOptions {
  readonly threads?: number;
}

/** An open working file with its ledger: what the steps of a build work on. */
export interface Warehouse {
  readonly project: Project;
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly context: Context;
  /** Joins everything that this run does, in the ledger and in raw. */
  readonly correlationId: string;
  /** Where failing rows pass through. */
  readonly failuresDirectory: string;
}

/** Opens the working file of a project's target, makes it if it is not there, and closes it after `work`. */
export async function withWarehouse<Result>(
  project: Project,
  options: OpenOptions,
  context: Context,
  work: (warehouse: Warehouse) => Promise<Result>,
): Promise<Result> {
  const state = join(project.root, '.warehouse');
  const failuresDirectory = join(state, 'failures');
  mkdirSync(failuresDirectory, { recursive: true, mode: 0o700 });
  const target = join(project.root, 'target');
  mkdirSync(target, { recursive: true });
  const file = await WarehouseFile.open(join(project.root, project.target.workingFile), {
    threads: options.threads,
    allowedDirectories: [failuresDirectory, target, join(project.root, 'data')],
  });
  try {
    const connection = await file.connect();
    try {
      await createSchemas(connection, project);
      const ledger = await Ledger.open({
        directory: ledgerDirectory(project),
        connection,
        clock: context.clock,
        actor: currentActor(),
      });
      const correlationId = newCorrelationId();
      return await work({ project, connection, ledger, context, correlationId, failuresDirectory });
    } finally {
      connection.close();
    }
  } finally {
    file.close();
  }
}

export function ledgerDirectory(project: Project): string {
  return join(project.root, '.warehouse', 'ledger', project.target.name);
}

export function loadContext(
  warehouse: Warehouse,
  options: { parser: 'tokenizer' | 'sax'; acceptRemovals: boolean },
): LoadContext {
  const { project, connection, ledger, context, correlationId } = warehouse;
  return {
    connection,
    ledger,
    events: context.events,
    clock: context.clock,
    vault: new Vault(join(project.root, '.warehouse', 'vault', project.target.name)),
    study: project.study,
    actor: currentActor().name,
    toolVersion: toolVersion(),
    correlationId,
    boundary: boundaryOf(project.policy),
    parser: options.parser === 'sax' ? 'sax' : 'bytes',
    removalThreshold: project.removalThreshold,
    acceptRemovals: options.acceptRemovals,
  };
}

export function toolVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function currentActor() {
  return actorOf(process.env, userInfo().username);
}

async function createSchemas(connection: Connection, project: Project): Promise<void> {
  const found = await connection.row(
    `SELECT 1 FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name = 'warehouse'`,
  );
  if (found === undefined) {
    await connection.transaction(async () => {
      for (const name of ['raw.sql', 'meta.sql', 'audit.sql']) await runSqlFile(connection, name);
      await connection.run('INSERT INTO raw.warehouse VALUES ($1, $2, $3, $4)', [
        RAW_FORMAT,
        project.study.id,
        project.study.environment,
        project.target.name,
      ]);
    });
    return;
  }
  const made = await connection.row<{ format: number; study: string; environment: string }>('FROM raw.warehouse');
  const { id, environment } = project.study;
  if (made?.format === RAW_FORMAT && made.study === id && made.environment === environment) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'WAREHOUSE_OTHER_STUDY',
    message: `${project.target.workingFile} was made for study ${made?.study} (${made?.environment}), format ${made?.format}; warehouse.yml says ${id} (${environment}), format ${RAW_FORMAT}.`,
    place: { file: 'warehouse.yml' },
    next: 'The study and its environment are part of every identity and cannot change. Use another folder, or move .warehouse aside.',
  });
}
