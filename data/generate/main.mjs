// @ts-check
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { largeSnapshot } from './edc/documents.mjs';
import { write } from './lib/write.mjs';
import { sources } from './sources.mjs';

const HELP = `Writes the sources of the demonstration study VEXIN-03.

  npm run demo:generate -- [--subjects N] [--seed S] [--out DIR] [--megabytes M]

  --subjects N   women screened (260)
  --seed S       a whole number (3); the same seed gives the same bytes
  --out DIR      folder to write to (data/sources)
  --megabytes M  only a snapshot of the EDC of about M megabytes, with an audit record on every item,
                 to DIR/edc/vexin03_benchmark.xml
`;

class UsageError extends Error {}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 */
function wholeNumber(name, text, least) {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new UsageError(`--${name} must be a whole number of at least ${least}, not '${text}'`);
  return Number(text);
}

/** @param {string[]} args */
function flags(args) {
  try {
    return parseArgs({
      args,
      options: {
        subjects: { type: 'string', default: '260' },
        seed: { type: 'string', default: '3' },
        out: { type: 'string', default: 'data/sources' },
        megabytes: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/** @param {string[]} args */
async function main(args) {
  const values = flags(args);
  if (values.help) return process.stdout.write(HELP);
  const seed = wholeNumber('seed', values.seed, 0);
  const subjects = wholeNumber('subjects', values.subjects, 1);
  const files =
    values.megabytes === undefined
      ? sources(seed, subjects)
      : benchmark(seed, wholeNumber('megabytes', values.megabytes, 1));
  for (const [name, text] of files) {
    await write(join(values.out, ...name.split('/')), text);
    process.stdout.write(`${name}\n`);
  }
}

/**
 * @param {number} seed
 * @param {number} megabytes
 * @returns {[string, Iterable<string>][]}
 */
const benchmark = (seed, megabytes) => [['edc/vexin03_benchmark.xml', largeSnapshot(seed, megabytes * 1_000_000)]];

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
