import type { Problem } from './problem.ts';
import { textFiles } from './text-files.ts';
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
  folder: 'rules' | 'qc',
  { misnamed, withoutSql }: SqlFolderProblems,
): Promise<{ found: SqlWithProperties[]; problems: Problem[] }> {
  const files = await textFiles(root, folder);
  const paths = new Set(files.paths);
  const found: SqlWithProperties[] = [];
  const problems = [...files.problems];
  for (const path of files.paths.filter((one) => /\.(sql|ya?ml)$/i.test(one))) {
    const [name, ending] = path.slice(folder.length + 1).split('.');
    const [sql, yml] = [`${folder}/${name}.sql`, `${folder}/${name}.yml`];
    if (!NAME.test(name) || !(path === sql || path === yml)) {
      problems.push(misnamed(path));
    } else if (ending === 'sql') {
      found.push({ name, path, ...(paths.has(yml) && { yml }) });
    } else if (!paths.has(sql)) {
      problems.push(withoutSql(name, path));
    }
  }
  return { found, problems };
}
