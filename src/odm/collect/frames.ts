/** Counts keyless siblings of one OID under one parent. */
class Ordinals {
  #parents = new Float64Array(64);
  #counts = new Int32Array(64);

  next(parentKey: number, oid: number): number {
    if (oid >= this.#parents.length) this.#grow(oid);
    if (this.#parents[oid] !== parentKey) {
      this.#parents[oid] = parentKey;
      this.#counts[oid] = 0;
    }
    return ++this.#counts[oid];
  }

  #grow(oid: number): void {
    const size = Math.max(this.#parents.length * 2, oid + 1);
    const parents = new Float64Array(size);
    parents.set(this.#parents);
    this.#parents = parents;
    const counts = new Int32Array(size);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

/** An open element that has an identity: what its children need to know of it. One a depth, used again and again. */
export class Frame {
  /** Its own key; for an item group the key of its first row. */
  key = 0;
  /** Words of its identity. */
  low = 0;
  high = 0;
  /** Keys of the elements it stands in, itself included; 0 if none. */
  subject = 0;
  studyEvent = 0;
  form = 0;
  itemGroup = 0;
  oid = 0;
  repeatKey = 0;
  ordinal = 0;
  transaction = 0;
  /** Its own transaction type or, where it has none, that of the nearest ancestor that has one. */
  transactionInForce = 0;
  place = 0;
  readonly #ordinals: Ordinals[] = [];

  /** Place, from 1, of a further keyless child of this level and OID. */
  childOrdinal(level: number, oid: number): number {
    this.#ordinals[level] ??= new Ordinals();
    return this.#ordinals[level].next(this.key, oid);
  }
}

/** The open elements from the study (depth 0, which is no element) down to the innermost item group. */
export class Frames {
  readonly #frames: Frame[] = [new Frame()];
  #depth = 0;

  get top(): Frame {
    return this.#frames[this.#depth];
  }

  /** The element of `key`, which makes keyless item groups of ReferenceData siblings, is the outermost parent. */
  begin(key: number, low: number, high: number): void {
    this.#depth = 0;
    const root = this.#frames[0];
    root.key = key;
    root.low = low;
    root.high = high;
  }

  /** Opens a frame that stands in what the present one stands in. */
  push(key: number): Frame {
    const parent = this.#frames[this.#depth++];
    if (this.#depth === this.#frames.length) this.#frames.push(new Frame());
    const frame = this.#frames[this.#depth];
    frame.key = key;
    frame.subject = parent.subject;
    frame.studyEvent = parent.studyEvent;
    frame.form = parent.form;
    frame.itemGroup = parent.itemGroup;
    frame.transactionInForce = parent.transactionInForce;
    return frame;
  }

  pop(): void {
    this.#depth--;
  }
}
