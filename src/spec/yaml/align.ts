import { isDeepStrictEqual } from 'node:util';

/** An item before and after: changed where both are there, else removed or added. */
export interface Aligned {
  readonly before?: number;
  readonly after?: number;
}

/**
 * Which item of a list became which, in the order of the list after: items that stand in both are the same, first those in
 * the same order, then those that were moved; what lies between two of the former is taken in its order for changed, and
 * what is left over for removed or added.
 */
export function align(before: readonly unknown[], after: readonly unknown[]): Aligned[] {
  const isSame = before.map((one) => after.map((other) => isDeepStrictEqual(one, other)));
  const inOrder = common(isSame, before.length, after.length);
  const moved = movedOf(isSame, inOrder, after.length);
  const goes = new Set(moved.values());
  const aligned: Aligned[] = [];
  let [b, a] = [0, 0];
  for (const [nextB, nextA] of [...inOrder, [before.length, after.length] as const]) {
    const had = range(b, nextB).filter((at) => !goes.has(at));
    for (const at of range(a, nextA)) {
      const was = moved.get(at) ?? had.shift();
      aligned.push({ ...(was !== undefined && { before: was }), after: at });
    }
    aligned.push(...had.map((at) => ({ before: at })));
    if (nextB < before.length && nextA < after.length) aligned.push({ before: nextB, after: nextA });
    [b, a] = [nextB + 1, nextA + 1];
  }
  return aligned;
}

const range = (from: number, to: number) => Array.from({ length: Math.max(to - from, 0) }, (_, i) => from + i);

/** Items that stand in both in another order: where each was, by where it is. */
function movedOf(isSame: boolean[][], inOrder: [number, number][], after: number): Map<number, number> {
  const [hadOrder, hasOrder] = [new Set(inOrder.map(([b]) => b)), new Set(inOrder.map(([, a]) => a))];
  const left = new Set(range(0, isSame.length).filter((b) => !hadOrder.has(b)));
  const moved = new Map<number, number>();
  for (const a of range(0, after).filter((at) => !hasOrder.has(at))) {
    const b = [...left].find((at) => isSame[at][a]);
    if (b === undefined) continue;
    left.delete(b);
    moved.set(a, b);
  }
  return moved;
}

/** The longest common subsequence, as pairs of places. */
function common(isSame: boolean[][], before: number, after: number): [number, number][] {
  const length = Array.from({ length: before + 1 }, () => new Array<number>(after + 1).fill(0));
  for (let b = before - 1; b >= 0; b--) {
    for (let a = after - 1; a >= 0; a--) {
      length[b][a] = isSame[b][a] ? length[b + 1][a + 1] + 1 : Math.max(length[b + 1][a], length[b][a + 1]);
    }
  }
  const pairs: [number, number][] = [];
  for (let [b, a] = [0, 0]; b < before && a < after; ) {
    if (isSame[b][a]) pairs.push([b++, a++]);
    else if (length[b + 1][a] >= length[b][a + 1]) b++;
    else a++;
  }
  return pairs;
}
