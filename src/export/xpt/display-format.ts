/** A SAS format as the NAMESTR record holds it. */
export interface DisplayFormat {
  /** At most eight characters, `$` for a character format; empty for a plain width as in `8.2`. */
  readonly name: string;
  readonly width: number;
  readonly decimals: number;
}

export const NO_FORMAT: DisplayFormat = { name: '', width: 0, decimals: 0 };

const FORMAT = /^(?<name>\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)(?<width>\d{0,3})\.?(?<decimals>\d{0,2})$/;

/**
 * `8.2`, `DATE9.`, `BEST12.`, `$CHAR20.`; the full stop may be left out where no decimals follow.
 * @returns undefined for a text that is no format, or whose name is longer than eight characters.
 */
export function parseDisplayFormat(text: string): DisplayFormat | undefined {
  const groups = FORMAT.exec(text.toUpperCase())?.groups;
  if (groups === undefined || text === '' || text === '.' || groups.name.length > 8) return undefined;
  return { name: groups.name, width: Number(groups.width), decimals: Number(groups.decimals) };
}
