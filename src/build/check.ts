import type { ErrorKind } from '../lib/errors.ts';

/** What `verify` found of one thing. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do: about what does not agree, or, where the check holds, about what is only worth knowing. */
  readonly next?: string;
}

/** What `debug` found of one thing; where it is not ok, as an error of which kind a command would meet it. */
export interface DebugCheck extends Check {
  readonly kind?: ErrorKind;
}
