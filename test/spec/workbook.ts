import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { specExport } from '../../src/build/spec-export.ts';
import { type SpecImport, specImport } from '../../src/build/spec-import.ts';
import { WarehouseError } from '../../src/lib/errors.ts';
import { silent, type WarehouseEvent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { readWorkbook } from '../../src/spec/xlsx/read.ts';
import { readReference } from '../../src/spec/xlsx/reference.ts';
import { type WrittenSheet, writeWorkbook } from '../../src/spec/xlsx/write.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { folderOf } from '../project/temporary.ts';

const AE = `# The specification of sdtm.ae.
label: Adverse Events
class: EVENTS
keys: [STUDYID, AESEQ]
tests:
  - { expression: "AESEQ > 0", name: positive }
columns:
  STUDYID: { label: Study Identifier, type: text, length: 8, core: Req }
  # Of the subject.
  AESEQ:
    label: Sequence Number
    type: integer
    method: { description: "By start date." }
    tests: [not_null]
  AESEV: { label: Severity, codelist: AESEV, origin: { type: Collected, source: Investigator, pages: [7, 8] } }
`;

const LB = `label: Laboratory Test Results
columns:
  LBTESTCD: { label: Short Name }
  LBORRES:
    label: Result
    comment: As reported.
    value_level:
      - where: [{ column: LBTESTCD, values: [GLUC] }]
        type: float
      - where: [{ column: LBTESTCD, comparator: IN, values: [HGB, "A, B"] }]
        type: text
        length: 20
`;

export const FILES = {
  'warehouse.yml': 'name: vexin\nstudy: { id: VEXIN-03 }\n',
  'models/sdtm/ae.sql': 'SELECT 1 AS STUDYID\n',
  'models/sdtm/ae.yml': AE,
  'models/sdtm/lb.sql': 'SELECT 1 AS LBTESTCD\n',
  'models/sdtm/lb.yml': LB,
  'models/work/days.sql': 'SELECT 1 AS days\n',
};

const context = (events: (event: WarehouseEvent) => void = silent) => {
  return { events, clock: fixedClock('2026-03-27T08:00:00Z') } as unknown as Parameters<typeof specExport>[3];
};

/** A project and its workbook. */
export class SpecProject {
  readonly root: string;
  readonly #told: string[] = [];

  constructor(files: Readonly<Record<string, string>> = FILES) {
    this.root = folderOf({ ...files });
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Codes of the notices of the last import. */
  get told(): readonly string[] {
    return this.#told;
  }

  async export(options: { models?: string[]; force?: boolean } = {}) {
    const project = await loadProject(this.root);
    return specExport(project, join(this.root, 'spec.xlsx'), { models: [], force: true, ...options }, context());
  }

  /** The exported workbook with its sheets changed. */
  async edit(change: (book: Book) => void, options: { models?: string[] } = {}): Promise<void> {
    await this.export(options);
    const path = join(this.root, 'spec.xlsx');
    const book = new Book(await readWorkbook(path, readFileSync(path)));
    change(book);
    writeFileSync(path, writeWorkbook(book.sheets));
  }

  async import({ dryRun = false } = {}): Promise<SpecImport> {
    this.#told.length = 0;
    const events = (event: WarehouseEvent) => {
      if (event.event === 'notice') this.#told.push(event.code);
    };
    return specImport(await loadProject(this.root), join(this.root, 'spec.xlsx'), { dryRun }, context(events));
  }

  /** The one problem that an import finds, without the path of the workbook. */
  async refusal(): Promise<{ code: string; cell?: string; message: string; next?: string }> {
    try {
      await this.import();
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error;
      const { code, place, message, next } = error;
      return { code, cell: place.cell, message: message.replaceAll(`${this.root}/`, ''), next };
    }
    throw new Error('it was imported');
  }
}

type Value = string | number | undefined;

/** The cells of a workbook, to be changed. */
export class Book {
  readonly #sheets: Map<string, Value[][]>;

  constructor(read: Awaited<ReturnType<typeof readWorkbook>>) {
    this.#sheets = new Map(
      read.map(({ name, rows }) => {
        const lines: Value[][] = [];
        for (const { number, cells } of rows) {
          lines[number - 1] = [];
          for (const [column, { kind, text }] of cells) {
            lines[number - 1][column - 1] = kind === 'number' ? Number(text) : text;
          }
        }
        return [name, lines];
      }),
    );
  }

  get sheets(): WrittenSheet[] {
    return [...this.#sheets].map(([name, [head, ...rows]]) => ({
      name,
      columns: Array.from(head, (title) => ({ title: String(title ?? ''), width: 9 })),
      rows: rows.map((row) => Array.from(row)),
    }));
  }

  rows(sheet: string): Value[][] {
    return this.#sheets.get(sheet)!;
  }

  /** The row whose first cells are these, the column Order left out. */
  row(sheet: string, ...names: string[]): Value[] {
    const first = this.rows(sheet)[0][0] === 'Order' ? 1 : 0;
    return this.rows(sheet).find((row) => names.every((name, i) => row[first + i] === name))!;
  }

  set(sheet: string, names: readonly string[], title: string, value: Value): void {
    this.row(sheet, ...names)[this.rows(sheet)[0].indexOf(title)] = value;
  }

  /** `Variables`, `D7` */
  put(sheet: string, reference: string, value: Value): void {
    const { column, row } = readReference(reference)!;
    const rows = this.rows(sheet);
    rows[row - 1] ??= [];
    rows[row - 1][column - 1] = value;
  }

  remove(sheet: string): void {
    this.#sheets.delete(sheet);
  }

  removeColumn(sheet: string, title: string): void {
    const column = this.rows(sheet)[0].indexOf(title);
    for (const row of this.rows(sheet)) row.splice(column, 1);
  }

  add(sheet: string, rows: Value[][]): void {
    this.#sheets.set(sheet, rows);
  }
}
