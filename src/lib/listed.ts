const MOST_NAMED = 5;

/** The first five of many names: `a.csv, b.csv, c.csv, d.csv, e.csv and 3 more`. */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}
