import { counted } from '../report/figures.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { CHECKPOINT_FLAG, PROJECT_FLAGS } from './flags.ts';

export const command: Command = {
  about:
    'Signs how far the ledger goes and what is in it: a few lines of text (a C2SP signed note) that show, wherever they are kept, whether a record was later changed or cut off. Keep them where those who can write to .warehouse cannot: with the sponsor, in a mailbox, in another version control. A ledger that does not verify, or does not continue the checkpoints given, is not signed. The key is Ed25519, in PEM or as a note key, from --key-file or from the environment (WAREHOUSE_SIGNING_KEY, WAREHOUSE_SIGNING_KEY_FILE); it is never printed.',
  flags: {
    ...PROJECT_FLAGS,
    out: { type: 'string', requiresArg: true, describe: 'A new file to write it to (default: print it)' },
    'key-file': {
      type: 'string',
      requiresArg: true,
      describe: 'File of the private key, which only its owner may open',
    },
    name: {
      type: 'string',
      requiresArg: true,
      describe: 'Name of the ledger, such as example.com/vexin-03 (default: that of the key or of the project)',
    },
    ...CHECKPOINT_FLAG,
  },
  examples: [
    ['warehouse checkpoint --key-file key.pem --out march.txt', 'To a file, to be sent away'],
    ['warehouse checkpoint | mail -s checkpoint qa@example.com', 'With the key of the environment'],
  ],
  async run(session, args) {
    const { out, 'key-file': keyFile, name } = args as { out?: string; 'key-file'?: string; name?: string };
    const options = { ...session.options, checkpoints: session.kept.checkpoints, keyFile, name, out };
    const result = await session.actions.checkpoint(await session.project(), options, session.context);
    if (out === undefined) {
      const message = `Whoever verifies it needs the public key: ${result.publicKey}`;
      session.context.events({ event: 'notice', code: 'PUBLIC_KEY', message });
      session.show(result, () => result.checkpoint);
      return 0;
    }
    session.summarise(result, () => {
      const signed = `Signed ${counted(result.records, 'record')} into ${printable(out)}. Keep it where the ledger cannot be written.\n`;
      return `${signed}Public key, for those who verify it: ${printable(result.publicKey)}\n`;
    });
    return 0;
  },
};
