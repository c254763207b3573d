import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { actorOf } from '../audit/actor.ts';
import { Ledger } from '../audit/ledger.ts';
import { boundaryOf } from '../boundary/policy.ts';
import type { Clock } from '../lib/clock.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import type { LoadContext } from '../load/load-context.ts';
import { Vault } from '../load/vault.ts';
import { emptyFailures } from '../model/test/failure-table.ts';
import type { EngineName } from '../odm/xml/events.ts';
import { DEFAULT_TARGET } from '../project/choice.ts';
import { externalFiles } from '../project/external.ts';
import { partialOf } from '../project/output-places.ts';
import type { Project, Target } from '../project/project.ts';
import { seedsOf } from '../project/seeds.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { runSqlFile } from '../store/sql-files.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { blankFile } from './blank-file.ts';
import { toolVersion } from './tool-version.ts';

/** The version of the format of raw that this program reads and writes. */
const RAW_FORMAT = 1;

export interface Context {
  readonly events: EventSink;
  readonly clock: Clock;
  /** Called with a file that is handed over as soon as it is in its place, relative to the project: put there, or found there. */
  readonly onPlaced?: (path: string) => void;
}

export interface OpenOptions {
  readonly threads?: number;
  /** The run that this is a part of; a new one if absent. */
  readonly correlationId?: string;
  /** Whether SQL may write the exports of the target. */
  readonly exports?: boolean;
  /** Whether deliveries are to land first, until `landed`; SQL of the study's own runs only after it. */
  readonly landing?: boolean;
}

/** An open working file with its ledger: what the steps of a build work on. */
export interface Warehouse {
  readonly project: Project;
  readonly connection: Connection;
  /** Another connection to the file; who asks for it closes it. */
  connect(): Promise<Connection>;
  readonly ledger: Ledger;
  readonly context: Context;
  /** Joins everything that this run does, in the ledger and in raw. */
  readonly correlationId: string;
  /** Where failing rows pass through. */
  readonly failuresDirectory: string;
  /** Ends the landing, where this was opened for one. */
  landed(): Promise<void>;
}

/** Opens the working file of a project's target, makes it if it is not there, and closes it after `work`. */
export async function withWarehouse<Result>(
  project: Project,
  options: OpenOptions,
  context: Context,
  work: (warehouse: Warehouse) => Promise<Result>,
): Promise<Result> {
  return withWorkingFile(project, options, async (connection, file) => {
    await createSchemas(connection, project);
    const ledger = await openLedger(project, connection, context);
    const { correlationId = newCorrelationId() } = options;
    const landed = () => file.landed();
    return work({
      project,
      connection,
      connect: () => file.connect(),
      ledger,
      context,
      correlationId,
      failuresDirectory: failuresOf(project),
      landed,
    });
  });
}

/** The same without its ledger: for what mends the ledger itself. */
export async function withWorkingFile<Result>(
  project: Project,
  options: OpenOptions,
  work: (connection: Connection, file: WarehouseFile) => Promise<Result>,
): Promise<Result> {
  const failures = failuresOf(project);
  mkdirSync(failures, { recursive: true, mode: 0o700 });
  const exports = options.exports ? [join(project.root, project.exports.directory)] : [];
  const externals = options.exports ? externalFiles(project).map(partialOf) : [];
  const { root, paths } = await seedsOf(project);
  const file = await WarehouseFile.open(workingFile(project), {
    blank: blankFile,
    threads: options.threads,
    landing: options.landing,
    allowedDirectories: [failures, ...exports],
    allowedFiles: { root, paths: [...paths, ...externals] },
  });
  return connected(file, async (connection) => {
    emptyFailures(failures);
    try {
      return await work(connection, file);
    } finally {
      emptyFailures(failures);
    }
  });
}

/**
 * The working file as it stands, opened so that nothing can be written.
 * @throws usage NOT_BUILT; fault STORE_LOCKED while a build has it open
 */
export async function withReadOnly<Result>(
  project: Project,
  { threads }: OpenOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (!isBuilt(project)) throw notBuilt(project);
  return connected(
    await WarehouseFile.open(workingFile(project), { readOnly: true, threads, allowedDirectories: [] }),
    work,
  );
}

/** Closes the file after `work`. */
export async function connected<Result>(
  file: WarehouseFile,
  work: (connection: Connection, file: WarehouseFile) => Promise<Result>,
): Promise<Result> {
  try {
    const connection = await file.connect();
    try {
      return await work(connection, file);
    } finally {
      connection.close();
    }
  } finally {
    file.close();
  }
}

/** Whether there is a working file with something in it. */
export function isBuilt(project: Project): boolean {
  return WarehouseFile.exists(workingFile(project));
}

export function notBuilt(project: Project): WarehouseError {
  const { target } = project;
  return new WarehouseError({
    kind: 'usage',
    code: 'NOT_BUILT',
    message: `Nothing has been built yet: ${emptiness(project)}.`,
    next: `Run ${commandFor(target, 'build')} (or load) first.`,
  });
}

/** What there is where nothing has been built: no file, or one that a process left that was killed while it made it. */
export function emptiness(project: Project): string {
  const { workingFile: file } = project.target;
  return existsSync(workingFile(project)) ? `nothing is in ${file}` : `there is no ${file}`;
}

/** The command as a person has to type it for this target. */
export function commandFor({ name }: Target, command: string): string {
  return name === DEFAULT_TARGET ? `warehouse ${command}` : `warehouse ${command} --target ${name}`;
}

export function workingFile({ root, target }: Project): string {
  return join(root, target.workingFile);
}

const failuresOf = ({ root, target }: Project): string => join(root, '.warehouse', 'failures', target.name);

/** @throws fault LEDGER_BEHIND, LEDGER_FORKED, LEDGER_DAMAGED, with the command for this target */
export async function openLedger(project: Project, connection: Connection, { clock }: Context): Promise<Ledger> {
  const { name } = project.target;
  const options = { directory: ledgerDirectory(project), connection, clock, actor: currentActor() };
  return Ledger.open(options).catch((error: unknown) => {
    if (!(error instanceof WarehouseError) || name === DEFAULT_TARGET || error.next === undefined) throw error;
    const { kind, code, message, place, next } = error;
    throw new WarehouseError({ kind, code, message, place, next: `${next} With --target ${name}.`, cause: error });
  });
}

export function ledgerDirectory(project: Project): string {
  return join(project.root, '.warehouse', 'ledger', project.target.name);
}

export function vaultOf({ root, target }: Project): Vault {
  return new Vault(join(root, '.warehouse', 'vault', target.name));
}

export function loadContext(
  warehouse: Warehouse,
  options: { parser: EngineName; acceptRemovals: boolean },
): LoadContext {
  const { project, connection, ledger, context, correlationId } = warehouse;
  return {
    connection,
    ledger,
    events: context.events,
    clock: context.clock,
    vault: vaultOf(project),
    study: project.study,
    actor: currentActor().name,
    toolVersion: toolVersion(),
    correlationId,
    boundary: boundaryOf(project.policy),
    quarantine: project.quarantine,
    parser: options.parser,
    removalThreshold: project.removalThreshold,
    acceptRemovals: options.acceptRemovals,
  };
}

/** A name for a run, which joins all that it does. */
export function newCorrelationId(): string {
  return randomUUID();
}

function currentActor() {
  return actorOf(process.env, userInfo().username);
}

async function createSchemas(connection: Connection, project: Project): Promise<void> {
  if (await hasSchemas(connection)) return assertSameStudy(connection, project);
  await connection.transaction(() => makeSchemas(connection, project));
}

/** Whether a build, or a load, has begun with the file. */
export async function hasSchemas(connection: Connection): Promise<boolean> {
  return (await hasTables(connection)) && (await connection.row('FROM raw.warehouse')) !== undefined;
}

const hasTables = (connection: Connection) => hasRelation(connection, 'raw.warehouse');

/** The tables of a new file, for the study of a project. */
export async function makeSchemas(connection: Connection, { study, target }: Project): Promise<void> {
  if (!(await hasTables(connection))) await makeTables(connection);
  const row = [RAW_FORMAT, study.id, study.environment, target.name];
  await connection.run('INSERT INTO raw.warehouse VALUES ($1, $2, $3, $4)', row);
}

/** The same for no study yet. */
export async function makeTables(connection: Connection): Promise<void> {
  for (const name of ['raw.sql', 'meta.sql', 'audit.sql']) await runSqlFile(connection, name);
}

/** @throws usage WAREHOUSE_OTHER_STUDY */
export async function assertSameStudy(connection: Connection, project: Project): Promise<void> {
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
