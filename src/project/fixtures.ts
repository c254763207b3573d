import { readText } from './files.ts';
import { staysInside } from './links.ts';
import type { Problem } from './problem.ts';
import type { ModelProperties } from './properties.ts';
import { otherModels, type UnitContext, withSelects, withTables } from './unit-tables.ts';
import { csvRows, fixturesOf, type GivenRow, type UnitTest, unitTestsOf } from './unit-test.ts';

/** The unit tests of a model with their tables, the rows of their fixtures and their SELECTs, and what is wrong with those. */
export async function readUnitTests(
  root: string,
  { unit_tests }: ModelProperties,
  context: UnitContext,
): Promise<{ unitTests: readonly UnitTest[]; problems: readonly Problem[] }> {
  const problems: Problem[] = otherModels(unit_tests, context);
  const fixtures = new Map<string, readonly GivenRow[]>();
  for (const { fixture, path } of fixturesOf(unit_tests)) {
    const read = await readFixture(root, fixture);
    if (typeof read !== 'string') fixtures.set(fixture, read);
    else {
      const message = `The fixture ${fixture} ${read}.`;
      problems.push({ kind: 'usage', code: 'CONFIG_INVALID', message, place: context.locate(path) });
    }
  }
  const named = withTables(unitTestsOf(unit_tests, fixtures), context);
  const read = withSelects(named.unitTests, context);
  return { unitTests: read.unitTests, problems: [...problems, ...named.problems, ...read.problems] };
}

/** Its rows, or what is wrong with it. */
async function readFixture(root: string, path: string): Promise<readonly GivenRow[] | string> {
  if (!staysInside(root, path)) return 'is a link that leads out of the project';
  const text = await readText(root, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw error;
  });
  if (text === undefined) return 'is not there';
  try {
    return csvRows(text);
  } catch (error) {
    return `is no CSV with a header: ${(error as Error).message}`;
  }
}
