import { type Classification, isAbove } from '../../project/classification.ts';

/** How something is classified, and what made it so. */
export interface Cell {
  readonly classification: Classification;
  /** `sdtm.dm.ARM`, `sdtm.dm (rows)`, `source randomisation`. */
  readonly name: string;
  /** What it has its classification from; undefined where it is declared there. */
  readonly from?: Cell;
}

/** What says nothing of itself, and comes from nothing that does. */
export const UNCLASSIFIED: Cell = { classification: 'none', name: '' };

/** The first of the highest: the order of what is given decides what is named. */
export function highest(cells: Iterable<Cell>): Cell {
  let found = UNCLASSIFIED;
  for (const cell of cells) if (isAbove(cell.classification, found.classification)) found = cell;
  return found;
}

/** What it has its classification from, at every distance. */
export function wayTo({ from }: Cell): string[] {
  const way: string[] = [];
  for (let cell = from; cell !== undefined; cell = cell.from) way.push(cell.name);
  return way;
}

/** `sdtm.dm.ARM ← staged.treatment.arm ← source kits` */
export const wayText = (cell: Cell): string => [cell.name, ...wayTo(cell)].join(' ← ');
