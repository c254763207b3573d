import { realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { allEntriesOf, type Entry, readText } from './files.ts';
import { kindOf } from './glob.ts';
import { assertStaysInside } from './links.ts';
import { type Problem, problemOf } from './problem.ts';
import type { SqlFile } from './sql-file.ts';

/** The folders of what a project is written in. */
export const TEXT_FOLDERS = ['models', 'seeds', 'macros', 'rules', 'qc', 'tests'] as const;

export interface TextFiles {
  /** Relative to the project, each folder in the order of its names. */
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * All files in one of these folders and below, links to folders of the project followed. What is there and cannot be
 * read as a file is a problem, and never passed over: a model or a test that it stands for would be gone without a word.
 */
export async function textFiles(root: string, folder: (typeof TEXT_FOLDERS)[number]): Promise<TextFiles> {
  const entry = (await allEntriesOf(root, '')).find(({ name }) => name === folder);
  return entry === undefined ? { paths: [], problems: [] } : reached(root, folder, entry, []);
}

/** @param above the folders on the way, as they are without links: none is gone through twice. */
async function reached(root: string, path: string, entry: Entry, above: readonly string[]): Promise<TextFiles> {
  const problem = problemAt(root, path, entry);
  if (problem !== undefined) return { paths: [], problems: [problem] };
  if (!entry.isDirectory) return { paths: [path], problems: [] };
  const own = realpathSync(join(root, path));
  if (above.includes(own)) return { paths: [], problems: [] };
  const entries = await allEntriesOf(root, path);
  const found = await Promise.all(entries.map((one) => reached(root, `${path}/${one.name}`, one, [...above, own])));
  return { paths: found.flatMap(({ paths }) => paths), problems: found.flatMap(({ problems }) => problems) };
}

/** What a file is called that is read. */
const TEXT = /\.(sql|ya?ml|csv)$/i;

function problemAt(root: string, path: string, { isFile, isDirectory, isLink }: Entry): Problem | undefined {
  try {
    if (isLink) assertStaysInside(root, path);
  } catch (error) {
    return problemOf(error);
  }
  if (isFile || (isDirectory && !TEXT.test(path))) return undefined;
  return {
    kind: 'usage',
    code: 'NOT_A_FILE',
    message: `This is ${kindOf(statSync(join(root, path)))}, and a file is meant.`,
    place: { file: path },
    next: 'Put the file in its place, or take it away.',
  };
}

/**
 * Reads those of these files that end in `.sql`, by path.
 * @param misnamed what is said of one that ends so in other letters, `code` and `message`
 */
export async function readSqlFiles(
  root: string,
  paths: readonly string[],
  misnamed: Pick<Problem, 'code' | 'message'>,
): Promise<{ files: readonly SqlFile[]; problems: readonly Problem[] }> {
  const files: SqlFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths.filter((one) => /\.sql$/i.test(one))) {
    if (!path.endsWith('.sql')) {
      const next = `Rename it to ${path.replace(/sql$/i, 'sql')}.`;
      problems.push({ kind: 'usage', ...misnamed, place: { file: path }, next });
    } else {
      const read = await readText(root, path).catch(problemOf);
      if (typeof read === 'string') files.push({ name: basename(path, '.sql'), path, sql: read });
      else problems.push(read);
    }
  }
  return { files, problems };
}
