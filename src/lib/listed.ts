const MOST_NAMED = 5;

/** The first five, or `most`, of many names: `a.csv, b.csv, c.csv, d.csv, e.csv and 3 more`. */
export function listed(names: readonly string[], most = MOST_NAMED): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
