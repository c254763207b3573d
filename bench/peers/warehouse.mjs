// Ours, with both engines.
import { script } from '../files.mjs';

const engine = (name, label) => ({
  name,
  label,
  absent: () => undefined,
  parse: (file) => [process.execPath, script('ingest-once.mjs'), `parse ${name}`, file],
  load: (file) => [process.execPath, script('ingest-once.mjs'), `load ${name}`, file],
});

export const WAREHOUSE = [engine('tokenizer', 'warehouse'), engine('sax', 'warehouse with sax')];
