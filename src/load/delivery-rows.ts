import type { Covers } from '../project/source.ts';
import { insertRows } from '../store/insert-rows.ts';
import type { LoadContext, PartContent } from './load-context.ts';
import { type TakenDelivery, turnOf } from './pending-delivery.ts';
import { readerFingerprint } from './reader-fingerprint.ts';

const COUNTS = [
  'clinical_data_count',
  'subject_data_count',
  'study_event_data_count',
  'form_data_count',
  'item_group_data_count',
  'item_data_count',
  'audit_record_count',
  'file_row_count',
];

/** Writes the rows of raw.part, one for each content, in the order of the parts. */
export async function insertParts(
  { connection }: LoadContext,
  { source, parts }: TakenDelivery,
  deliveryKey: number,
  contents: readonly PartContent[],
): Promise<void> {
  const rows = parts.map(({ file, sha256, reason }, index) => {
    const { columns, contentSha256 = sha256, contentSize, firstKey, lastKey } = contents[index];
    const texts = Object.fromEntries(
      Object.entries(columns).map(([name, value]) => [name, value === null ? null : String(value)]),
    );
    return {
      ...Object.fromEntries(COUNTS.map((name) => [name, 0])),
      ...texts,
      delivery_key: deliveryKey,
      ordinal: index + 1,
      name: file.name,
      format: source.format,
      reader_fingerprint: readerFingerprint(source),
      sha256,
      size_bytes: file.size,
      content_sha256: contentSha256,
      content_size_bytes: contentSize,
      // Former bytes come from the vault, and stay in it.
      keep: reason === 'former bytes' ? 'sealed' : source.keep,
      first_key: firstKey,
      last_key: lastKey,
    };
  });
  await insertRows(connection, 'raw.part', rows);
}

/**
 * Writes the row of raw.delivery, by which it has happened.
 * @param covers in force
 * @param brought what was stored anew; nothing where the same bytes had arrived before
 */
export async function insertDelivery(
  context: LoadContext,
  delivery: TakenDelivery,
  { deliveryKey, covers }: { readonly deliveryKey: number; readonly covers: Covers },
  brought: readonly PartContent[],
): Promise<void> {
  const { source, parts } = delivery;
  await insertRows(context.connection, 'raw.delivery', [
    {
      delivery_key: deliveryKey,
      source: source.name,
      system: source.system,
      environment: context.study.environment,
      study: context.study.id,
      covers,
      classification: source.classification,
      retry_of: turnOf(delivery) ?? null,
      policy_fingerprint: context.boundary.fingerprint,
      correlation_id: context.correlationId,
      arrived_at: context.clock().toISOString().slice(0, 23),
      actor: context.actor,
      tool_version: context.toolVersion,
      part_count: parts.length,
      first_key: brought.find(({ firstKey }) => firstKey !== null)?.firstKey ?? null,
      last_key: brought.findLast(({ lastKey }) => lastKey !== null)?.lastKey ?? null,
    },
  ]);
}
