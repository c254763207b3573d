import type { Source } from '../project/source.ts';
import type { KnownPart } from './known-parts.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Why a file is to be loaded. reader changed, covers changed: the settings of its source are not those it was loaded
 * under. parts changed: it was delivered with other files than it is now. came back: it is the last by name of the files
 * that are there, or one that this stands on, and others stand or were delivered last. comes after: an earlier name is
 * delivered with it, or was after it. former bytes: the settings are others, and these bytes stand but are among the
 * files no more. unchanged: only others of its delivery are to be.
 */
export type PendingReason =
  | 'new file'
  | 'changed'
  | 'reader changed'
  | 'covers changed'
  | 'parts changed'
  | 'came back'
  | 'comes after'
  | 'former bytes'
  | 'unchanged';

export interface PendingPart {
  readonly file: SourceFile;
  /** Of its bytes, where they had to be compared with those of its last delivery. */
  readonly sha256?: string;
  /** How it was delivered last, if it was. */
  readonly last?: KnownPart;
  readonly reason: PendingReason;
  /** The place in the order of arrival that it takes, where it is read anew; else it comes last. */
  readonly turn?: bigint;
}

/** What is to be loaded at once: a file, or all files of a source that delivers them together. */
export interface PendingDelivery {
  readonly source: Source;
  readonly parts: readonly PendingPart[];
  /** All files of the source that are there, by name, where they are delivered one by one and the last replaces all. */
  readonly among?: readonly PendingPart[];
}

/** A pending part whose bytes are known and will not change while they are read. */
export interface TakenPart extends PendingPart {
  readonly sha256: string;
  /** Where its bytes are read: its copy in the vault, or the file itself where none is kept. */
  readonly path: string;
}

export interface TakenDelivery extends PendingDelivery {
  readonly parts: readonly TakenPart[];
}

/**
 * The place in the order of arrival that a delivery takes: that of its earlier reading, where it is the same parts read
 * anew.
 */
export function turnOf({ parts }: PendingDelivery): bigint | undefined {
  const { turn, last } = parts[0];
  const isSame = last === undefined || last.partCount === parts.length;
  return isSame && parts.every((part) => part.turn === turn) ? turn : undefined;
}

/** Whether it is delivered for its place in the order alone. */
export function comesAgain({ parts }: Pick<PendingDelivery, 'parts'>): boolean {
  return parts.every(({ reason }) => reason === 'came back' || reason === 'comes after');
}

/** Whether it is delivered because of former settings alone. */
export function isOfFormerBytes({ parts }: Pick<PendingDelivery, 'parts'>): boolean {
  return parts.every(({ reason }) => reason === 'former bytes');
}
