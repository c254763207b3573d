/** Where a report is written, and what it can show. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** Whether a person watches it: lines may be rewritten. */
  readonly isInteractive: boolean;
  readonly hasColours: boolean;
  /** Width in columns; infinite where nobody watches, so that nothing is cut. */
  readonly columns: number;
}

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const WIDTH_UNKNOWN = 120;

/** What a stream can show. NO_COLOR (https://no-color.org) and TERM=dumb are respected. */
export function terminalOf(stream: Stream, environment: Environment): Terminal {
  const isInteractive = stream.isTTY === true && environment.TERM !== 'dumb';
  return {
    write: (text) => {
      stream.write(text);
    },
    isInteractive,
    hasColours: isInteractive && !environment.NO_COLOR,
    columns: stream.isTTY === true ? stream.columns || WIDTH_UNKNOWN : Number.POSITIVE_INFINITY,
  };
}

const STYLES = { bold: [1, 22], red: [31, 39], yellow: [33, 39] } as const;

/** The text in a style, where the terminal has colours. */
export function styled(terminal: Terminal, style: keyof typeof STYLES, text: string): string {
  const [on, off] = STYLES[style];
  return terminal.hasColours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}
