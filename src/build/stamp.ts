import { WarehouseError } from '../lib/errors.ts';

/** The last second of the year 9999. */
const LAST_STAMP = 253_402_300_799;

/**
 * The time for the stamps of exports that the environment gives in SOURCE_DATE_EPOCH (reproducible-builds.org), if any.
 * @throws usage SOURCE_DATE_EPOCH where it is not what it has to be: whole seconds since 1970-01-01, UTC.
 */
export function givenStamp(given = process.env.SOURCE_DATE_EPOCH): Date | undefined {
  if (given === undefined || given === '') return undefined;
  if (/^\d+$/.test(given) && Number(given) <= LAST_STAMP) return new Date(Number(given) * 1000);
  throw new WarehouseError({
    kind: 'usage',
    code: 'SOURCE_DATE_EPOCH',
    message: 'The environment variable SOURCE_DATE_EPOCH is no number of whole seconds since 1970-01-01, UTC.',
    next: 'Write digits only, like 1767225600 for 2026-01-01, or leave it out: then stamps are 1960-01-01.',
  });
}
