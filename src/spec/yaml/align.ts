import { isDeepStrictEqual } from 'node:util';

/** An item before and after: changed where both are there, else removed or added. */
export interface Aligned {
  readonly before?: number;
  readonly after?: number;
}

/**
 * Which item of a list became which: items that stand in both, in the same order, are the same; what lies between two of
 * them is taken in its order for changed, and what is left over for removed or added.
 */
export function align(before: readonly unknown[], after: readonly unknown[]): Aligned[] {
  const aligned: Aligned[] = [];
  let [b, a] = [0, 0];
  for (const [nextB, nextA] of [...common(before, after), [before.length, after.length] as const]) {
    while (b < nextB || a < nextA) {
      aligned.push({ ...(b < nextB && { before: b++ }), ...(a < nextA && { after: a++ }) });
    }
    if (b < before.length && a < after.length) aligned.push({ before: b++, after: a++ });
  }
  return aligned;
}

/** The longest common subsequence, as pairs of places. */
function common(before: readonly unknown[], after: readonly unknown[]): [number, number][] {
  const isSame = before.map((one) => after.map((other) => isDeepStrictEqual(one, other)));
  const length = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      length[b][a] = isSame[b][a] ? length[b + 1][a + 1] + 1 : Math.max(length[b + 1][a], length[b][a + 1]);
    }
  }
  const pairs: [number, number][] = [];
  for (let [b, a] = [0, 0]; b < before.length && a < after.length; ) {
    if (isSame[b][a]) pairs.push([b++, a++]);
    else if (length[b + 1][a] >= length[b][a + 1]) b++;
    else a++;
  }
  return pairs;
}
