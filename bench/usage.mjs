// What this process has used since this module was imported: imported first, so that other modules count.
const before = process.cpuUsage();

/** CPU seconds. */
export function cpuSeconds() {
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

/** CPU seconds and peak MB, with `more`, as a figure is printed. */
export function report(more) {
  const rss = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ cpu: cpuSeconds(), rss, ...more }));
}
