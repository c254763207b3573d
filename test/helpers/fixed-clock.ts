import type { Clock } from '../../src/lib/clock.ts';

/** A clock that stands still, at an instant such as `2026-03-27T08:00:00Z`. */
export function fixedClock(instant: string): Clock {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) throw new RangeError(`not an instant: ${instant}`);
  return () => new Date(time);
}
