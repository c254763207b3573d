import { existsSync } from 'node:fs';
import { diagnose } from '../audit/diagnosis.ts';
import { ledgerFiles } from '../audit/ledger.ts';
import { verifyLedger } from '../audit/verify.ts';
import { WarehouseError } from '../lib/errors.ts';
import { listed } from '../lib/listed.ts';
import { stateIsStale } from '../load/state.ts';
import { withoutValues } from '../model/sql/sql-error.ts';
import type { Project } from '../project/project.ts';
import { checkTexts } from '../report/checks.ts';
import { counted } from '../report/figures.ts';
import { unreadTexts } from '../report/summary.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import type { Check } from './check.ts';
import { type CheckpointOptions, readCheckpoints } from './checkpoint.ts';
import { readChecks, stopError } from './checks.ts';
import { findingsAreThere } from './findings.ts';
import { openParts } from './fragment.ts';
import { openItems } from './open-items.ts';
import { openNext, openQuarantine, openText } from './open-quarantine.ts';
import { openRecords } from './open-records.ts';
import { datasets } from './reconcile.ts';
import { checkRelease } from './release.ts';
import { readUnread } from './unread.ts';
import {
  checkExports,
  checkExternals,
  checkPublished,
  checkReferences,
  checkSourceFiles,
  checkVault,
} from './verify-files.ts';
import { checkModels } from './verify-models.ts';
import {
  assertSameStudy,
  type Context,
  commandFor,
  emptiness,
  hasSchemas,
  isBuilt,
  ledgerDirectory,
  notBuilt,
  type OpenOptions,
  withReadOnly,
} from './warehouse.ts';

/**
 * Checks the record against itself: the working file, the ledger (against checkpoints too), the vault, the counts, the
 * accounting, exported and published files. It opens the working file read-only and writes nothing, so it runs whatever
 * state the ledger is in; where the working file cannot be read, it checks what lies beside it.
 * @throws usage NOT_BUILT, CHECKPOINT_FILE, KEY_FILE, KEY_MALFORMED; fault STORE_LOCKED while a build is running
 */
export async function verify(
  project: Project,
  options: OpenOptions & CheckpointOptions,
  _context: Context,
): Promise<{ checks: Check[] }> {
  const kept = await readCheckpoints(options);
  const directory = ledgerDirectory(project);
  const checkLedger = async (connection?: Connection): Promise<Check> => {
    const verification = await verifyLedger({ directory, connection, ...kept });
    return { name: 'ledger', ...diagnose(verification, (words) => commandFor(project.target, words)) };
  };
  const inside = await insideChecks(project, options, checkLedger).catch(async (error: unknown) => {
    if (!(error instanceof WarehouseError) || !UNREADABLE.has(error.code)) throw error;
    if (error.code === 'NOT_BUILT' && !existsSync(ledgerFiles(directory).ledger.path)) throw error;
    return [unreadable(project, error), await checkLedger()];
  });
  const files = [
    await checkExports(project),
    await checkExternals(project),
    await checkPublished(project),
    await checkRelease(project),
  ];
  return { checks: [...inside, ...files.filter((check) => check !== undefined)] };
}

/** What may be wrong with the working file while the rest can be checked. */
const UNREADABLE: ReadonlySet<string> = new Set(['NOT_BUILT', 'STORE_OPEN', 'FILE_ACCESS', 'WAREHOUSE_OTHER_STUDY']);

async function insideChecks(
  project: Project,
  options: OpenOptions,
  checkLedger: (connection: Connection) => Promise<Check>,
): Promise<Check[]> {
  if (!isBuilt(project)) throw notBuilt(project);
  return withReadOnly(project, options, async (connection) => {
    if (!(await hasSchemas(connection))) throw notBuilt(project);
    await assertSameStudy(connection, project);
    const checks = [
      workingFileCheck(project),
      await attempted(project, 'ledger', () => checkLedger(connection)),
      await attempted(project, 'vault', () => checkVault(project, connection)),
      await attempted(project, 'referenced files', () => checkReferences(project, connection)),
      await attempted(project, 'source files', () => checkSourceFiles(project, connection)),
      await attempted(project, 'source counts', () => checkCounts(project, connection)),
      await attempted(project, 'models', () => checkModels(project, connection)),
      await attempted(project, 'quarantine', () => checkQuarantine(project, connection)),
      await attempted(project, 'row accounting', () => checkAccounting(project, connection)),
      await attempted(project, 'item accounting', () => checkItems(project, connection)),
      await attempted(project, 'values', () => checkValues(project, connection)),
      await attempted(project, 'checks', () => checkChecks(project, connection)),
    ];
    return checks.filter((check) => check !== undefined);
  });
}

/** One check that cannot be carried out, because a table is missing or its bytes are damaged, must not hide the others. */
async function attempted(
  { target }: Project,
  name: string,
  check: () => Promise<Check | undefined>,
): Promise<Check | undefined> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof WarehouseError) throw error;
    const detail = `could not be checked: ${withoutValues((error as Error).message).split('\n')[0]}`;
    const next = `Run ${commandFor(target, 'build')}. If verify then says the same, the working file is damaged: restore it from a backup.`;
    return { name, ok: false, detail, next };
  }
}

function workingFileCheck({ study, target }: Project): Check {
  const detail = `${target.workingFile}, study ${study.id} (${study.environment})`;
  return { name: 'working file', ok: true, detail };
}

function unreadable(project: Project, { code, message, next }: WarehouseError): Check {
  const restore = 'restore it from a backup';
  const rebuild = `run ${commandFor(project.target, 'build')}, which loads the sources that are there into a new one and records that the old one is gone`;
  return {
    name: 'working file',
    ok: false,
    detail: code === 'NOT_BUILT' ? `${emptiness(project)}, though its ledger is there` : message,
    next:
      code === 'WAREHOUSE_OTHER_STUDY' || code === 'FILE_ACCESS'
        ? next
        : `Move what is there aside, and ${restore}, or ${rebuild}.`,
  };
}

async function checkCounts(project: Project, connection: Connection): Promise<Check> {
  const name = 'source counts';
  if (!(await hasRelation(connection, 'recon.source_counts'))) return unfinished(name, project);
  const row = await connection.row<{ compared: bigint; different: bigint }>(
    'SELECT count(*) AS compared, count(*) FILTER (NOT equal) AS different FROM recon.source_counts',
  );
  const ok = row?.different === 0n;
  const detail = `${counted(row?.compared ?? 0n, 'count')} by level, form and site, ${row?.different} different`;
  const next = ok
    ? undefined
    : `See them: ${commandFor(project.target, 'query')} "FROM recon.source_counts WHERE NOT equal".`;
  return { name, ok, detail, next };
}

/**
 * Damaged spans of ODM are missing, which is a failure. Lines of CSV that could not be read are no disagreement, but their
 * rows are as they were before, or missing: a note.
 */
async function checkQuarantine(project: Project, connection: Connection): Promise<Check | undefined> {
  const name = 'quarantine';
  if (await stateIsStale(connection)) return undefined;
  if (!(await hasRelation(connection, 'recon.quarantine'))) return unfinished(name, project);
  const damaged = await openQuarantine(connection);
  if (damaged.length > 0) {
    return { name, ok: false, detail: `open: ${listed(damaged.map(openText))}`, next: openNext(project) };
  }
  const open = await openParts(connection);
  if (open.length === 0) return undefined;
  const fragments = open.reduce((sum, part) => sum + part.fragments, 0);
  const files = [...new Set(open.map(({ file }) => file))].sort();
  const detail = `${counted(fragments, 'fragment')} put aside and open, of ${listed(files)}`;
  const next = `See ${fragments === 1 ? 'it' : 'them'}: ${commandFor(project.target, 'quarantine list')}. A corrected file replaces this one: docs/quarantine.md.`;
  return { name, ok: true, detail, next };
}

async function checkAccounting(project: Project, connection: Connection): Promise<Check> {
  const name = 'row accounting';
  if ((await stateIsStale(connection)) || !(await hasRelation(connection, 'recon.row_accounting')))
    return unfinished(name, project);
  const open = await openRecords(connection);
  if ((await datasets(connection)).length === 0) return noDatasets(name, project, open);
  if (open.length === 0) return { name, ok: true, detail: 'every live record is used or excluded by a rule' };
  const detail = `open: ${open.join(', ')}`;
  const see = `${commandFor(project.target, 'query')} "FROM recon.row_accounting WHERE NOT accounted"`;
  const next = `Run ${commandFor(project.target, 'build')}, if none has ended since the last delivery. What stays open (${see}) a dataset has to use, or a rule to exclude.`;
  return { name, ok: false, detail, next };
}

/** Before there is a dataset all records are open, which is no disagreement: a note. */
function noDatasets(name: string, { target }: Project, open: readonly string[]): Check {
  const detail = 'there are no datasets yet';
  if (open.length === 0) return { name, ok: true, detail };
  const see = `${commandFor(target, 'query')} "FROM recon.row_accounting_summary"`;
  const next = `See all: ${see}. A model with a column _rows uses records, one of schema excluded leaves them out: docs/models.md.`;
  return { name, ok: true, detail: `${detail}; open: ${listed(open)}`, next };
}

/** What is open for want of a dataset, of a run or of a whole record the accounting of rows says. */
async function checkItems({ target }: Project, connection: Connection): Promise<Check | undefined> {
  const name = 'item accounting';
  if ((await stateIsStale(connection)) || !(await hasRelation(connection, 'recon.item_accounting'))) return undefined;
  if ((await datasets(connection)).length === 0) return undefined;
  const open = await openItems(connection);
  if (open.length === 0)
    return { name, ok: true, detail: 'every live value reaches a dataset or is excluded by a rule' };
  const see = `${commandFor(target, 'query')} "FROM recon.item_accounting WHERE NOT accounted"`;
  const next = `Run ${commandFor(target, 'build')}, if none has ended since the last delivery. What stays open (${see}) a column of a dataset has to show, or a rule to exclude: docs/models.md, What is left out.`;
  return { name, ok: false, detail: `open: ${listed(open)}`, next };
}

/** Values that stand in staged as text alone, and what nobody expects, are no disagreement, but nobody may have noticed: a note. */
async function checkValues(project: Project, connection: Connection): Promise<Check | undefined> {
  const name = 'values';
  // The accounting of rows, or the checks, say what this means.
  if ((await stateIsStale(connection)) || !(await findingsAreThere(connection))) return undefined;
  const texts = unreadTexts(await readUnread(connection));
  if (texts.length === 0) return { name, ok: true, detail: 'all convert to their DataType and have their decode' };
  const detail = texts.map(({ label, text }) => `${label}: ${text}`).join('; ');
  const queries = texts.map(({ view }) => `${commandFor(project.target, 'query')} "FROM ${view}"`);
  return { name, ok: true, detail, next: `See them: ${queries.join(', ')}.` };
}

/** What the checks of what arrived found is a note, unless it is as much as is to stop a build. */
async function checkChecks(project: Project, connection: Connection): Promise<Check | undefined> {
  const name = 'checks';
  if (await stateIsStale(connection)) return undefined;
  if (!(await hasRelation(connection, 'recon.finding_summary')) || !(await findingsAreThere(connection)))
    return unfinished(name, project);
  const checks = await readChecks(connection, project);
  const stop = stopError(checks, project);
  if (stop !== undefined) return { name, ok: false, detail: stop.message, next: stop.next };
  const texts = checkTexts(checks);
  if (texts.length === 0) return { name, ok: true, detail: 'no findings' };
  const detail = texts.map(({ label, text }) => `${label}: ${text}`).join('; ');
  const queries = texts.map(({ view }) => `${commandFor(project.target, 'query')} "FROM ${view}"`);
  return { name, ok: true, detail, next: `See them: ${queries.join(', ')}.` };
}

function unfinished(name: string, { target }: Project): Check {
  const detail = 'not known: the last run stopped after it had loaded and before it had worked out what is live';
  return { name, ok: false, detail, next: `Run ${commandFor(target, 'build')}: it goes on from there.` };
}
