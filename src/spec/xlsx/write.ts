import { cellReference, columnLetters } from './reference.ts';
import { escapeText, xmlText } from './text.ts';
import { zipOf } from './zip.ts';

/** A cell that is written: text stays text whatever it looks like. */
export type Written = string | number | undefined;

export interface WrittenColumn {
  readonly title: string;
  /** In characters. */
  readonly width: number;
  /** Whether its cells are numbers; else whatever is typed into them is text. */
  readonly isNumber?: boolean;
  /** What may stand in it, to choose from. */
  readonly choices?: readonly string[];
}

export interface WrittenSheet {
  /** At most 31 characters, none of `[]:*?/\`. */
  readonly name: string;
  readonly columns: readonly WrittenColumn[];
  readonly rows: readonly (readonly Written[])[];
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Numbers of the formats in `STYLES`: 49 is Excel's own for text (`@`). */
const STYLE = { number: 0, text: 1, heading: 2 };
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="10"/><name val="Arial"/></font><font><b/><sz val="10"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/**
 * An Office Open XML workbook (ECMA-376): a heading row that stays in sight, filters, text as text. The same sheets give
 * the same bytes: it has no times, no author and no compression.
 */
export function writeWorkbook(sheets: readonly WrittenSheet[]): Buffer {
  const files = new Map([
    ['[Content_Types].xml', contentTypes(sheets.length)],
    ['_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']])],
    ['xl/workbook.xml', workbook(sheets)],
    [
      'xl/_rels/workbook.xml.rels',
      relationships([...sheets.map((_, i): Relation => ['worksheet', sheetPath(i)]), ['styles', 'styles.xml']]),
    ],
    ['xl/styles.xml', STYLES],
  ]);
  for (const [i, sheet] of sheets.entries()) files.set(`xl/${sheetPath(i)}`, worksheet(sheet));
  return zipOf(files);
}

const sheetPath = (index: number) => `worksheets/sheet${index + 1}.xml`;

function contentTypes(sheets: number): string {
  const parts = Array.from({ length: sheets }, (_, i) => [`xl/${sheetPath(i)}`, 'worksheet']);
  const overrides = [['xl/workbook.xml', 'sheet.main'], ['xl/styles.xml', 'styles'], ...parts].map(
    ([path, type]) => `<Override PartName="/${path}" ContentType="${SPREADSHEET}.${type}+xml"/>`,
  );
  const rels = 'application/vnd.openxmlformats-package.relationships+xml';
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="${rels}"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`;
}

type Relation = readonly [type: string, target: string];

function relationships(relations: readonly Relation[]): string {
  const all = relations.map(
    ([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
}

function workbook(sheets: readonly WrittenSheet[]): string {
  const all = sheets.map(({ name }, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const filters = sheets.map((sheet, i) => {
    const end = `$${columnLetters(sheet.columns.length)}$${sheet.rows.length + 1}`;
    return `<definedName name="_xlnm._FilterDatabase" localSheetId="${i}" hidden="1">${xmlText(`'${sheet.name}'!$A$1:${end}`)}</definedName>`;
  });
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${all.join('')}</sheets><definedNames>${filters.join('')}</definedNames></workbook>`;
}

function worksheet({ columns, rows }: WrittenSheet): string {
  const last = `${columnLetters(columns.length)}${rows.length + 1}`;
  const cols = columns.map(({ width, isNumber }, i) => {
    const style = isNumber ? STYLE.number : STYLE.text;
    return `<col min="${i + 1}" max="${i + 1}" width="${width}" style="${style}" customWidth="1"/>`;
  });
  const heading = columns.map(({ title }, i) => textCell(cellReference(i + 1, 1), title, STYLE.heading));
  const body = rows.map((row, r) => rowOf(r + 2, row));
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData><row r="1">${heading.join('')}</row>${body.join('')}</sheetData><autoFilter ref="A1:${last}"/>${validations(columns)}</worksheet>`;
}

function rowOf(number: number, row: readonly Written[]): string {
  const cells = row.map((value, i) => {
    const reference = cellReference(i + 1, number);
    if (value === undefined) return '';
    if (typeof value === 'string') return textCell(reference, value, STYLE.text);
    return `<c r="${reference}" s="${STYLE.number}"><v>${value}</v></c>`;
  });
  return `<row r="${number}">${cells.join('')}</row>`;
}

function textCell(reference: string, text: string, style: number): string {
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;
}

/** Lists to choose from. Excel takes lists of up to 255 characters. */
function validations(columns: readonly WrittenColumn[]): string {
  const lists = columns.flatMap(({ choices = [] }, i) => {
    const list = choices.join(',');
    if (list === '' || list.length > 255) return [];
    const letters = columnLetters(i + 1);
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${letters}2:${letters}1048576"><formula1>${xmlText(`"${list}"`)}</formula1></dataValidation>`;
  });
  return lists.length === 0 ? '' : `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`;
}
