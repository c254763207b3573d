import { printable } from '../report/text.ts';
import type { Command } from './command.ts';

export const command: Command = {
  about:
    'Makes a folder with a small project that builds: warehouse.yml with comments, an example model, a README. With --from, the study and the names are read from ODM files, including every StudyOID where sites pose as studies. Give it twice where definitions and data come in files of their own.',
  positionals: {
    directory: { type: 'string', required: true, describe: 'The folder to make; it must be new or empty' },
  },
  flags: {
    from: {
      type: 'array',
      string: true,
      requiresArg: true,
      describe: 'An ODM file (.xml, .xml.gz or .xml.zip) of the study; may be repeated',
    },
  },
  examples: [
    ['warehouse init vexin-03', 'An empty project'],
    ['warehouse init vexin-03 --from edc.xml', 'A project that loads a copy of edc.xml'],
  ],
  async run(session, { directory, from }) {
    const options = { from: from as readonly string[] | undefined };
    const result = await session.actions.init(directory as string, options, session.context);
    session.summarise(result, () => {
      const files = result.files.map((file) => `  ${printable(file)}\n`).join('');
      const next = `warehouse build --project ${shellWord(printable(directory as string))}`;
      return `Made ${printable(result.root)}:\n${files}Next: ${next}\n  (in a clone of the repository: npx ${next})\n`;
    });
    return 0;
  },
};

function shellWord(text: string): string {
  return /^[\w./~+@%:,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
