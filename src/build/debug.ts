import { describePlace, WarehouseError } from '../lib/errors.ts';
import type { Project } from '../project/project.ts';
import { counted } from '../report/figures.ts';
import { fileAccess } from '../store/file-access.ts';
import type { DebugCheck } from './check.ts';
import { clockCheck, duckdbCheck, type Machine, memoryCheck, nodeCheck, thisMachine } from './debug-machine.ts';
import { diskCheck, foldersCheck, gitCheck, keysCheck, sourcesCheck } from './debug-project.ts';
import type { Context } from './warehouse.ts';

/**
 * Looks whether the machine and the project are such that a build can run. Every check is made, whatever the others find,
 * and nothing is changed: neither DuckDB nor the project need be there.
 *
 * @param open the project that is asked about.
 */
export async function debug(
  open: () => Promise<Project>,
  _context: Context,
  machine: Machine = thisMachine(),
): Promise<{ checks: readonly DebugCheck[] }> {
  const duckdb = await duckdbCheck();
  const checks: DebugCheck[] = [nodeCheck(machine), duckdb, memoryCheck(machine), clockCheck(machine)];
  let project: Project | undefined;
  checks.push(
    await checked('project', async () => {
      project = await open();
      return { name: 'project', ok: true, detail: outlineOf(project) };
    }),
  );
  if (project !== undefined) checks.push(...(await projectChecks(project, machine, duckdb.ok)));
  return { checks };
}

async function projectChecks(project: Project, machine: Machine, hasDuckdb: boolean): Promise<DebugCheck[]> {
  const checks: DebugCheck[] = [];
  let delivered: ReadonlySet<string> | undefined;
  if (hasDuckdb) {
    // Imported here, so that a binding that cannot be loaded is told and not met.
    const { workingFileCheck } = await import('./debug-file.ts');
    checks.push(
      await checked('working file', async () => {
        const found = await workingFileCheck(project);
        delivered = found.delivered;
        return found.check;
      }),
    );
  }
  for (const source of project.sources) {
    checks.push(await checked(`source ${source.name}`, () => sourcesCheck(project, source, delivered)));
  }
  checks.push(await checked('folders', async () => foldersCheck(project)));
  checks.push(await checked('disk', async () => diskCheck(project)));
  checks.push(await checked('keys', () => keysCheck(project, machine.environment)));
  checks.push(await checked('git', async () => gitCheck(project)));
  return checks;
}

/** An error as what a check has found. */
async function checked(name: string, check: () => Promise<DebugCheck>): Promise<DebugCheck> {
  try {
    return await check();
  } catch (error) {
    const known = error instanceof WarehouseError ? error : fileAccess(error);
    if (known === undefined) throw error;
    const place = describePlace(known.place);
    const detail = `${known.code}${place === '' ? '' : `, ${place}`}: ${known.message}`;
    return { name, ok: false, kind: known.kind, detail, next: known.next };
  }
}

function outlineOf({ name, target, sources, models, rules }: Project): string {
  const many = [counted(sources.length, 'source'), counted(models.length, 'model'), counted(rules.length, 'rule')];
  return `${name}, target ${target.name}: ${many.join(', ')}; what their SQL says is checked by: warehouse plan`;
}
