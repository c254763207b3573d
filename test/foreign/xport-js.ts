import { createRequire } from 'node:module';

interface Library {
  read(options: object): AsyncIterable<(number | string | null)[]>;
  getMetadata(): Promise<{ name: string; label: string; length: number; type: 'Num' | 'Char'; format?: string }[]>;
}

const { default: XportLibrary } = createRequire(import.meta.url)('xport-js') as {
  default: new (path: string) => Library;
};

/** Reads an XPT file with xport-js: its rows as arrays, whatever they are worth. */
export async function readWithXportJs(path: string) {
  const library = new XportLibrary(path);
  const variables = await library.getMetadata();
  const rows: (number | string | null)[][] = [];
  for await (const row of library.read({ skipHeader: true })) rows.push(row);
  return { variables, rows };
}
