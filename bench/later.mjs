// A later delivery of an ODM file that data/generate wrote: it has an element a line, and its item groups on lines of their own.
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

/** Elements that are left out where nothing of them is. */
const OUTER = /^<(SubjectData|StudyEventData|FormData) /;
const OUTER_END = /^<\/(SubjectData|StudyEventData|FormData)>/;

/**
 * Writes the delivery of a later day, in which every `share`th item group (others on other days) has 30 % of its items
 * changed.
 *
 * @param {string} from
 * @param {string} to
 * @param {{ day: number, share: number, whole: boolean }} what `whole`: with the item groups that nothing happened to
 */
export async function writeLater(from, to, { day, share, whole }) {
  const out = createWriteStream(to);
  const done = finished(out);
  const write = (line) => out.write(`${line}\n`) || new Promise((resolve) => out.once('drain', resolve));
  /** Start tags that wait for an item group. */
  let waiting = [];
  let groups = 0;
  let items = 0;
  for await (const line of lines(from)) {
    if (OUTER.test(line) && !whole) {
      waiting.push(line);
    } else if (OUTER_END.test(line) && waiting.length > 0) {
      waiting.pop();
    } else if (line.startsWith('<ItemGroupData ')) {
      const isTouched = groups++ % share === day % share;
      if (!isTouched && !whole) continue;
      for (const start of waiting) await write(start);
      waiting = [];
      await write(isTouched ? changed(line) : line);
    } else {
      await write(line.startsWith('<ODM ') ? dated(line, day) : line);
    }
  }
  out.end();
  await done;

  function changed(group) {
    const change = (match, before, value) => (items++ % 10 < 3 ? `${before}day ${day}: ${value}"` : match);
    return group.replace(/(<ItemData [^>]*Value=")([^"]*)"/g, change);
  }
}

/** The lines of the file; one ItemGroupData is one, line breaks in its values included. */
async function* lines(file) {
  let held = '';
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    held += held === '' ? line : `\n${line}`;
    if (held.startsWith('<ItemGroupData ') && !held.endsWith('</ItemGroupData>')) continue;
    yield held;
    held = '';
  }
}

/** The tag of the document, with its times and its name `day` days on. */
function dated(tag, day) {
  return tag.replace(/\d{4}-\d\d-\d\d/g, (date) =>
    new Date(Date.parse(date) + day * 86_400_000).toISOString().slice(0, 10),
  );
}
