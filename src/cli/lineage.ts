import type { ClassifiedNode } from '../build/lineage.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Shows what a column of a model comes from, through all models between, as the last run found it: copy is the value unchanged, derived is computed, by order rows are only parted or ordered; in brackets how it is classified, if it is more than none. Of a model it shows every column, and under (rows) what decides which rows there are. Where that cannot be told it says unknown, and why. The same is in recon.column_lineage and recon.column_origin.',
  positionals: { name: { type: 'string', required: true, describe: 'schema.model or schema.model.column' } },
  flags: { ...PROJECT_FLAGS, downstream: { type: 'boolean', describe: 'What comes from it instead' } },
  examples: [
    ['warehouse lineage sdtm.ae.AESTDTC', 'The items and columns that the date comes from'],
    ['warehouse lineage --downstream raw.item_data.IT.AE.AESTDAT', 'What is made of an item'],
  ],
  async run(session, args) {
    const options = { ...session.options, of: args.name as string, downstream: args.downstream === true };
    const result = await session.actions.lineage(await session.project(), options, session.context);
    session.show(result, () => result.lineage.map((node) => `${linesOf(node, 0).join('\n')}\n`).join(''));
    return 0;
  },
};

function linesOf(node: ClassifiedNode, depth: number): string[] {
  const kind = node.kind === null || node.table === null ? '' : `  ${node.kind}`;
  const above = node.repeated ? ', as above' : '';
  const classification = node.classification === undefined ? '' : `  [${node.classification}]`;
  const line = `${'  '.repeat(depth)}${printable(nameOf(node))}${kind}${classification}${above}`;
  return [line, ...node.next.flatMap((next) => linesOf(next, depth + 1))];
}

function nameOf({ table, column, kind, reason }: ClassifiedNode): string {
  if (table === null) return reason === null ? String(kind) : `${kind}: ${reason}`;
  return column === null ? `${table} (rows)` : `${table}.${column}`;
}
