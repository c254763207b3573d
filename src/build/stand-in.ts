import { FileHashes } from '../load/file-hashes.ts';
import type { Refusal } from '../load/look-ahead.ts';
import { pendingDeliveries } from '../load/pending/pending.ts';
import type { PendingDelivery } from '../load/pending-delivery.ts';
import { rebuildState, stateIsStale } from '../load/state.ts';
import { prepareRecord } from '../model/plan/record.ts';
import { gatherCells } from '../model/staged/cells.ts';
import type { Project } from '../project/project.ts';
import { seedsOf } from '../project/seeds.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { describe } from '../store/describe.ts';
import { hasRelation } from '../store/has-relation.ts';
import { runSqlFile } from '../store/sql-files.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { blankFile } from './blank-file.ts';
import {
  assertSameStudy,
  type Context,
  connected,
  hasSchemas,
  makeSchemas,
  newCorrelationId,
  type OpenOptions,
  vaultOf,
  type Warehouse,
  workingFile,
} from './warehouse.ts';

/** A database in memory in which a run can be prepared as if it were the working file. */
export interface StandIn extends Omit<Warehouse, 'connect' | 'ledger' | 'failuresDirectory' | 'landed'> {
  /** What is to be loaded, where it was looked for. */
  readonly pending: readonly PendingDelivery[];
  /** What is wrong with the first of them that cannot be used: a build would stop there. */
  readonly refusal?: Refusal;
}

/**
 * Puts a database in memory in the place of the working file: its definitions and its record of runs are copied, of the
 * tables that models made there is the form, and all else is a view of the working file, which is attached read-only.
 * Whatever is written stays in memory and is gone after `work`; nothing on the disk is touched.
 *
 * With `ahead`, or where nothing has been loaded, pending deliveries are looked for, and their definitions and names are
 * read in too, as the newest. Data are not: state and staged._cells hold what was loaded before.
 * @throws usage WAREHOUSE_OTHER_STUDY; fault STORE_LOCKED while a build is running
 */
export async function withStandIn<Result>(
  project: Project,
  options: OpenOptions & { readonly ahead: boolean },
  context: Context,
  work: (standIn: StandIn) => Promise<Result>,
): Promise<Result> {
  const path = workingFile(project);
  const { threads } = options;
  const file = await WarehouseFile.standIn(path, {
    blank: blankFile,
    threads,
    allowedDirectories: [],
    allowedFiles: await seedsOf(project),
  });
  return connected(file, async (connection) => {
    const before = await readWorking(connection, project, WarehouseFile.exists(path));
    await makeSchemas(connection, project);
    await prepareRecord(connection);
    if (before !== undefined) await copyDefinitions(connection);
    const found =
      options.ahead || before === undefined ? await readAhead(connection, project, context, before) : { pending: [] };
    if (before !== undefined && !before.isStale) {
      await lookThrough(connection, () => true);
      await defineAnew(connection, before.nextKey);
    } else {
      if (before !== undefined) await lookThrough(connection, (name) => !DERIVED.test(name));
      // Of nothing it is worked out already.
      if (found.pending.length > 0 || (await stateIsStale(connection))) await rebuildState(connection);
      await gatherCells(connection);
    }
    return work({ project, connection, context, correlationId: newCorrelationId(), ...found });
  });
}

/** What is worked out from raw, and missing or out of date where a run was cut short. */
const DERIVED = /^(state|recon)\.|^staged\._cells$/;

interface Before {
  /** Whether deliveries were loaded whose state was never worked out. */
  readonly isStale: boolean;
  readonly nextDelivery: number;
  readonly nextKey: number;
}

/** What the working file says of itself; undefined where there is none, or nothing in it. */
async function readWorking(connection: Connection, project: Project, isThere: boolean): Promise<Before | undefined> {
  if (!isThere) return undefined;
  return inWorking(connection, async () => {
    if (!(await hasSchemas(connection))) return undefined;
    await assertSameStudy(connection, project);
    const next = await connection.row<{ delivery: bigint; key: bigint }>(
      `SELECT (SELECT coalesce(max(delivery_key), 0) + 1 FROM raw.delivery) AS delivery,
         (SELECT coalesce(max(last_key), 0) + 1 FROM raw.part) AS key`,
    );
    return {
      isStale: !(await hasRelation(connection, 'staged._cells')) || (await stateIsStale(connection)),
      nextDelivery: Number(next?.delivery),
      nextKey: Number(next?.key),
    };
  });
}

async function inWorking<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result> {
  const here = (await connection.row<{ name: string }>('SELECT current_database() AS name'))!.name;
  await connection.run('USE working.main');
  try {
    return await work();
  } finally {
    await connection.run(`USE ${identifier(here)}.main`);
  }
}

interface Relation {
  readonly name: string;
  readonly isTable: boolean;
  readonly comment: string | null;
}

/** The tables and views of one of the databases. */
function relationsOf(connection: Connection, database: 'working' | 'standin'): Promise<Relation[]> {
  const which = database === 'working' ? `database_name = 'working'` : 'database_name = current_database()';
  return connection.rows<Relation>(`
    SELECT schema_name || '.' || table_name AS name, true AS "isTable", comment FROM duckdb_tables()
    WHERE ${which} AND NOT internal
    UNION ALL
    SELECT schema_name || '.' || view_name, false, comment FROM duckdb_views() WHERE ${which} AND NOT internal
    ORDER BY name`);
}

/** Small, and added to while deliveries are looked at. run.macro is not among them: macros are installed anew. */
const COPIED = /^meta\.|^raw\.dictionary$|^run\.(model|test|invocation|result)$/;
const CSV_TABLE = /^raw\.file_/;

async function copyDefinitions(connection: Connection): Promise<void> {
  const tables = (await relationsOf(connection, 'working')).filter(({ isTable }) => isTable);
  const here = new Set((await relationsOf(connection, 'standin')).map(({ name }) => name));
  for (const { name } of tables) {
    const from = `working.${qualified(name)}`;
    if (COPIED.test(name) && here.has(name)) {
      await connection.run(`DELETE FROM ${qualified(name)}; INSERT INTO ${qualified(name)} BY NAME FROM ${from}`);
    }
    // A file that is looked at may have columns that the table does not.
    if (CSV_TABLE.test(name)) await connection.run(`CREATE TABLE ${qualified(name)} AS FROM ${from} LIMIT 0`);
  }
}

async function readAhead(
  connection: Connection,
  project: Project,
  { events }: Context,
  before: Before | undefined,
): Promise<Pick<StandIn, 'pending' | 'refusal'>> {
  const find = async () => {
    const hashes = await FileHashes.read(before && connection);
    return pendingDeliveries(before && connection, project, vaultOf(project), events, hashes);
  };
  const pending = before === undefined ? await find() : await inWorking(connection, find);
  const { nextDelivery: deliveryKey = 1, nextKey: firstKey = 1 } = before ?? {};
  if (pending.length === 0) return { pending };
  // Imported here: what reads sources is half of all there is to import.
  const { lookAhead } = await import('../load/look-ahead.ts');
  const refusal = await lookAhead({ connection, study: project.study, events, deliveryKey, firstKey }, pending);
  return { pending, refusal };
}

/** Makes a view of all that is in the working file and wanted, but for what is here with more in it. */
async function lookThrough(connection: Connection, isWanted: (name: string) => boolean): Promise<void> {
  const here = new Set((await relationsOf(connection, 'standin')).map(({ name }) => name));
  const models = await connection.rows<{ model: string }>('SELECT model FROM run.current_model');
  const made = new Set(models.map(({ model }) => model));
  for (const { name, isTable, comment } of await relationsOf(connection, 'working')) {
    const isHereWithMore = COPIED.test(name) || name.startsWith('run.');
    if (isHereWithMore || !isWanted(name)) continue;
    const own = qualified(name);
    const drop = here.has(name) ? `DROP TABLE ${own};` : '';
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(name.slice(0, name.indexOf('.')))}`);
    // What models made stands in the record with its content; here only its form is wanted.
    const form = isTable && made.has(name) ? `TABLE ${own} AS FROM working.${own} LIMIT 0` : undefined;
    const rawTable = name.replace(/^state\./, 'raw.');
    const added = CSV_TABLE.test(rawTable) ? await addedColumns(connection, rawTable) : [];
    const seen = `VIEW ${own} AS SELECT *${added.map((column) => `, NULL::VARCHAR AS ${identifier(column)}`).join('')} FROM working.${own}`;
    const created = connection.run(`${drop} CREATE ${form ?? seen}`);
    // A view that reads what somebody has dropped since is as good as none; that of a model is there all the same.
    await created.catch(async (error: unknown) => {
      if (isTable) throw error;
      if (made.has(name)) await connection.run(`CREATE OR REPLACE VIEW ${own} AS SELECT NULL AS gone`);
    });
    // By its comment it is known to be a model's.
    const kind = form === undefined ? 'VIEW' : 'TABLE';
    if (made.has(name) && comment !== null) await connection.run(`COMMENT ON ${kind} ${own} IS ${literal(comment)}`);
  }
}

/** The columns that a table of a CSV source has here and not in the working file; what is live of it is looked at after it. */
async function addedColumns(connection: Connection, name: string): Promise<string[]> {
  const before = await describe(connection, `working.${qualified(name)}`);
  const now = await describe(connection, qualified(name));
  return now.map((column) => column.name).filter((column) => !before.some(({ name }) => name === column));
}

/** The views over the definitions, in which those that were looked at are the newest, and the rows of new CSV sources. */
async function defineAnew(connection: Connection, nextKey: number): Promise<void> {
  await connection.run(`
    CREATE OR REPLACE VIEW state.part AS FROM working.state.part UNION ALL BY NAME
    SELECT ${nextKey} AS first_key, max(metadata_version_key) AS last_key, 9223372036854775807 AS rank
    FROM meta.metadata_version HAVING max(metadata_version_key) >= ${nextKey}`);
  await runSqlFile(connection, 'definitions.sql');
  await runSqlFile(connection, 'readings.sql');
  const here = new Set((await relationsOf(connection, 'standin')).map(({ name }) => name));
  for (const name of [...here].filter((one) => CSV_TABLE.test(one))) {
    const live = name.replace('raw.', 'state.');
    if (!here.has(live)) await connection.run(`CREATE VIEW ${qualified(live)} AS FROM ${qualified(name)}`);
  }
}
