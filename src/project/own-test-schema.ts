import type { TestKind } from './project.ts';

/** The part of a JSON Schema that is looked at here. */
interface Schema {
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Record<string, Schema>;
  anyOf?: Schema[];
  readonly enum?: unknown[];
}

/**
 * The JSON Schema of model properties for a study with kinds of tests of its own: as a test of a dataset and of a column,
 * each with its arguments by name, or by its name alone.
 */
export function withTestKinds<Whole extends object>(schema: Whole, kinds: readonly TestKind[]): Whole {
  const whole = structuredClone(schema);
  const { tests, columns } = (whole as Schema).properties!;
  addKinds(tests.items!, kinds);
  addKinds(columns.additionalProperties!.properties!.tests.items!, kinds);
  return whole;
}

function addKinds(test: Schema, kinds: readonly TestKind[]): void {
  const mapping = test.properties === undefined ? test.anyOf!.find(({ properties }) => properties)! : test;
  for (const { name, parameters } of kinds) mapping.properties![name] = useOf(parameters) as Schema;
  const short = { enum: kinds.map(({ name }) => name) };
  if (test.anyOf !== undefined) test.anyOf.push(short);
  else {
    const { ...whole } = test;
    for (const key of Object.keys(test)) delete test[key as keyof Schema];
    test.anyOf = [whole, short];
  }
}

/** `true`, or arguments; the model is what it stands under. */
function useOf([, ...parameters]: readonly string[]): object {
  const properties = Object.fromEntries(parameters.map((name) => [name, {}]));
  return { anyOf: [{ const: true }, { type: 'object', properties, additionalProperties: false }] };
}
