import type { Table, TextColumn } from '../columns.ts';
import type { DateTimeReader } from '../datetime.ts';

const ORIGINS = { data: Buffer.from('data'), declared: Buffer.from('declared'), unknown: Buffer.from('unknown') };

/** The columns datetime, datetime_utc and zone_origin of a table. */
export class Moment {
  readonly #table: Table;
  readonly #dates: DateTimeReader;
  /** The text as sent. */
  readonly text: TextColumn;
  readonly #utc: Int32Array;
  readonly #zoneOrigin: TextColumn;

  constructor(table: Table, dates: DateTimeReader) {
    this.#table = table;
    this.#dates = dates;
    this.text = table.text('datetime');
    this.#utc = table.words('datetime_utc');
    this.#zoneOrigin = table.text('zone_origin');
  }

  /** Fills the other two columns of the present row from the text. */
  write(): void {
    const { text } = this;
    const row = this.#table.length;
    const dates = this.#dates;
    if (text.present && dates.read(text.bytes, text.start, text.end)) {
      this.#utc[2 * row] = dates.low;
      this.#utc[2 * row + 1] = dates.high;
      const origin = ORIGINS[dates.zoneOrigin];
      this.#zoneOrigin.put(origin, 0, origin.length);
    } else {
      this.#utc[2 * row] = this.#utc[2 * row + 1] = 0;
      this.#table.setNull('datetime_utc');
    }
  }
}
