import type { TestKind } from './project.ts';

/** The part of a JSON Schema that is looked at here. */
interface Schema {
  items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
}

/**
 * The JSON Schema of model properties for a study with kinds of tests of its own: as a test of a dataset and of a column,
 * each with its arguments by name, or by its name alone.
 */
export function withTestKinds<Whole extends object>(schema: Whole, kinds: readonly TestKind[]): Whole {
  const whole = structuredClone(schema);
  const { tests, columns } = (whole as Schema).properties!;
  const ofColumn = columns.additionalProperties!.properties!.tests;
  for (const list of [tests, ofColumn]) list.items = withKinds(list.items!, kinds);
  return whole;
}

/** @param test the mapping of a test, or that among other ways to write it */
function withKinds({ anyOf, ...test }: Schema, kinds: readonly TestKind[]): Schema {
  const uses = Object.fromEntries(kinds.map(({ name, parameters }) => [name, useOf(parameters)]));
  const ways = anyOf === undefined ? [test] : anyOf;
  const wider = ways.map((way) => (way.properties ? { ...way, properties: { ...way.properties, ...uses } } : way));
  return { ...(anyOf && test), anyOf: [...wider, { enum: kinds.map(({ name }) => name) }] };
}

/** `true`, or arguments; the model is what it stands under. */
function useOf([, ...parameters]: readonly string[]): object {
  const properties = Object.fromEntries(parameters.map((name) => [name, {}]));
  return { anyOf: [{ const: true }, { type: 'object', properties, additionalProperties: false }] };
}
