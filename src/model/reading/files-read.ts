import type { WarehouseError } from '../../lib/errors.ts';
import { refusedAt, SEEDS_ONLY, type SqlText } from '../sql/sql-error.ts';
import type { FileReference, MachineReference } from './references.ts';
import type { SeedFiles } from './seed-files.ts';

/** What SQL reads of files, through macros too. */
interface FilesNamed {
  readonly files: readonly FileReference[];
  readonly ofMachine: readonly MachineReference[];
}

/**
 * The SHA-256 of each seed that SQL reads, by its path from the project.
 * @throws usage MODEL_FILE: a file that is no seed, one in whose place another would be read, a computed path, or what of a file is not in it. What is read there
 * is not part of any fingerprint, or not the same on every machine.
 */
export async function seedsRead(text: SqlText, { files, ofMachine }: FilesNamed, seeds: SeedFiles) {
  const [told] = ofMachine;
  if (told !== undefined) throw refused(text, told, `${told.what} ${TELLS}.`, WHAT_IT_HOLDS);
  const read = files.map((file) => {
    const seed = seeds.named(file);
    if (seed !== undefined && seeds.isHidden(file)) throw hidden(text, seed);
    if (seed !== undefined) return seed;
    if (file.path === undefined) throw refused(text, file, 'The path of a file is computed.', IN_FULL);
    throw refused(text, file, `SQL may not read the file '${file.path}'.`, SEEDS_ONLY);
  });
  return seeds.hashes(read);
}

/** Told without a line: the SQL of a seed is not what stands in its file. */
function hidden(text: SqlText, seed: string): WarehouseError {
  return refusedAt(text, undefined, {
    kind: 'usage',
    code: 'MODEL_FILE',
    message: `The folder in which the command was started has a file ${seed} too, and DuckDB would read that one.`,
    next: 'Start the command in the folder of the project, or in one without such a file.',
  });
}

/**
 * A view is computed by who reads it: in `query` and `verify`, which read no other file, and in the published file, far
 * from data/.
 * @throws usage MODEL_FILE.
 */
export function refuseFilesInView(text: SqlText, [file]: readonly FileReference[]): void {
  if (file === undefined) return;
  const message = `A view cannot read the file '${file.path}': it is not there for those who read the published file.`;
  throw refused(text, file, message, 'Say materialized: table in its properties.');
}

const TELLS = 'tells where a file lies, when it was written or how, which is not the same on every machine';
const WHAT_IT_HOLDS =
  'Read what the file holds, with read_csv, read_json or read_parquet; give a column of its own another name than filename.';
const IN_FULL = "Write it in full where it is read: read_csv('data/ref/visits.csv').";

function refused(
  text: SqlText,
  { position }: MachineReference | FileReference,
  message: string,
  next: string,
): WarehouseError {
  return refusedAt(text, position, { kind: 'usage', code: 'MODEL_FILE', message, next });
}
