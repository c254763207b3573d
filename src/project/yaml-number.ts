import { type Document, isMap, isScalar, isSeq, type Scalar } from 'yaml';

/** A number of a file that its text does not say as it is read: 0012, 0x1F, 1.0, 1e3, 0.12345678901234567890. */
export interface OddNumber {
  readonly path: readonly PropertyKey[];
  readonly text: string;
  readonly value: number | bigint;
}

/**
 * Reads whole numbers exactly, as bigint where a double would round them, and finds the numbers whose text is not that
 * of their value: where text may stand too, text may have been meant.
 */
export function readNumbers(document: Document.Parsed): OddNumber[] {
  const odd: OddNumber[] = [];
  for (const [node, path] of scalarsIn(document.contents, [])) {
    if (typeof node.value !== 'number') continue;
    const text = node.source ?? String(node.value);
    if (/^[-+]?\d+$/.test(text) && !Number.isSafeInteger(node.value)) node.value = BigInt(text);
    const value = node.value as number | bigint;
    if (!isItsText(value, text)) odd.push({ path, text, value });
  }
  return odd;
}

function* scalarsIn(node: unknown, path: readonly PropertyKey[]): Generator<[Scalar, readonly PropertyKey[]]> {
  if (isScalar(node)) yield [node, path];
  else if (isSeq(node)) for (const [i, item] of node.items.entries()) yield* scalarsIn(item, [...path, i]);
  else if (isMap(node)) {
    for (const { key, value } of node.items) yield* scalarsIn(value, [...path, String((key as Scalar).value)]);
  }
}

/** Fifteen digits always survive a double; a decimal that needs no exponent may be written without one. */
function isItsText(value: number | bigint, text: string): boolean {
  if (String(value) === text) return true;
  return /^-?(0|[1-9]\d*)\.\d*[1-9]$/.test(text) && text.replace(/^-?0?\.?0*|\./g, '').length <= 15;
}
