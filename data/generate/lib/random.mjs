// @ts-check
/**
 * Seeded random numbers in 32-bit integer arithmetic only: the same on every engine and every machine.
 *
 * @typedef {object} Random
 * @property {(n: number) => number} below a whole number from 0 to n - 1
 * @property {(low: number, high: number) => number} between a whole number from low to high, both included
 * @property {(part: number, whole: number) => boolean} chance true in `part` of `whole` cases
 * @property {<T>(list: readonly T[]) => T} pick one of a list
 * @property {<T>(list: readonly (readonly [number, T])[]) => T} weighted one of a list of [weight, value]
 * @property {(mean: number, deviation: number) => number} bell a whole number about the mean, at most three deviations away
 * @property {<T>(list: readonly T[]) => T[]} shuffle a copy in another order
 */

/** @param {number} state */
function splitmix32(state) {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) | 0;
}

/**
 * A stream of its own for each key (a woman, a topic): what one topic draws never moves another.
 *
 * @param {number} seed
 * @param {...(number | string)} key
 * @returns {Random}
 */
export function stream(seed, ...key) {
  let hash = splitmix32(seed | 0);
  for (const part of key) {
    const text = String(part);
    for (let i = 0; i < text.length; i++) hash = splitmix32(hash ^ text.charCodeAt(i));
    hash = splitmix32(hash ^ 0x10000);
  }
  return generator(hash);
}

/**
 * sfc32, a small fast counting generator, seeded by splitmix32.
 *
 * @param {number} hash
 * @returns {Random}
 */
function generator(hash) {
  let a = splitmix32(hash);
  let b = splitmix32(a ^ 1);
  let c = splitmix32(b ^ 2);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();

  /** @type {Random['below']} */
  const below = (n) => Math.floor((next() * n) / 4294967296);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (part, whole) => below(whole) < part,
    pick: (list) => list[below(list.length)],
    weighted: (list) => {
      let left = below(list.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of list) {
        if (left < weight) return value;
        left -= weight;
      }
      return list[0][1];
    },
    bell: (mean, deviation) => {
      const draw = () => below(2 * deviation + 1) - deviation;
      return mean + draw() + draw() + draw();
    },
    shuffle: (list) => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
  };
}
