import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { WarehouseError } from '../lib/errors.ts';
import { bytes, counted } from '../report/figures.ts';
import type { DebugCheck } from './check.ts';
import { givenStamp } from './stamp.ts';

/** What of the machine decides whether a build can run. */
export interface Machine {
  /** Of Node: `20.19.1`. */
  readonly node: string;
  readonly threads: number;
  /** Bytes that processes may have here, and that they could have now. */
  readonly memory: { readonly total: number; readonly available: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeZone: string;
}

export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  // Without a limit of its own the system gives 0 or a number beyond all memory.
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return {
    node: process.versions.node,
    threads: availableParallelism(),
    memory: { total, available: Math.min(total, availableMemory()) },
    environment: process.env,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** What the system could free counts as there; only Linux tells it. */
function availableMemory(): number {
  try {
    const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
  } catch {
    return freemem();
  }
}

export function nodeCheck({ node }: Pick<Machine, 'node'>): DebugCheck {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const isSupported = satisfies(node, engines.node);
  const detail = `Node ${node}; supported are ${engines.node}`;
  if (isSupported) return { name: 'node', ok: true, detail };
  return { name: 'node', ok: false, kind: 'fault', detail, next: 'Install one of these versions of Node.' };
}

/** Whether a version is in a range as package.json has them here: `^20.19.0 || >=24`. */
export function satisfies(version: string, range: string): boolean {
  const found = numbersOf(version);
  return range.split('||').some((one) => {
    const least = numbersOf(one);
    return !isLess(found, least) && (!one.includes('^') || found[0] === least[0]);
  });
}

const numbersOf = (text: string) => [0, 1, 2].map((i) => Number(text.match(/\d+/g)?.[i] ?? 0));

function isLess(one: readonly number[], other: readonly number[]): boolean {
  const i = one.findIndex((number, place) => number !== other[place]);
  return i >= 0 && one[i] < other[i];
}

/** The binding is a library of the machine's own kind: it may be missing, or of another version. */
export async function duckdbCheck(): Promise<DebugCheck> {
  try {
    const { assertVersion, DUCKDB_VERSION } = await import('../store/warehouse-file.ts');
    assertVersion();
    return { name: 'duckdb', ok: true, detail: `DuckDB ${DUCKDB_VERSION}` };
  } catch (error) {
    const { message, next } =
      error instanceof WarehouseError
        ? error
        : {
            message: `Its library cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
            next: `Install the packages on this machine, of its own kind (${process.platform}, ${process.arch}): npm ci.`,
          };
    return { name: 'duckdb', ok: false, kind: 'fault', detail: message, next };
  }
}

/** A build of 2 GB of ODM was measured to take less (bench/README.md). */
const ENOUGH_MEMORY = 1e9;

export function memoryCheck({
  memory: { total, available },
  threads,
}: Pick<Machine, 'memory' | 'threads'>): DebugCheck {
  const detail = `${bytes(available)} of ${bytes(total)} are free; ${counted(threads, 'thread')}`;
  if (available >= ENOUGH_MEMORY) return { name: 'memory', ok: true, detail };
  const next = `A build of 2 GB of ODM takes about ${bytes(ENOUGH_MEMORY)}: close other programs, or give it fewer threads (--threads 1).`;
  return { name: 'memory', ok: true, detail, next };
}

export function clockCheck({ environment, timeZone }: Pick<Machine, 'environment' | 'timeZone'>): DebugCheck {
  const name = 'time';
  try {
    const stamp = givenStamp(environment.SOURCE_DATE_EPOCH);
    const said =
      stamp === undefined
        ? 'SOURCE_DATE_EPOCH is not set: stamps of exports are 1960-01-01'
        : `stamps of exports are ${stamp.toISOString()}`;
    return { name, ok: true, detail: `${timeZone} here, UTC in the warehouse; ${said}` };
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    return { name, ok: false, kind: error.kind, detail: `${error.code}: ${error.message}`, next: error.next };
  }
}
