import type { Cell } from './table.ts';

/** A row of a tree: what it says, the first cell first, and what stands below it. */
export interface Branch {
  readonly cells: readonly [label: string, ...Cell[]];
  readonly below: readonly Branch[];
}

/** The rows of a table whose first column shows, by lines before the label, what stands below what. */
export function treeRows(branches: readonly Branch[]): Cell[][] {
  return branches.flatMap(({ cells, below }) => [[...cells], ...rowsBelow(below, '')]);
}

function rowsBelow(branches: readonly Branch[], before: string): Cell[][] {
  return branches.flatMap(({ cells: [label, ...cells], below }, at) => {
    const isLast = at === branches.length - 1;
    const row = [`${before}${isLast ? '└─ ' : '├─ '}${label}`, ...cells];
    return [row, ...rowsBelow(below, `${before}${isLast ? '   ' : '│  '}`)];
  });
}
