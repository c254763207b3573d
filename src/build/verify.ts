import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyLedger } from '../audit/verify.ts';
import { Vault } from '../load/vault.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { openRecords } from './reconcile.ts';
import { type Context, ledgerDirectory, type OpenOptions, withWarehouse } from './warehouse.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Checks the record against itself: ledger, vault, counts, accounting, exported files. It changes nothing. */
export async function verify(project: Project, options: OpenOptions, context: Context): Promise<{ checks: Check[] }> {
  return withWarehouse(project, options, context, async ({ connection }) => ({
    checks: [
      await checkLedger(project, connection),
      await checkVault(project, connection),
      await checkCounts(connection),
      await checkAccounting(connection),
      await checkExports(project),
    ],
  }));
}

async function checkLedger(project: Project, connection: Connection): Promise<Check> {
  const { records, findings } = await verifyLedger({ directory: ledgerDirectory(project), connection });
  const errors = findings.filter((finding) => finding.severity === 'error');
  const detail = errors.map((finding) => `${finding.code}: ${finding.message}`).join(' ');
  return { name: 'ledger', ok: errors.length === 0, detail: detail || `${records} records, one chain` };
}

async function checkVault(project: Project, connection: Connection): Promise<Check> {
  const vault = new Vault(join(project.root, '.warehouse', 'vault', project.target.name));
  const parts = await connection.rows<{ sha256: string; name: string }>(
    `SELECT sha256, min(name) AS name FROM raw.part WHERE keep = 'sealed' GROUP BY sha256 ORDER BY sha256`,
  );
  const bad: string[] = [];
  for (const { sha256, name } of parts) {
    if (!vault.has(sha256)) bad.push(`${name} is missing`);
    else if ((await hashOf(vault.path(sha256))) !== sha256) bad.push(`${name} was changed`);
  }
  return { name: 'vault', ok: bad.length === 0, detail: bad.join(', ') || `${parts.length} files, as they arrived` };
}

async function checkCounts(connection: Connection): Promise<Check> {
  const row = await connection.row<{ compared: bigint; different: bigint }>(
    'SELECT count(*) AS compared, count(*) FILTER (NOT equal) AS different FROM recon.source_counts',
  );
  const ok = row?.different === 0n;
  const detail = `${row?.compared} counts by level, form and site, ${row?.different} different`;
  return { name: 'source counts', ok, detail: ok ? detail : `${detail}: see recon.source_counts` };
}

async function checkAccounting(connection: Connection): Promise<Check> {
  const datasets = await connection.row<{ datasets: bigint }>(
    `SELECT count(*) AS datasets FROM duckdb_columns() WHERE schema_name = 'sdtm' AND column_name = '_rows'`,
  );
  if (datasets?.datasets === 0n) return { name: 'row accounting', ok: true, detail: 'there are no datasets yet' };
  const open = await openRecords(connection);
  const detail = open.map((row) => `${row.open} of ${row.table_name}`).join(', ');
  return {
    name: 'row accounting',
    ok: open.length === 0,
    detail: open.length === 0 ? 'every live record is used or excluded by a rule' : `open: ${detail}`,
  };
}

interface Manifest {
  files: { path: string; sha256: string }[];
}

async function checkExports(project: Project): Promise<Check> {
  const folder = join(project.root, project.exports.directory);
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) return { name: 'exports', ok: true, detail: 'none were written' };
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const bad: string[] = [];
  for (const file of files) {
    const found = join(folder, file.path);
    if (!existsSync(found)) bad.push(`${file.path} is missing`);
    else if ((await hashOf(found)) !== file.sha256) bad.push(`${file.path} was changed`);
  }
  return { name: 'exports', ok: bad.length === 0, detail: bad.join(', ') || `${files.length} files, as written` };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
