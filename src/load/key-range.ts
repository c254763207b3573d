/** From the first to the last key of what stands together; null where there is nothing. */
export interface KeyRange {
  readonly firstKey: bigint | number | null;
  readonly lastKey: bigint | number | null;
}

/** SQL for whether a key is in one of the ranges; those that touch, in the order given, are joined into one. */
export function within(key: string, ranges: readonly KeyRange[]): string {
  const joined: { first: bigint; last: bigint }[] = [];
  for (const { firstKey, lastKey } of ranges) {
    if (firstKey === null || lastKey === null) continue;
    const [first, last] = [BigInt(firstKey), BigInt(lastKey)];
    const previous = joined.at(-1);
    if (previous !== undefined && previous.last + 1n === first) previous.last = last;
    else joined.push({ first, last });
  }
  if (joined.length === 0) return 'false';
  return `(${joined.map(({ first, last }) => `${key} BETWEEN ${first} AND ${last}`).join(' OR ')})`;
}
