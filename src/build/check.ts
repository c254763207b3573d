/** What `verify` found of one thing. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do: about what does not agree, or, where the check holds, about what is only worth knowing. */
  readonly next?: string;
}
