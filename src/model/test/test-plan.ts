import { canonicalJson } from '../../lib/canonical-json.ts';
import { WarehouseError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { ModelSource } from '../../project/project.ts';
import { isDataset } from '../../project/submission.ts';
import type { Connection } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import type { MacroCatalog } from '../reading/macro-catalog.ts';
import { type Known, readingOf } from '../reading/reading.ts';
import { isClosed } from '../sql/lexer.ts';
import { placeOf } from '../sql/sql-error.ts';
import { checkCodelist } from './codelist.ts';
import { type CompiledTest, emptyTextTest, textOf } from './tests.ts';

/** A test with what it reads and when it is run. */
export interface PlannedTest extends CompiledTest {
  /** Tables it reads, by name. */
  readonly reads: readonly string[];
  /**
   * The last, in order of building, of the models that it reads (and that it is a test of): it is run in the
   * transaction that puts this one in place. undefined where it reads no model: it is run after all of them.
   */
  readonly gate: string | undefined;
  /** Hash of the SQL, the macros it reaches, the variables and seeds it reads, the severity and what it asserts. */
  readonly hash: string;
}

/** A test whose SQL was not understood. */
export interface BrokenTest {
  readonly test: CompiledTest;
  readonly error: WarehouseError;
}

/** @param lastOf as of `Graph` */
export async function planTest(
  connection: Connection,
  test: CompiledTest,
  macros: MacroCatalog,
  known: Known,
  lastOf: (models: Iterable<string>) => string | undefined,
): Promise<PlannedTest | BrokenTest> {
  try {
    refuseSplit(test);
    if (test.codelist !== undefined) await checkCodelist(connection, textOf(test), test.codelist);
    const reading = await readingOf(connection, textOf(test), macros, known);
    const { reads, sqlHash: sql, macros: reached, variables, seeds } = reading;
    const read = new Set(test.model === undefined ? reads : [...reads, test.model]);
    const gate = lastOf(read);
    const { severity, errorIf, warnIf, asserts } = test;
    const thresholds = [errorIf?.said ?? null, warnIf?.said ?? null];
    const asked = { sql, macros: { ...reached }, variables: { ...variables }, seeds, severity, thresholds, asserts };
    const hash = sha256Hex(canonicalJson(asked));
    return { ...test, reads: [...read].sort(), gate, hash };
  } catch (error) {
    if (error instanceof WarehouseError && error.kind !== 'fault') return { test, error };
    throw error;
  }
}

/** An expression that closes a parenthesis of the SQL around it would make another test of it. */
function refuseSplit(test: CompiledTest): void {
  const split = test.conditions?.find((condition) => !isClosed(condition));
  if (split === undefined) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'TEST_SQL',
    message: `${split.trim()} is no expression of its own: its parentheses do not match.`,
    place: placeOf(textOf(test)),
    next: 'Write one expression.',
  });
}

/** The test of empty text that every dataset has, which comes with its columns; undefined where it has none of text. */
export function planEmptyText(source: ModelSource, columns: readonly TableColumn[]): PlannedTest | undefined {
  const test = isDataset(source) ? emptyTextTest(source.name, source.path, columns) : undefined;
  if (test === undefined) return undefined;
  const { sql, severity, asserts } = test;
  return {
    ...test,
    reads: [source.name],
    gate: source.name,
    hash: sha256Hex(canonicalJson({ sql, severity, asserts })),
  };
}

/** What a run is to deal with, of all the models that there are. */
interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly analyses: ReadonlyMap<string, unknown>;
}

/** Whether a run is to say anything of a test: one that reads no model is run only where every model is selected. */
export function isSelected({ gate }: Pick<PlannedTest, 'gate'>, { selected, analyses }: Selection): boolean {
  return gate === undefined ? selected.size === analyses.size : selected.has(gate);
}

/** A test need not be run again while this is what it last passed with. */
export function testFingerprint({ hash, reads }: PlannedTest, content: (table: string) => string | undefined): string {
  return sha256Hex(canonicalJson({ hash, reads: reads.map((table) => [table, content(table) ?? null]) }));
}

/** The model that a test is shown under. */
export function shownModel({ model, gate }: Pick<PlannedTest, 'model' | 'gate'>): string {
  return model ?? gate ?? '';
}
