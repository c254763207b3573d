import { describePlace, type ErrorDetail, WarehouseError } from '../lib/errors.ts';

/** One thing wrong with what a person wrote. */
export type Problem = ErrorDetail;

/** In the order of the lines of one file. */
export function byPlace(a: Problem, b: Problem): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

/** On one line, and below it the line of the file that the message shows. */
function sentence({ place, message, next }: Problem): string {
  const where = describePlace(place ?? {});
  const [said, ...shown] = message.split('\n');
  return [[where && `${where}: `, said, next && ` ${next}`].join(''), ...shown.map((line) => `  ${line}`)].join('\n');
}

/** A message longer than this helps nobody. */
const SHOWN = 20;

/**
 * One error of all problems: code, place and advice are those of the first; where there are several, the message
 * lists each on a line of its own.
 */
function errorOf(problems: readonly Problem[]): WarehouseError {
  const [first] = problems;
  if (problems.length === 1) return new WarehouseError(first);
  const lines = problems.slice(0, SHOWN).map((problem) => `  ${sentence(problem)}`);
  if (problems.length > SHOWN) lines.push(`  and ${problems.length - SHOWN} more`);
  return new WarehouseError({ ...first, message: [`${problems.length} problems:`, ...lines].join('\n') });
}

/** Throws `errorOf(problems)` if there are any. */
export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw errorOf(problems);
}

/** What is wrong with a file, as a problem beside those of others. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof WarehouseError) || error.kind !== 'usage') throw error;
  const { kind, code, message, place, next } = error;
  return { kind, code, message, place, next };
}

/** What is read, or only the problem where a file is no text. */
export async function orProblem<Read extends { readonly problems: readonly Problem[] }>(
  read: Promise<Read>,
  nothing: Omit<Read, 'problems'>,
): Promise<Read> {
  return read.catch((error: unknown) => ({ ...nothing, problems: [problemOf(error)] }) as unknown as Read);
}
