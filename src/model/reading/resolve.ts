import { WarehouseError } from '../../lib/errors.ts';
import { schemaOf } from '../../project/model-name.ts';
import { QC } from '../../project/qc.ts';
import { ARRIVED, OUTCOME_SCHEMAS } from '../../project/reserved-schemas.ts';
import { RULES } from '../../project/rules.ts';
import { type errorAt, refusedAt, type SqlText } from '../sql/sql-error.ts';
import { nearestTable } from './nearest-table.ts';
import type { TableReference } from './references.ts';
import { unknownRef } from './unknown-ref.ts';

/** The tables that SQL may read: models and what else the file holds, as lower-case `schema.name`. */
export interface KnownTables {
  readonly names: ReadonlySet<string>;
  /** Name of the database, which a reference may begin with. */
  readonly database: string;
  /** Models of this and former builds: those that are not among the names are no more. */
  readonly former?: ReadonlySet<string>;
}

/**
 * The `schema.name` that each reference means, in order of names, each once. A name without a schema is one of `main`.
 * @throws usage MODEL_UNKNOWN_TABLE, with the nearest name that is known; MODEL_READS_OUTCOME for a table that tells
 * what models came to; RULE_READS for a rule that reads what is made of staged.
 */
export function resolveTables(text: SqlText, tables: readonly TableReference[], known: KnownTables): string[] {
  return [...new Set(tables.map((table) => resolveTable(text, table, known)))].sort();
}

/** The `schema.name` that a reference means, in lower case. One to another database has no such name, and keeps three parts. */
export function localName(parts: readonly string[], database?: string): string {
  const lower = parts.map((part) => part.toLowerCase());
  const local = lower.length === 3 && lower[0] === database?.toLowerCase() ? lower.slice(1) : lower;
  return local.length === 1 ? `main.${local[0]}` : local.join('.');
}

function resolveTable(text: SqlText, table: TableReference, { names, database, former }: KnownTables): string {
  const { parts } = table;
  const name = localName(parts, database);
  const written = parts.join('.');
  if (isOutcome(name)) throw refused(text, table, outcomeDetail(written));
  if (names.has(name)) {
    if (isRule(text) && !READ_BY_RULES.includes(schemaOf(name))) throw refused(text, table, ruleDetail(written));
    return name;
  }
  if (former?.has(name)) throw refused(text, table, removedDetail(name));
  const lastTwo = parts.slice(-2).map((part) => part.toLowerCase());
  const others = [...names].filter(mayRead(text));
  const ofRef = unknownRef(text, table, others);
  if (ofRef !== undefined) throw ofRef;
  const near = nearestTable(lastTwo, others, text.model === undefined ? 'staged' : schemaOf(text.model));
  const detail = {
    kind: 'usage',
    code: 'MODEL_UNKNOWN_TABLE',
    message: `There is no model and no table ${written}.`,
    next: near === undefined ? 'Name a model of the project or a table of the file.' : `Did you mean ${near}?`,
  } as const;
  throw refused(text, table, detail);
}

/** At its place in the SQL, or where it is declared. */
function refused(text: SqlText, { position, place }: TableReference, detail: Detail): WarehouseError {
  if (place === undefined) return refusedAt(text, position, detail);
  return new WarehouseError({ ...detail, place: { model: text.model, ...place } });
}

/** Whether the text is a rule of rules/: it is about what arrived, and made before the models that are made of that. */
const isRule = ({ model }: SqlText) => model?.startsWith('rules.') ?? false;

const READ_BY_RULES: readonly string[] = ['staged', ...ARRIVED, RULES];

/** Whether a table tells what models and their tests came to: in the first build there is none. */
const isOutcome = (name: string) => OUTCOME_SCHEMAS.includes(schemaOf(name));

/** Whether there is no rule against it: second versions are there to be compared only, and nothing reads itself. */
export const mayRead = (text: SqlText) => (name: string) =>
  !isOutcome(name) &&
  name !== text.model &&
  schemaOf(name) !== QC &&
  (!isRule(text) || READ_BY_RULES.includes(schemaOf(name)));

type Detail = Parameters<typeof errorAt>[2];

function outcomeDetail(written: string): Detail {
  return {
    kind: 'usage',
    code: 'MODEL_READS_OUTCOME',
    message: `${written} tells what models and tests came to, and is made after them: none of them can read it.`,
    next: 'Read staged, or state and raw. What recon and run say is there for warehouse query and the published file.',
  };
}

function ruleDetail(written: string): Detail {
  return {
    kind: 'usage',
    code: 'RULE_READS',
    message: `A rule cannot read ${written}: it is about what arrived, and is made before the models.`,
    next: 'Read staged, state, raw or meta. What must hold of a model is a test: in its properties, or in tests/.',
  };
}

function removedDetail(name: string): Detail {
  return {
    kind: 'usage',
    code: 'MODEL_UNKNOWN_TABLE',
    message: `${name} is no model any more: no file of the project defines it.`,
    next: `Put models/${name.replace('.', '/')}.sql back, or no longer read it here.`,
  };
}
