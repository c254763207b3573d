import { EXIT_CODE, exitCodeFor, type WarehouseError } from '../lib/errors.ts';
import { listed } from '../lib/listed.ts';
import { type CheckCounts, checkTexts } from './checks.ts';
import { count, counted, duration } from './figures.ts';
import { table } from './table.ts';
import { styled, type Terminal } from './terminal.ts';
import { printable } from './text.ts';

export type ModelState = 'built' | 'skipped' | 'failed' | 'blocked' | 'dropped';

/** A test that warned or failed, and the table that keeps the rows it found. */
export interface FoundByTest {
  readonly name: string;
  readonly model: string;
  readonly state: string;
  readonly rows: number | bigint;
  readonly table?: string;
  /** Of the error, where it could not be run. */
  readonly code?: string;
}

export interface UnreadCounts {
  readonly unconverted: number;
  /** Those that were not there before; absent where that is not known. */
  readonly newlyUnconverted?: number;
  readonly undecoded: number;
  readonly undecodedCodes: number;
  /** Records that no key in staged tells from another, and items that no definition has, with their values. */
  readonly alike?: number;
  readonly undefinedItems?: number;
  readonly undefinedValues?: number;
}

/** What a build did, as far as its closing summary goes. */
export interface BuildOutcome {
  readonly deliveries: readonly { source: string; name: string; items: number | bigint; ms: number }[];
  readonly models: readonly { name: string; state: ModelState; rows?: number; ms: number; error?: WarehouseError }[];
  readonly tests: {
    passed: number;
    warned: number;
    failed: number;
    found: readonly FoundByTest[];
    /** Tests that were not run, because something that they read was not made. */
    notRun: readonly { name: string; model: string }[];
    /** Tests that had no need to be run, and those of them whose warning stands. */
    unchanged: number;
    standing: readonly FoundByTest[];
  };
  /** The models that have a second version, and whether both give the same. */
  readonly validations: readonly { model: string; isValidated: boolean }[];
  /** Values that stand in staged as text alone, because they do not convert or have no decode. */
  readonly unread: UnreadCounts;
  readonly checks: CheckCounts;
  /** Those that are unchanged were there already, byte for byte. */
  readonly exports: readonly { path: string; rows: number | bigint; unchanged?: boolean }[];
  readonly publications: readonly { name: string; path: string }[];
  /** Why something was not exported or not published, and the error, if it was one. */
  readonly withheld?: { reason: string; error?: WarehouseError };
  /** Where it became a release: the files, and the record of the ledger that says so. */
  readonly released?: { files: number; record: number };
  readonly ms: number;
}

/** The closing summary of a build, or of a part of one: deliveries, rows by model, tests, time, where the files are. */
export function buildSummary(outcome: Partial<BuildOutcome> & Pick<BuildOutcome, 'ms'>, terminal: Terminal): string {
  const { deliveries = [], models, tests, publications = [], exports = [], ms } = outcome;
  const width = terminal.columns;
  const parts: string[] = [];
  if (deliveries.length > 0) {
    const rows = deliveries.map(({ source, name, items, ms }) => [source, name, Number(items), duration(ms)]);
    parts.push(table(['source', 'delivery', 'items', 'time'], rows, { width }));
  }
  const changed = models?.filter(({ state }) => state !== 'skipped') ?? [];
  if (changed.length > 0) {
    // What failed or was blocked has made no rows: those that it is said to have are of the table before.
    const made = ({ state, rows }: (typeof changed)[number]) => (state === 'built' ? (rows ?? null) : null);
    const rows = changed.map((model) => [model.name, model.state, made(model), duration(model.ms)]);
    parts.push(table(['model', 'state', 'rows', 'time'], rows, { width }));
  }
  const lines: string[] = [];
  if (outcome.deliveries && deliveries.length === 0) lines.push('loaded     nothing new');
  if (models) lines.push(`models     ${modelCounts(models)}`);
  if (tests)
    lines.push(
      `tests      ${testCounts(tests, terminal)}`,
      ...foundLines([...tests.found, ...tests.standing], terminal),
    );
  if (outcome.validations?.length) lines.push(`validated  ${validatedCounts(outcome.validations)}`);
  if (outcome.unread) lines.push(...unreadTexts(outcome.unread).map(seeLine));
  if (outcome.checks) lines.push(...checkTexts(outcome.checks).map(seeLine));
  for (const { name, path } of publications) lines.push(`published  ${printable(path)} (${name})`);
  if (exports.length > 0) lines.push(`exported   ${exportCounts(exports)} in ${folderOf(exports)}`);
  if (outcome.released) lines.push(releasedLine(outcome.released));
  if (outcome.withheld) lines.push(`withheld   ${printable(outcome.withheld.reason)}`);
  lines.push(`time       ${duration(ms)}`);
  parts.push(lines.map((line) => `${line}\n`).join(''));
  return parts.join('\n');
}

/** 3 (data) where a model or a test failed, or checks stop, that of the error of an export or publication, else 0. */
export function exitCodeOf({
  models,
  tests,
  checks,
  withheld,
}: Pick<BuildOutcome, 'models' | 'tests' | 'withheld'> & Partial<Pick<BuildOutcome, 'checks'>>): number {
  const isBad =
    tests.failed > 0 ||
    (checks?.stopping.length ?? 0) > 0 ||
    models.some(({ state }) => state === 'failed' || state === 'blocked');
  if (isBad) return EXIT_CODE.data;
  return exitCodeFor(withheld?.error);
}

const STATES: readonly ModelState[] = ['built', 'skipped', 'failed', 'blocked', 'dropped'];

function modelCounts(models: BuildOutcome['models']): string {
  const counts = STATES.map((state) => [state, models.filter((model) => model.state === state).length] as const);
  const said = counts.filter(([state, many]) => many > 0 || state === 'built');
  return said.map(([state, many]) => `${count(many)} ${state === 'skipped' ? 'unchanged' : state}`).join(', ');
}

/** `2 of 3 models of qc/, not sdtm.ae` */
function validatedCounts(validations: BuildOutcome['validations']): string {
  const open = validations.filter(({ isValidated }) => !isValidated).map(({ model }) => model);
  const said = `${count(validations.length - open.length)} of ${counted(validations.length, 'model')} of qc/`;
  return open.length === 0 ? said : `${said}, not ${listed(open)}`;
}

/** A line for each test that found something, never cut: `warehouse query "FROM failures...."` shows the rows. */
function foundLines(found: readonly FoundByTest[], terminal: Terminal): string[] {
  return found.map(({ name, model, state, rows, table, code }) => {
    const word = styled(terminal, state === 'failed' ? 'red' : 'yellow', state.padEnd(9));
    const kept = table === undefined ? '' : `, kept in ${table}`;
    const found = code === undefined ? `${counted(rows, 'row')}${kept}` : `could not be run (${code})`;
    return `${word}  ${printable(`${name} of ${model || 'tests/'}: ${found}`)}`;
  });
}

/** What is to be said of values that stand as text alone, and the view that lists them; nothing where there are none. */
export function unreadTexts(unread: UnreadCounts): { label: string; text: string; view: string }[] {
  const { unconverted, newlyUnconverted, undecoded, undecodedCodes } = unread;
  const { alike = 0, undefinedItems = 0, undefinedValues = 0 } = unread;
  const fresh = newlyUnconverted === undefined ? '' : ` (${count(newlyUnconverted)} new)`;
  const failed = `${counted(unconverted, 'value')}${fresh} failed`;
  const none = `none for ${counted(undecoded, 'value')} (${counted(undecodedCodes, 'code')})`;
  const same = `${counted(alike, 'record')} have the same keys in staged as another`;
  const unknown = `${counted(undefinedItems, 'item')} (${counted(undefinedValues, 'value')}) ${undefinedItems === 1 ? 'has' : 'have'} no definition`;
  return [
    ...(unconverted > 0 ? [{ label: 'conversion', text: failed, view: 'recon.conversion_failures' }] : []),
    ...(undecoded > 0 ? [{ label: 'decodes', text: none, view: 'recon.undecoded' }] : []),
    ...(undefinedItems > 0 ? [{ label: 'undefined', text: unknown, view: 'recon.undefined_items' }] : []),
    ...(alike > 0 ? [{ label: 'alike', text: same, view: 'recon.alike' }] : []),
  ];
}

const releasedLine = ({ files, record }: NonNullable<BuildOutcome['released']>) =>
  `released   ${counted(files, 'file')}, each with the SHA-256 of its record (record ${count(record)} of the ledger)`;

const seeLine = ({ label, text, view }: Readonly<Record<'label' | 'text' | 'view', string>>) =>
  `${label.padEnd(10)} ${text}, see ${view}`;

function testCounts(tests: BuildOutcome['tests'], terminal: Terminal): string {
  const parts = [`${count(tests.passed)} passed`];
  if (tests.warned > 0) parts.push(styled(terminal, 'yellow', `${count(tests.warned)} warned`));
  if (tests.failed > 0) parts.push(styled(terminal, 'red', `${count(tests.failed)} failed`));
  if (tests.unchanged > 0) parts.push(`${count(tests.unchanged)} unchanged`);
  if (tests.standing.length > 0) parts.push(styled(terminal, 'yellow', `${count(tests.standing.length)} still warn`));
  const notRun = tests.notRun.map(({ name, model }) => printable(`${name} of ${model}`));
  if (notRun.length > 0)
    parts.push(`${styled(terminal, 'yellow', `${count(notRun.length)} not run`)}: ${listed(notRun)}`);
  return parts.join(', ');
}

function exportCounts(exports: BuildOutcome['exports']): string {
  const unchanged = exports.filter((file) => file.unchanged).length;
  const written = counted(exports.length - unchanged, 'file');
  return unchanged === 0 ? written : `${written}, ${count(unchanged)} unchanged`;
}

/** The folder that all the files are below. */
function folderOf(files: readonly { path: string }[]): string {
  const [first, ...others] = files.map(({ path }) => path.split('/').slice(0, -1));
  const differs = (step: string, i: number) => others.some((other) => other[i] !== step);
  const end = first.findIndex(differs);
  return printable(`${(end < 0 ? first : first.slice(0, end)).join('/') || '.'}/`);
}
