import { schemaOf, shortName } from '../../project/model-name.ts';
import { nearest } from '../../project/nearest.ts';

/**
 * The table that was meant where none has the name: one of the same name in another schema; else one of a like name, in the
 * schema that was written if there is such a one. Of several, that of the schema written, of the schema of who reads, of staged.
 *
 * @param local `schema.name` or `name`, in lower case
 * @param names the tables that may be read
 * @param reader the schema of who reads
 */
export function nearestTable(local: readonly string[], names: Iterable<string>, reader: string): string | undefined {
  const short = local.at(-1)!;
  const first = [...local.slice(0, -1), reader, 'staged'];
  // What only the warehouse itself reads begins with _.
  const known = [...names].filter((name) => !name.includes('._')).sort();
  const ranked = [
    ...new Set([...first.flatMap((schema) => known.filter((name) => schemaOf(name) === schema)), ...known]),
  ];
  const called = (name: string | undefined) => ranked.find((one) => shortName(one) === name);
  const beside = known.filter((name) => schemaOf(name) === local.at(-2));
  return (
    called(short) ??
    beside.find((one) => shortName(one) === nearest(short, beside.map(shortName))) ??
    called(nearest(short, ranked.map(shortName)))
  );
}
