import { own } from '../../lib/own.ts';
import { shortName } from '../../project/model-name.ts';
import type { ModelSource } from '../../project/project.ts';
import type { ModelProperties } from '../../project/properties.ts';
import { MOST_COMMENTED_COLUMNS } from '../../store/comments.ts';
import { identifier, literal, qualified } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import { statementText } from '../sql/lexer.ts';
import type { RelationKind } from './catalog.ts';

/** Lines that stand before the model's own SQL in what `buildStatement` makes. */
export const LINES_BEFORE = 1;

/** Comment of a table that is being built: a table so marked is the runner's, and left over if a run was killed. */
export const NEXT_MARK = 'Being built by the runner of models; dropped when it starts again.';

/** `sdtm._next_ae`: where a table is built before it takes its name. */
export function nextName(model: string): string {
  const dot = model.indexOf('.');
  return `${model.slice(0, dot)}._next_${model.slice(dot + 1)}`;
}

/**
 * The statement that makes the table or view of a model: its own SQL after one line of ours.
 * @param name quoted, with its schema
 */
export function buildStatement(name: string, kind: RelationKind | 'temporary', sql: string): string {
  return `${CREATE[kind]} ${name} AS\n${statementText(sql)}`;
}

const CREATE = {
  table: 'CREATE TABLE',
  view: 'CREATE OR REPLACE VIEW',
  temporary: 'CREATE OR REPLACE TEMP TABLE',
} as const;

/** What a model of that kind is in the file. */
export function relationOf({ materialized }: Pick<ModelProperties, 'materialized'>): RelationKind {
  return materialized === 'view' ? 'view' : 'table';
}

/** Gives the table built as `_next_<name>` the model's name, in place of what has it now. */
export function swapStatements(name: string, current: RelationKind | undefined): string[] {
  const drop = current === undefined ? [] : [`DROP ${current.toUpperCase()} ${qualified(name)}`];
  const short = shortName(name);
  return [...drop, `ALTER TABLE ${qualified(nextName(name))} RENAME TO ${identifier(short)}`];
}

/** A table has to go before a view can have its name; a view is replaced. */
export function dropOther(name: string, wanted: RelationKind, current: RelationKind | undefined): string[] {
  return current === undefined || current === wanted ? [] : [`DROP ${current.toUpperCase()} ${qualified(name)}`];
}

/** COMMENT statements for the table or view of a model and, unless they are too many, each of its columns. */
export function commentStatements(source: ModelSource, kind: RelationKind, columns: readonly TableColumn[]): string[] {
  const { name, properties, path } = source;
  return [
    `COMMENT ON ${kind.toUpperCase()} ${qualified(name)} IS ${literal(tableComment(source))}`,
    ...(columns.length > MOST_COMMENTED_COLUMNS ? [] : columns).map((column) => {
      const described = own(properties.columns, column.name);
      const said = sentences(described?.label, described?.comment, described?.method?.description);
      const text = said ?? own(IDENTITIES, column.name) ?? `Made by ${path}.`;
      return `COMMENT ON COLUMN ${qualified(name)}.${identifier(column.name)} IS ${literal(text)}`;
    }),
  ];
}

/** What the comment of a model's table or view says. @param more a sentence of its own */
export function tableComment({ properties, path }: ModelSource, more?: string): string {
  return sentences(sentences(properties.label, properties.comment) ?? `Made by ${path}.`, more)!;
}

const IDENTITIES: Readonly<Record<string, string>> = {
  valid_from: 'When this version of the row came to hold, UTC.',
  valid_to: 'When it held no more, UTC; NULL while it does.',
  _row: 'Identity of the record: the same in every delivery.',
  _rows:
    'Identities of the records that the row was made from, first that which it stands for (recon.record says where they are). What was only looked up, such as visits or terms, is not among them.',
};

/** Texts of a specification as one: `Start Date. As entered, partial dates kept.` */
export function sentences(...texts: (string | undefined)[]): string | undefined {
  const given = texts.filter((text) => text !== undefined);
  if (given.length < 2) return given[0];
  return given.map((text) => (/[.?!]$/.test(text) ? text : `${text}.`)).join(' ');
}
