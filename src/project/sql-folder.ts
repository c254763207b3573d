import { entriesOf } from './files.ts';
import type { Problem } from './problem.ts';
import { NAME } from './vocabulary.ts';

/** `rules/ae.sql`, and `rules/ae.yml` beside it. */
export interface SqlWithProperties {
  readonly name: string;
  readonly path: string;
  readonly yml?: string;
}

/** What is said of files that are not such. */
export interface SqlFolderProblems {
  /** Of one that is called or placed otherwise than `<folder>/<name>.sql` or `.yml`. */
  readonly misnamed: (path: string) => Problem;
  /** Of properties without their SQL. */
  readonly withoutSql: (name: string, path: string) => Problem;
}

/** Finds `<folder>/<name>.sql` and the .yml beside each, in the order of their names. */
export async function findSqlFolder(
  root: string,
  folder: string,
  { misnamed, withoutSql }: SqlFolderProblems,
): Promise<{ found: SqlWithProperties[]; problems: Problem[] }> {
  const files = (await entriesOf(root, folder)).filter(({ name }) => /\.(sql|ya?ml)$/i.test(name));
  const names = new Set(files.map(({ name }) => name));
  const found: SqlWithProperties[] = [];
  const problems: Problem[] = [];
  for (const { name: file, isDirectory } of files) {
    const [name, ending] = file.split('.');
    const path = `${folder}/${file}`;
    if (isDirectory || !NAME.test(name) || !(file === `${name}.sql` || file === `${name}.yml`)) {
      problems.push(misnamed(path));
    } else if (ending === 'sql') {
      found.push({ name, path, ...(names.has(`${name}.yml`) && { yml: `${folder}/${name}.yml` }) });
    } else if (!names.has(`${name}.sql`)) {
      problems.push(withoutSql(name, path));
    }
  }
  return { found, problems };
}
