import { Dictionary } from '../../../dist/odm/dictionary.js';
import { OdmReader } from '../../../dist/odm/reader.js';

/**
 * Reads a document that is described as JSON, `{before, piece, times, after}`, where # in the piece is a number of its own,
 * without ever holding it; writes what became of it, as JSON, with the most memory that this process had, in MB.
 */
const { before, piece, times, after } = JSON.parse(process.argv[2]);
const CHUNK = 1 << 20;

function* chunks() {
  yield Buffer.from(before);
  if (piece.includes('#')) {
    const [start, ...rest] = piece.split('#');
    for (let at = 0; at < times; ) {
      const pieces = [];
      for (let length = 0; length < CHUNK && at < times; at++) {
        const text = start + rest.map((part) => at + part).join('');
        pieces.push(text);
        length += text.length;
      }
      yield Buffer.from(pieces.join(''));
    }
  } else {
    const bytes = Buffer.from(piece);
    const whole = Buffer.alloc(Math.max(1, Math.floor(CHUNK / bytes.length)) * bytes.length, bytes);
    for (let left = times * bytes.length; left > 0; left -= whole.length) yield whole.subarray(0, left);
  }
  yield Buffer.from(after);
}

let rows = 0;
let became = 'read';
const reader = new OdmReader({
  engine: 'tokenizer',
  system: 'edc',
  environment: 'Prod',
  study: 'S',
  firstKey: 1,
  dictionary: new Dictionary(),
  onBatch: ({ length }) => {
    rows += length;
  },
  onDefinition: () => {},
});
const started = process.cpuUsage().user;
try {
  for (const chunk of chunks()) reader.write(chunk);
  reader.end();
} catch (error) {
  became = error.code ?? String(error);
}
const seconds = (process.cpuUsage().user - started) / 1e6;
process.stdout.write(JSON.stringify({ became, rows, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
