import type { Ledger } from '../audit/ledger.ts';
import type { Boundary } from '../boundary/policy.ts';
import type { Clock } from '../lib/clock.ts';
import type { EventSink } from '../lib/events.ts';
import type { EngineName } from '../odm/xml/events.ts';
import type { QuarantinePolicy } from '../project/configuration.ts';
import type { Connection } from '../store/connection.ts';
import type { Vault } from './vault.ts';

/** What every loader needs to know of the project and the run. */
export interface LoadContext {
  readonly connection: Connection;
  readonly vault: Vault;
  readonly ledger: Ledger;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly study: { readonly id: string; readonly environment: string; readonly oids: readonly string[] };
  readonly actor: string;
  readonly toolVersion: string;
  readonly correlationId: string;
  /** What every batch passes before it lands. */
  readonly boundary: Boundary;
  /** What is kept of fragments that cannot be used. */
  readonly quarantine: QuarantinePolicy;
  /** Which engine reads XML: the byte tokenizer, or sax for reference. */
  readonly parser: EngineName;
  /** Share of a source's live item groups that a delivery may remove by absence. */
  readonly removalThreshold: number;
  readonly acceptRemovals: boolean;
}

/** Where a part goes in raw. */
export interface PartPlace {
  readonly deliveryKey: number;
  /** Place within the delivery, from 1. */
  readonly ordinal: number;
  /** Key of its first element or row. */
  readonly firstKey: number;
}

/** What a loader found in one part: the columns of raw.part that depend on the content. */
export interface PartContent {
  /** Of the bytes after unpacking; undefined where they came as they are. */
  readonly contentSha256?: string;
  readonly contentSize: number;
  readonly firstKey: number | null;
  readonly lastKey: number | null;
  /** Further columns of raw.part by name. */
  readonly columns: Readonly<Record<string, string | number | bigint | boolean | null>>;
}
