import { posix } from 'node:path';
import { dateStyles } from './date-styles.ts';
import { type Package, unreadable, withPackage } from './package.ts';
import { sharedTexts } from './shared-texts.ts';
import { type ReadSheet, readSheet } from './sheet.ts';
import { attributeOf, type ReadPart, readXml, type XmlHandler } from './xml.ts';

export type { ReadCell, ReadRow, ReadSheet } from './sheet.ts';

/**
 * The sheets of an .xlsx (ECMA-376), whoever wrote it, in their order: every cell as it stands, with what kind of value
 * Excel holds it for. Nothing is computed, no link is followed, and charts and the like are passed over.
 * @param file how messages call it
 * @throws usage SPEC_FILE
 */
export function readWorkbook(file: string, bytes: Buffer): Promise<ReadSheet[]> {
  return withPackage(file, bytes, async (parts) => {
    const read = async (path: string, handler: XmlHandler) => readPart(file, parts, path, handler);
    const path = (await targets(read, '_rels/.rels', '')).find(({ type }) => type === 'officeDocument')?.path;
    const listed = path === undefined ? [] : await sheetsOf(read, path);
    if (path === undefined || listed.length === 0) throw unreadable(file, 'it has no sheets of an .xlsx');
    const relations = await targets(read, relsOf(path), posix.dirname(path));
    const pathOf = (type: string) => relations.find((one) => one.type === type)?.path;
    const texts = await sharedTexts(read, pathOf('sharedStrings'));
    const dates = await dateStyles(read, pathOf('styles'));
    const sheets: ReadSheet[] = [];
    for (const { name, id, isHidden } of listed) {
      const relation = relations.find((one) => one.id === id);
      if (relation?.type !== 'worksheet') continue;
      const sheet = readSheet({ name, isHidden, texts, dates });
      if (!(await read(relation.path, sheet.handler))) throw unreadable(file, `its sheet ${name} is missing`);
      sheets.push(sheet.read);
    }
    return sheets;
  });
}

async function readPart(file: string, parts: Package, path: string, handler: XmlHandler): Promise<boolean> {
  const text = await parts.text(path);
  if (text === undefined) return false;
  try {
    readXml(text, handler);
  } catch (error) {
    throw unreadable(file, `its part ${path} is damaged (${(error as Error).message})`, undefined, error);
  }
  return true;
}

interface Relation {
  readonly id: string;
  /** The last word of its type: `worksheet`. */
  readonly type: string;
  readonly path: string;
}

const relsOf = (path: string) => `${posix.dirname(path)}/_rels/${posix.basename(path)}.rels`;

/** The parts that another one refers to; what lies outside of the package is none. */
async function targets(read: ReadPart, rels: string, folder: string): Promise<Relation[]> {
  const found: Relation[] = [];
  await read(rels, {
    open(name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      found.push({ id, type: type.slice(type.lastIndexOf('/') + 1), path });
    },
  });
  return found;
}

async function sheetsOf(read: ReadPart, path: string) {
  const sheets: { name: string; id: string; isHidden: boolean }[] = [];
  await read(path, {
    open(name, attributes) {
      if (name !== 'sheet') return;
      const isHidden = (attributes.state ?? 'visible') !== 'visible';
      sheets.push({ name: attributes.name ?? '', id: attributeOf(attributes, 'id') ?? '', isHidden });
    },
  });
  return sheets;
}
