import { Document, isScalar, visit } from 'yaml';

/** What `readYaml` takes for a value of the environment where it does not stand in single quotes. */
const ENVIRONMENT = /^\$\{[^}\p{Cc}]*\}$/u;

/** A value as YAML in lines, with a line break at the end: read again, it is the same value. */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, version: '1.2' });
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string' && ENVIRONMENT.test(node.value)) node.type = 'QUOTE_SINGLE';
    },
  });
  return document.toString({ lineWidth: 0, minContentWidth: 0 });
}

/** A value as YAML on one line, as it may stand within brackets: `{ to: sdtm.dm, column: USUBJID }`, `[F, M]`. */
export function yamlLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalarText(value);
  const pairs = Object.entries(value).map(([key, below]) => `${scalarText(key)}: ${yamlLine(below)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** Needs no quotes anywhere, unless YAML reads it as something else than text. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./()-]+)*$/;

/** A single value on one line, wherever it stands. */
export function scalarText(value: unknown): string {
  if (typeof value !== 'string') return yamlText(value).trimEnd();
  if (ENVIRONMENT.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return PLAIN.test(value) && yamlText(value).trimEnd() === value ? value : JSON.stringify(value);
}
