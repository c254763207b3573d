import { WarehouseError } from '../../lib/errors.ts';
import { excerpt } from '../../lib/excerpt.ts';
import { schemaOf, shortName } from '../../project/model-name.ts';
import { placeOf, type SqlText } from '../sql/sql-error.ts';
import { nearestTable } from './nearest-table.ts';
import type { TableReference } from './references.ts';

const REF = /\bref\(\s*(['"])([^'"]+)\1\s*\)/g;

/**
 * What is wrong where a template says ref('ae') and no model has that name: `staged.ae`, which that stands for, nobody wrote.
 * undefined of any other reference.
 * @param names the tables that may be read
 */
export function unknownRef(
  text: SqlText,
  { parts, position }: TableReference,
  names: readonly string[],
): WarehouseError | undefined {
  const [schema, name] = parts;
  if (text.template === undefined || position === undefined || schema !== 'staged') return undefined;
  const line = text.template.lines[position.line - 1] ?? 1;
  const written = text.template.text.split('\n')[line - 1] ?? '';
  const call = [...written.matchAll(REF)].find((one) => one[2].toLowerCase() === name.toLowerCase());
  if (call === undefined) return undefined;
  const place = { line, column: [...written.slice(0, call.index)].length + 1 };
  const near = nearestTable([name.toLowerCase()], names, text.model === undefined ? schema : schemaOf(text.model));
  return new WarehouseError({
    kind: 'usage',
    code: 'MODEL_UNKNOWN_TABLE',
    message: `${call[0]}: no model has this name.\n${excerpt(text.template.text, place)}`,
    place: { ...placeOf(text), ...place },
    next:
      near === undefined
        ? 'Name a model of the project: see warehouse list.'
        : `Did you mean ref('${shortName(near)}')?`,
  });
}
