/** What a comparison of rows with a file can show. */
export interface RowDifferences {
  missing(sequence: number): void;
  changed(sequence: number): void;
  unknown(sequence: number): void;
}

/** Rows in order of their sequence, held against a file that is read in the same order. */
export class RowCursor<Row extends { readonly sequence: number }> {
  readonly #rows: AsyncGenerator<Row>;
  #next: Promise<IteratorResult<Row, void>> | undefined;

  constructor(rows: AsyncGenerator<Row>) {
    this.#rows = rows;
  }

  /** Looks for the row of `sequence`. Rows that come before it are in no file. */
  async compare(sequence: number, isEqual: (row: Row) => boolean, differences: RowDifferences): Promise<void> {
    let row = await this.#peek();
    for (; row !== undefined && row.sequence < sequence; row = await this.#peek()) {
      differences.unknown(row.sequence);
      this.#take();
    }
    if (row?.sequence !== sequence) return differences.missing(sequence);
    this.#take();
    if (!isEqual(row)) differences.changed(sequence);
  }

  /** What is left over is in no file. */
  async finish(differences: RowDifferences): Promise<void> {
    for (let row = await this.#peek(); row !== undefined; row = await this.#peek()) {
      differences.unknown(row.sequence);
      this.#take();
    }
  }

  async #peek(): Promise<Row | undefined> {
    this.#next ??= this.#rows.next();
    const { value } = await this.#next;
    return value ?? undefined;
  }

  #take(): void {
    this.#next = undefined;
  }
}
