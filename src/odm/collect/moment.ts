import type { Table, TextColumn } from '../columns.ts';
import type { DateTimeReader } from '../datetime.ts';
import { RESERVED_TEXTS } from '../layout.ts';

const ORIGIN_CODE = {
  data: RESERVED_TEXTS.indexOf('data'),
  declared: RESERVED_TEXTS.indexOf('declared'),
  unknown: RESERVED_TEXTS.indexOf('unknown'),
};

/** The columns datetime, datetime_utc and zone_origin_code of a table. */
export class Moment {
  readonly #table: Table;
  readonly #dates: DateTimeReader;
  /** The text as sent. */
  readonly text: TextColumn;
  readonly #utc: Int32Array;
  readonly #zoneOrigin: Int32Array;

  constructor(table: Table, dates: DateTimeReader) {
    this.#table = table;
    this.#dates = dates;
    this.text = table.text('datetime');
    this.#utc = table.words('datetime_utc');
    this.#zoneOrigin = table.words('zone_origin_code');
  }

  /** Fills the other two columns of the present row from the text. */
  write(): void {
    const { text } = this;
    const row = this.#table.length;
    const dates = this.#dates;
    if (text.present && dates.read(text.bytes, text.start, text.end)) {
      this.#utc[2 * row] = dates.low;
      this.#utc[2 * row + 1] = dates.high;
      this.#zoneOrigin[row] = ORIGIN_CODE[dates.zoneOrigin];
    } else {
      this.#utc[2 * row] = this.#utc[2 * row + 1] = 0;
      this.#zoneOrigin[row] = 0;
      this.#table.setNull('datetime_utc');
    }
  }
}
