import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { Report } from './finding.ts';
import { GrowingTree, type Hash } from './merkle.ts';
import type { NoteVerifier } from './note.ts';

/** Checkpoints that were kept elsewhere. */
export interface KeptCheckpoints {
  /** Their texts. */
  readonly checkpoints?: readonly string[];
  /** The key they must be signed with. */
  readonly publicKey?: NoteVerifier;
}

/** Holds the records of a ledger, one after the other, against checkpoints. */
export class CheckpointFollower {
  readonly #tree = new GrowingTree();
  readonly #checkpoints: readonly Checkpoint[];
  readonly #report: Report;

  constructor(kept: KeptCheckpoints, report: Report) {
    this.#report = report;
    this.#checkpoints = read(kept, report);
    this.#checkRoot();
  }

  get size(): number {
    return this.#tree.size;
  }

  root(): Hash {
    return this.#tree.root();
  }

  /** The hash of the next record. */
  push(hash: Hash): void {
    this.#tree.push(hash);
    this.#checkRoot();
  }

  /** There are no more records. */
  end(): void {
    const { size } = this.#tree;
    for (const checkpoint of this.#checkpoints.filter((one) => one.size > size)) {
      const message = `The checkpoint has ${checkpoint.size} records, the ledger ${size}: its end was cut off.`;
      this.#report('CHECKPOINT_SIZE', message);
    }
  }

  #checkRoot(): void {
    const { size } = this.#tree;
    for (const { root } of this.#checkpoints.filter((one) => one.size === size)) {
      if (root.equals(this.#tree.root())) continue;
      this.#report('CHECKPOINT_ROOT', `The first ${size} records are not those of the checkpoint.`);
    }
  }
}

function read({ checkpoints = [], publicKey }: KeptCheckpoints, report: Report): Checkpoint[] {
  return checkpoints.flatMap((note, index) => {
    const opened = openCheckpoint(note, publicKey);
    const which = `Checkpoint ${index + 1} of ${checkpoints.length}`;
    if (opened.state === 'malformed') report('CHECKPOINT_MALFORMED', `${which} is no signed checkpoint.`);
    if (opened.state === 'wrong signature') report('CHECKPOINT_SIGNATURE', `${which} is not signed by the key given.`);
    if (opened.state === 'not verified') {
      report('CHECKPOINT_NOT_VERIFIED', `No public key was given, so ${which.toLowerCase()} was taken at its word.`);
    }
    return 'checkpoint' in opened ? [opened.checkpoint] : [];
  });
}
