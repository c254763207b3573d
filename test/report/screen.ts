import type { Terminal } from '../../src/report/terminal.ts';

/** A terminal that keeps what was written to it. */
export function screen(options: Partial<Terminal> = {}): Terminal & { readonly written: string[]; text(): string } {
  const written: string[] = [];
  return {
    isInteractive: false,
    hasColours: false,
    columns: 80,
    ...options,
    write: (text) => {
      written.push(text);
    },
    written,
    text: () => written.join(''),
  };
}
