/** What time it is. Passed in wherever it matters, so that a test can say. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** A clock that stands still, at an instant such as `2026-03-27T08:00:00Z`. */
export function fixedClock(instant: string): Clock {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) throw new RangeError(`not an instant: ${instant}`);
  return () => new Date(time);
}
