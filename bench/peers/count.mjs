// How many items, and how many of them have a value: `count.mjs FILE`. Prints JSON.
import { createReadStream } from 'node:fs';
import { Dictionary } from '../../dist/odm/dictionary.js';
import { OdmReader } from '../../dist/odm/reader.js';

let values = 0;
const reader = new OdmReader({
  engine: 'tokenizer',
  system: 'edc',
  environment: 'Prod',
  study: 'BENCH',
  firstKey: 1,
  dictionary: new Dictionary(),
  onBatch({ table, columns, length }) {
    if (table.name !== 'item_data') return;
    const { validity } = columns.find(({ layout }) => layout.name === 'value');
    for (let row = 0; row < length; row++) values += (validity[row >> 3] >> (row & 7)) & 1;
  },
});
for await (const chunk of createReadStream(process.argv[2])) reader.write(chunk);
process.stdout.write(JSON.stringify({ items: reader.end().counts.ItemData, values }));
