import type { Materialization } from './materialization.ts';
import type { ModelTest, Nameless } from './model-test.ts';

/** What of the properties of a model is said of the values of its rows. */
interface Said {
  readonly materialized: Materialization;
  readonly keys: readonly string[];
  readonly columns: Readonly<Record<string, { readonly mandatory?: boolean }>>;
}

/**
 * The tests that the properties of a model imply: no mandatory column is empty, no two rows have the same keys. Of a
 * snapshot they are about the versions in force: what was cannot be mended.
 *
 * What the tests that a person wrote say already is left to them, with the severity that they give it: not_null of a
 * column, unique of the keys or of a part of them. One that leaves rows out says it of the others only.
 */
export function contractTests(
  { materialized, keys, columns }: Said,
  declared: readonly ModelTest[],
): Nameless<ModelTest>[] {
  const whole = declared.filter(({ where }) => where === undefined);
  const isUnique = whole.some(
    (test) => test.kind === 'unique' && test.columns.every((column) => keys.includes(column)),
  );
  const tested = new Set(whole.map((test) => (test.kind === 'not_null' ? test.column : undefined)));
  const mandatory = Object.keys(columns).filter((name) => columns[name].mandatory && !tested.has(name));
  const common = { severity: 'error', ...(materialized === 'snapshot' && { where: 'valid_to IS NULL' }) } as const;
  const filled = { ...common, kind: 'mandatory', name: 'mandatory', columns: mandatory } as const;
  const single = { ...common, kind: 'unique', name: 'keys', columns: keys, at: ['keys'] } as const;
  return [
    ...(mandatory.length > 0 ? [{ ...filled, at: ['columns', mandatory[0], 'mandatory'] }] : []),
    ...(keys.length > 0 && !isUnique ? [single] : []),
  ];
}
