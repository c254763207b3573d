import type { OdmExport } from '../build/odm-export.ts';
import { bytes } from '../report/figures.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Writes ODM of what lies in raw of one file of a delivery: the proof that nothing of it was dropped. Its canonical XML is that of the file but for prefixes, the order of attributes, comments, processing instructions, white space between elements, and data of studies that were refused. The working file is read and not changed. The same delivery gives the same bytes; a file with other bytes is not replaced. FROM raw.part lists the deliveries.',
  flags: {
    ...PROJECT_FLAGS,
    delivery: { type: 'number', requiresArg: true, demandOption: true, describe: 'Number of the delivery (raw.part)' },
    part: { type: 'number', requiresArg: true, describe: 'Which of its parts, where it has several' },
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'The file to write (default: target/odm/<target>/delivery-<number>.xml)',
    },
    force: { type: 'boolean', describe: 'Replace a file that is there with other bytes' },
  },
  examples: [
    ['warehouse odm export --delivery 3', 'Into target/odm/main/delivery-3.xml'],
    ['warehouse odm export --delivery 3 --out back.xml', 'Into a file of another name'],
  ],
  async run(session, args) {
    const { delivery, part, out, force } = args as { delivery: number; part?: number; out?: string; force?: boolean };
    const options = { ...session.options, delivery, part, out, force: force === true };
    const result = await session.actions.odmExport(await session.project(), options, session.context);
    session.summarise(result, () => summaryOf(result));
    return 0;
  },
};

function summaryOf({ source, path, bytes: size, unchanged }: OdmExport): string {
  const done = unchanged ? 'stands already as' : 'written as';
  return `${printable(source)} ${done} ${printable(path)} (${bytes(size)}).\n`;
}
