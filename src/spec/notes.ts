import type { ErrorPlace } from '../lib/errors.ts';
import type { Problem } from '../project/problem.ts';

/** What is found while a workbook is read: what is wrong, and what is to be told. */
export class Notes {
  readonly problems: Problem[] = [];
  /** Sheets and columns of other specifications that say something. */
  readonly foreign: string[] = [];
  /** What somebody has hidden: it counts like the rest. */
  readonly hidden: string[] = [];
  /** Rows of methods, comments and where clauses that nothing names: `Methods!A7`. */
  readonly unused: string[] = [];

  problem(place: ErrorPlace, message: string, code = 'SPEC_CELL', more: Partial<Problem> = {}): void {
    this.problems.push({ kind: 'usage', code, message, place, ...more });
  }
}
