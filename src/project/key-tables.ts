/** A table of docs/configuration.md: a row for each key of a mapping. */
export interface KeyTable {
  readonly heading: string;
  readonly of: 'configuration' | 'properties' | 'rule' | 'qc';
  /** The mapping, by keys from the top; `*` for a name of one's own. */
  readonly path: readonly string[];
}

const table = (heading: string, of: KeyTable['of'], ...path: readonly string[]): KeyTable => ({ heading, of, path });

/** The tables of the page: what they say of a key is said nowhere else. */
export const KEY_TABLES: readonly KeyTable[] = [
  table('## warehouse.yml', 'configuration'),
  table('### study', 'configuration', 'study'),
  table('### sources', 'configuration', 'sources', '*'),
  table('### quarantine', 'configuration', 'quarantine'),
  table('### targets', 'configuration', 'targets', '*'),
  table('### publications', 'configuration', 'publications', '*'),
  table('### exports', 'configuration', 'exports'),
  table('### Dataset', 'properties'),
  table('### Column', 'properties', 'columns', '*'),
  table('## Properties of a rule', 'rule'),
  table('## Properties of a second version', 'qc'),
];

/** Tables that stand for keys elsewhere too, or for a part of the keys of a mapping. */
export const MORE_TABLES: readonly KeyTable[] = [
  table('### Column', 'properties', 'columns', '*', 'value_level', '*'),
  table('### Unit tests', 'properties', 'unit_tests', '*'),
  table('### Tests', 'properties', 'tests', '*'),
  table('### Tests', 'properties', 'columns', '*', 'tests', '*'),
];

/** From a heading of a Markdown page to the next of the same level or above; empty where there is none. */
export function sectionOf(page: string, heading: string): string {
  const [level] = heading.split(' ');
  const start = page.indexOf(`\n${heading}\n`);
  if (start < 0) return '';
  const end = page.slice(start + heading.length).search(new RegExp(`\\n#{2,${level.length}} `));
  return end < 0 ? page.slice(start) : page.slice(start, start + heading.length + end);
}

/** The rows of the first table of a section whose head begins with `key`, by that key. */
export function keyRows(section: string): Map<string, string> {
  const rows = rowsBelow(section, /^\| key +\|/).map(
    (line) => [/^\| `([a-z_]+)`/.exec(line)?.[1] ?? line, line] as const,
  );
  return new Map(rows);
}

/** The rows of the table of the kinds of tests that a dataset, or a column, may have, by each kind. */
export function kindRows(section: string, of: 'column' | 'dataset'): Map<string, string> {
  const rows = rowsBelow(section, /^\| test +\|/).filter((line) => line.split('|')[2].includes(of));
  return new Map(rows.flatMap((line) => [...line.matchAll(/[`{]([a-z_0-9]+)[`:]/g)].map(([, kind]) => [kind, line])));
}

function rowsBelow(section: string, pattern: RegExp): string[] {
  const lines = section.split('\n');
  const head = lines.findIndex((line) => pattern.test(line));
  const end = lines.findIndex((line, i) => i > head && !line.startsWith('|'));
  return lines.slice(head + 2, end);
}
