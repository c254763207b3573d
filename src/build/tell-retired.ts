import type { EventSink } from '../lib/events.ts';
import type { Retired } from './former-files.ts';

/** How it is said of a kind of files that they are handed out no more. */
interface Words {
  /** The beginning of the sentence: `out/ae.xpt is exported no more`. */
  readonly said: (path: string) => string;
  /** Code for a file that was removed; without it, that is not told. */
  readonly removed?: string;
  /** Code for a file that somebody has changed, and what to do with it. */
  readonly left: string;
  readonly next: string;
}

/** Tells of files that are handed out no more; of one that was gone already, nothing. */
export function tellRetired(
  events: EventSink,
  retired: readonly Retired[],
  { said, removed, left, next }: Words,
): void {
  for (const { path, now } of retired) {
    if (now === 'removed' && removed !== undefined) {
      events({ event: 'notice', code: removed, message: `${said(path)}: it was removed.` });
    }
    if (now !== 'changed') continue;
    const message = `${said(path)}, but somebody has changed it, so it was left where it is.`;
    events({ event: 'notice', code: left, message, next });
  }
}
