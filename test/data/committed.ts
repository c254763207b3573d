import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The committed sources of the demonstration study, read with nothing of the warehouse or of the generator. */

export const root = fileURLToPath(new URL('../../', import.meta.url));

export function source(name: string): string {
  const bytes = readFileSync(`${root}data/sources/${name}`);
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export const SNAPSHOT = 'edc/vexin03_snapshot_2026-02-02.xml.gz';
export const DELTA = 'edc/vexin03_delta_2026-02-23.xml.gz';

/** How often an element starts. */
export const count = (xml: string, element: string) => xml.split(new RegExp(`<${element}[\\s/>]`)).length - 1;

/** The content of the first element with these attributes, from start tag to end tag. Elements of one name do not nest. */
export function within(xml: string, element: string, attributes: string): string {
  const start = xml.indexOf(`<${element} ${attributes}`);
  if (start < 0) throw new Error(`no <${element} ${attributes}`);
  return xml.slice(start, xml.indexOf(`</${element}>`, start));
}

/** The form of a subject at an event. */
export const form = (xml: string, subject: string, event: string, formOid: string) =>
  within(
    within(within(xml, 'SubjectData', `SubjectKey="${subject}"`), 'StudyEventData', `StudyEventOID="${event}"`),
    'FormData',
    `FormOID="${formOid}"`,
  );

/** Each item group of a piece: its attributes, and the values of its items by name. */
export function groups(xml: string): { tag: string; items: Record<string, string | undefined> }[] {
  return [...xml.matchAll(/<ItemGroupData ([^>]*?)(?:\/>|>([\s\S]*?)<\/ItemGroupData>)/g)].map(([, tag, content]) => ({
    tag,
    items: Object.fromEntries(
      [...(content ?? '').matchAll(/<ItemData ItemOID="[^"]*?([^."]+)"([^>]*)>/g)].map(([, name, rest]) => [
        name,
        /Value="([^"]*)"/.exec(rest)?.[1],
      ]),
    ),
  }));
}

/** Rows of a CSV file by column. */
export function rows(name: string): Record<string, string>[] {
  const records = [...source(name).matchAll(/((?:"(?:[^"]|"")*"|[^,"\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^,"\r\n]*))*)\r\n/g)];
  const [header, ...lines] = records.map(([, line]) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
    ),
  );
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [header[i], cell])));
}
