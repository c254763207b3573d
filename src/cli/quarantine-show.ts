import type { ShownFragment } from '../build/quarantine-show.ts';
import { byteText } from '../report/byte-text.ts';
import { bytes as size } from '../report/figures.ts';
import { printable } from '../report/text.ts';
import type { Command } from './command.ts';
import { PROJECT_FLAGS } from './flags.ts';
import { NUMBER, numberOf } from './quarantine-number.ts';

const NAME = 'quarantine show';

/** More than this of a fragment is for a file. */
const SHOWN_BYTES = 4096;

export const command: Command = {
  about:
    'Shows one fragment that was put aside: where it stands, why, what was decided, and its bytes, at most the first 4,096, with control characters written out; --json has all of them, in base64. Their SHA-256 is checked. Encrypted bytes are opened with an identity of age, from a file or from WAREHOUSE_AGE_IDENTITY. Bytes of a source that is restricted or unblinding are shown only with --reveal. Nothing is changed.',
  positionals: NUMBER,
  flags: {
    ...PROJECT_FLAGS,
    identity: { type: 'string', requiresArg: true, describe: 'File with the identity of age that opens the bytes' },
    out: { type: 'string', requiresArg: true, describe: 'Write the exact bytes to this file instead' },
    force: { type: 'boolean', describe: 'Replace a file that is there with other bytes' },
    reveal: { type: 'boolean', describe: 'Show the bytes though their source is restricted or unblinding' },
  },
  examples: [
    ['warehouse quarantine show 3', 'Fragment 3'],
    ['warehouse quarantine show 3 --identity key.txt --out line.csv', 'Its bytes, decrypted, into a file'],
  ],
  async run(session, args) {
    const number = numberOf(NAME, command, args.number);
    const { identity, out } = args as { identity?: string; out?: string };
    const { force, reveal } = { force: args.force === true, reveal: args.reveal === true };
    const options = { ...session.options, number, identity, out, force, reveal };
    const result = await session.actions.quarantineShow(await session.project(), options, session.context);
    const { bytes, ...rest } = result;
    const base64 = bytes && { base64: Buffer.from(bytes).toString('base64') };
    session.show({ ...rest, ...base64 }, () => textOf(result));
    return 0;
  },
};

function textOf(shown: ShownFragment): string {
  const { fragment, classification } = shown;
  const { line, decidedBy, decidedAt, decisionReason, lastAttempt, lastOutcome } = fragment;
  const facts: [string, string | number | null][] = [
    ['fragment', fragment.number],
    ['status', fragment.status],
    ['source', classification === 'none' ? fragment.source : `${fragment.source} (${classification})`],
    ['file', fragment.file],
    ['line', line],
    ['byte', fragment.byte],
    ['length', fragment.length],
    ['code', fragment.code],
    ['reason', fragment.reason],
    ['sha256', fragment.sha256],
    ['delivery', `${fragment.delivery}, part ${fragment.part}`],
    ['attempts', lastAttempt === null ? 0 : `${fragment.attempts}, the last at ${lastAttempt} UTC: ${lastOutcome}`],
    ['decided', decidedAt && `${decidedAt} UTC by ${decidedBy}`],
    ['because', decisionReason],
  ];
  const lines = facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.padEnd(10)}${printable(`${value}`)}\n`);
  return `${lines.join('')}${bytesOf(shown)}`;
}

function bytesOf({ fragment, bytes, encoding, classification, withheld, written }: ShownFragment): string {
  const { shape, recipient } = fragment;
  if (written !== undefined) {
    return `Its bytes ${written.unchanged ? 'stand already as' : 'are written as'} ${printable(written.path)}.\n`;
  }
  if (withheld === 'shape') return `Its bytes are not kept. Their shape:\n\n${printable(shape ?? '')}\n`;
  if (withheld === 'hash') return "Its bytes are not kept: they are of a study that is not the project's.\n";
  if (withheld === 'classified') {
    return `Its bytes are not shown, because source ${printable(fragment.source)} is ${classification}: --reveal shows them.\n`;
  }
  if (withheld === 'encrypted') {
    return `Its bytes are encrypted for ${printable(recipient ?? '')}: --identity FILE opens them.\n`;
  }
  const rest = bytes!.length - SHOWN_BYTES;
  const more = rest > 0 ? `\n(and ${size(rest)} more: --out FILE writes them all)\n` : '';
  return `\n${byteText(bytes!, encoding, SHOWN_BYTES)}\n${more}`;
}
