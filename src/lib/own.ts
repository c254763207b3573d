/** What a record has under a key, and not what every object has: `constructor` and `toString` are names that data may have. */
export function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
