import { propertiesSchema } from '../project/properties.ts';
import { partAt } from '../project/schema-walk.ts';
import { TEST_FIELDS } from './fields.ts';

const BESIDE: ReadonlySet<string> = new Set(TEST_FIELDS.map(({ path: [key] }) => key));

/** The kind of a test: the one key of it that every test does not have. */
export const testKind = (test: object): string => Object.keys(test).find((key) => !BESIDE.has(key))!;

/** Whether what stands beside a kind is a text and nothing else. */
export function isTextKind(kind: string): boolean {
  return [['tests'], ['columns', '*', 'tests']].some((list) => {
    return partAt(propertiesSchema, [...list, '*', kind])?.type === 'string';
  });
}
