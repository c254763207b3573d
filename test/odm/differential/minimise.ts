/** A shorter document of which `holds` is still so: spans of it are left out, as long as that is possible. */
export function minimise(document: Buffer, holds: (document: Buffer) => boolean): Buffer {
  let shortest = document;
  for (let length = shortest.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at < shortest.length; ) {
      const shorter = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + length)]);
      if (holds(shorter)) shortest = shorter;
      else at += length;
    }
  }
  return shortest;
}
