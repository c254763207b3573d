import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSink, silent } from '../../lib/events.ts';
import { findFiles } from '../../project/glob.ts';
import type { Project } from '../../project/project.ts';
import type { Source } from '../../project/source.ts';
import type { Connection } from '../../store/connection.ts';
import { FileHashes } from '../file-hashes.ts';
import { deliveredSources, type KnownPart, lastDeliveries } from '../known-parts.ts';
import { packingOf, startOf } from '../packing/content.ts';
import { memberOf } from '../packing/zip.ts';
import type { PendingDelivery, PendingPart, PendingReason } from '../pending-delivery.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import { coversInForce, coversOf, deliversTogether, refuseSeveralFiles, replacesOneByOne } from '../source-delivery.ts';
import type { SourceFile } from '../source-file.ts';
import { standingFiles } from '../standing-parts.ts';
import type { Vault } from '../vault.ts';
import { formerBytes, formerReadings, standsAsRead, withFormer } from './former-bytes.ts';
import { inNameOrder, outOfOrder } from './name-order.ts';
import { noFiles } from './no-files.ts';
import { unclaimed } from './unclaimed.ts';
import { refuseUndeclaredSources, refuseUndeclaredStudies } from './undeclared.ts';

/**
 * The files of all sources that are new, whose bytes are not those of their last delivery, or that would be read or
 * delivered in another way now, and those of CSV that are delivered again so that all stand in the order of their names;
 * by source in the order of warehouse.yml, and within a source by the time that the document gives for itself, then by
 * name. Among them comes what is read anew from the vault.
 * @param hashes those that need not be taken; without them all are
 * @throws usage SOURCE_NO_FILES, SOURCE_SEVERAL_FILES, SOURCE_UNDECLARED, STUDY_UNDECLARED
 */
export async function pendingDeliveries(
  connection: Connection | undefined,
  project: Pick<Project, 'root' | 'sources' | 'study' | 'locate' | 'configuration'>,
  vault: Vault,
  events: EventSink,
  hashes: FileHashes = new FileHashes(),
): Promise<PendingDelivery[]> {
  const { root, sources, study } = project;
  const lastDelivery = connection === undefined ? undefined : await lastDeliveries(connection, study.oids);
  const delivered = connection === undefined ? new Set<string>() : await deliveredSources(connection);
  refuseUndeclaredSources(project, delivered);
  if (connection !== undefined) await refuseUndeclaredStudies(connection, project, 'Nothing was loaded.');
  const pending: PendingDelivery[] = [];
  const found: string[] = [];
  for (const source of sources) {
    const names = await findFiles(root, source.files);
    found.push(...names);
    if (names.length === 0) (await noFiles(project, source, delivered.has(source.name))).forEach(events);
    const files = names.map((name) => ({
      name,
      path: join(root, name),
      size: statSync(join(root, name)).size,
      member: source.member,
    }));
    const lastOf = (name: string) => lastDelivery?.(source.name, name);
    const isInOrder = connection !== undefined && replacesOneByOne(source);
    const stand = isInOrder ? await standingFiles(connection, source.name) : [];
    const parts = inNameOrder(source, await seen(source, files, lastOf, hashes), stand);
    outOfOrder(source, parts).forEach(events);
    const readings = connection === undefined ? [] : await formerReadings(connection, source, parts);
    const former = formerBytes(vault, source, readings);
    const ofSource = await asDeliveries(source, parts);
    if (ofSource.length > 0) refuseSeveralFiles(source, names);
    if (ofSource.length > 0 || parts.length === 0) standsAsRead(source, former.notKept).forEach(events);
    pending.push(...withFormer(ofSource, former.deliveries));
  }
  (await unclaimed(project, found)).forEach(events);
  return pending;
}

/** What is pending of a source, in the order in which it is loaded. */
async function asDeliveries(source: Source, parts: readonly PendingPart[]): Promise<PendingDelivery[]> {
  const deliveries: (PendingDelivery & { time: string })[] = [];
  for (const together of togetherIn(source, parts)) {
    if (together.every(({ reason }) => reason === 'unchanged')) continue;
    const time = source.format === 'odm' ? await documentTime(together[0].file) : '';
    deliveries.push({ source, parts: together, ...(replacesOneByOne(source) && { among: parts }), time });
  }
  return deliveries.sort((a, b) => compare(a.time, b.time) || compare(a.parts[0].file.name, b.parts[0].file.name));
}

/** What makes one delivery each. */
function togetherIn<One>(source: Source, all: readonly One[]): (readonly One[])[] {
  return deliversTogether(source) && all.length > 0 ? [all] : all.map((one) => [one]);
}

/** All files of a source, each with what there is to load of it by itself. */
async function seen(
  source: Source,
  files: readonly SourceFile[],
  lastOf: (name: string) => KnownPart | undefined,
  hashes: FileHashes,
): Promise<PendingPart[]> {
  const parts: PendingPart[] = [];
  for (const together of togetherIn(source, files)) parts.push(...(await compared(source, together, lastOf, hashes)));
  return parts;
}

async function compared(
  source: Source,
  files: readonly SourceFile[],
  lastOf: (name: string) => KnownPart | undefined,
  hashes: FileHashes,
): Promise<PendingPart[]> {
  const first = lastOf(files[0].name);
  const parts: PendingPart[] = [];
  for (const file of files) {
    const last = lastOf(file.name);
    const sha256 = last === undefined ? undefined : await hashes.of(file);
    const isWithTheSame =
      last?.partCount === files.length &&
      last.deliveryKey === first?.deliveryKey &&
      (last.isLatest || !deliversTogether(source));
    const reason = (await isOtherMember(file, last)) ? 'changed' : reasonOf(source, last, sha256, isWithTheSame);
    const isAnew = reason === 'reader changed' || reason === 'covers changed';
    parts.push({ file, sha256, last, reason, ...(isAnew && { turn: last?.turn }) });
  }
  return parts;
}

/** Whether another member of a zip file is meant than was read: another document, and not the same in another way. */
async function isOtherMember(file: SourceFile, last: KnownPart | undefined): Promise<boolean> {
  if (typeof last?.member !== 'string' || (await packingOf(file)) !== 'zip') return false;
  return (await memberOf(file)) !== last.member;
}

function reasonOf(
  source: Source,
  last: KnownPart | undefined,
  sha256: string | undefined,
  isWithTheSame: boolean,
): PendingReason {
  if (last === undefined) return 'new file';
  if (last.sha256 !== sha256) return 'changed';
  if (last.readerFingerprint !== readerFingerprint(source)) return 'reader changed';
  // What is declared is in force, too, where it was accepted against what is in quarantine.
  if (last.covers !== coversInForce(source, last) && last.covers !== coversOf(source)) return 'covers changed';
  return isWithTheSame ? 'unchanged' : 'parts changed';
}

/** AsOfDateTime or CreationDateTime of the root, as far as a glance tells; it only decides what is loaded first. */
async function documentTime(file: SourceFile): Promise<string> {
  try {
    const start = await startOf(file, silent);
    return (
      /\sAsOfDateTime\s*=\s*["']([^"']*)/.exec(start)?.[1] ??
      /\sCreationDateTime\s*=\s*["']([^"']*)/.exec(start)?.[1] ??
      ''
    );
  } catch {
    // Whatever is wrong with the file is told when it is loaded.
    return '';
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
