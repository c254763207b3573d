import { ledgerFiles } from '../audit/ledger.ts';
import { EXPORTS, EXTERNALS, lastRecord, PUBLICATIONS, recordedFiles } from '../audit/recorded-files.ts';
import { WarehouseError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/hash.ts';
import { listed } from '../lib/listed.ts';
import type { Project } from '../project/project.ts';
import type { Check } from './check.ts';
import type { HandedOver } from './hand-over.ts';
import { isPartial, type SelectOptions, selectionFlags } from './selection.ts';
import { checkExports, checkExternals, checkPublished, checkVault } from './verify-files.ts';
import { checkModels } from './verify-models.ts';
import { type Context, ledgerDirectory, type OpenOptions, type Warehouse, withWarehouse } from './warehouse.ts';

/** What was released: all that is handed over, with the record that says so. */
export interface Released {
  /** The number of the record in the ledger. */
  readonly record: number;
  readonly files: number;
  /** SHA-256 of their list, as `sha256sum` prints it, in the order of the paths (docs/audit.md, A release). */
  readonly sha256: string;
}

const BEGIN = 'release.begin';
const RELEASE = 'release';

/** @throws usage RELEASE_SELECTION */
export function checkWhole(options: SelectOptions): void {
  if (!isPartial(options)) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'RELEASE_SELECTION',
    message: `A release is of everything, and this one is of ${selectionFlags(options)}.`,
    next: 'Leave the selection out; what is up to date is not built again.',
  });
}

/** Says in the ledger, and so in what is published, that a build is to be a release. */
export async function beginRelease({ project, ledger, correlationId }: Warehouse): Promise<void> {
  await ledger.append([{ action: BEGIN, object: project.target.name, correlationId, effect: 'done' }]);
}

/**
 * Holds every byte that was handed over, and the copies of the sources, against the hashes in the record, and records
 * the release if all agree.
 * @returns what of it the result of the build says: `withheld` where they do not agree, which is told as an error event.
 */
export async function release(
  project: Project,
  options: OpenOptions,
  context: Context,
): Promise<{ released: Released } | Pick<HandedOver, 'withheld'>> {
  return withWarehouse(project, options, context, async ({ connection, ledger, correlationId }) => {
    const checks = [
      await checkVault(project, connection),
      await checkModels(project, connection),
      await checkExports(project),
      await checkExternals(project),
      await checkPublished(project),
    ];
    const bad = checks.filter((check) => check !== undefined && !check.ok) as Check[];
    if (bad.length > 0) {
      const error = differs(bad);
      context.events({ event: 'error', error });
      return { withheld: { reason: 'All was handed over, but it is no release.', error } };
    }
    const { files, sha256 } = await handedOver(project);
    const record = { action: RELEASE, object: project.target.name, correlationId, effect: 'done' } as const;
    const [{ sequence }] = await ledger.append([{ ...record, after: sha256, meta: { files } }]);
    return { released: { record: sequence, files, sha256 } };
  });
}

/** Whether what is handed over is what was released last; undefined where nothing ever was. Never a disagreement. */
export async function checkRelease(project: Project): Promise<Check | undefined> {
  const last = await lastRecord(ledgerFiles(ledgerDirectory(project)).ledger, RELEASE);
  if (last === undefined) return undefined;
  const { sha256 } = await handedOver(project);
  const record = `record ${last.sequence} of the ledger`;
  const isStill = sha256 === last.after;
  const detail = isStill ? `what was handed over is that of ${record}` : `handed over anew since that of ${record}`;
  return { name: 'release', ok: true, detail };
}

/** The files that stand by the ledger, and the hash of their list. */
async function handedOver(project: Project): Promise<Pick<Released, 'files' | 'sha256'>> {
  const { ledger } = ledgerFiles(ledgerDirectory(project));
  const hashes = new Map<string, string>();
  for (const actions of [EXPORTS, EXTERNALS, PUBLICATIONS]) {
    for (const [path, { written }] of await recordedFiles(ledger, actions)) {
      if (written !== undefined) hashes.set(path, written.sha256);
    }
  }
  const paths = [...hashes.keys()].sort();
  const list = paths.map((path) => `${hashes.get(path)}  ${path}\n`).join('');
  return { files: paths.length, sha256: sha256Hex(list) };
}

function differs(checks: readonly Check[]): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'RELEASE_DIFFERS',
    message: `Not released, because bytes or tables are not those of the record: ${listed(checks.map(({ name, detail }) => `${name}: ${detail}`))}.`,
    next: `${checks[0].next ?? ''} Then run the release again: build --release.`.trim(),
  });
}
