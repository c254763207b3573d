import type { Variable } from './variable.ts';

/**
 * The records before the data, by SAS technical note TS-140: the library, the member, its variables. Every record has
 * 80 bytes, padded with blanks.
 */
interface MemberHeader {
  readonly name: string;
  readonly label: string;
  readonly stamp: Date;
  readonly variables: readonly Variable[];
}

/** Pinned, so that the same data makes the same bytes. Readers of XPT v5 do not depend on either. */
const SAS_VERSION = '9.4';
const OPERATING_SYSTEM = 'PORTABLE';

const RECORD = 80;
const NAMESTR = 140;
const ZEROS = '0'.repeat(30);

export function xptHeader({ name, label, stamp, variables }: MemberHeader): Buffer {
  const time = sasDateTime(stamp);
  const origin = blanks(SAS_VERSION, 8) + blanks(OPERATING_SYSTEM, 8) + blanks('', 24) + time;
  const records = [
    marker('LIBRARY', ZEROS),
    `SAS     SAS     SASLIB  ${origin}`,
    time,
    marker('MEMBER', `${'0'.repeat(17)}1600000000${NAMESTR}`),
    marker('DSCRPTR', ZEROS),
    `SAS     ${blanks(name, 8)}SASDATA ${origin}`,
    `${time}${blanks('', 16)}${blanks(label, 40)}${blanks('', 8)}`,
    marker('NAMESTR', `000000${String(variables.length).padStart(4, '0')}${'0'.repeat(20)}`),
  ];
  return Buffer.concat([
    Buffer.from(records.map((record) => blanks(record, RECORD)).join(''), 'latin1'),
    namestrs(variables),
    Buffer.from(blanks(marker('OBS', ZEROS), RECORD), 'latin1'),
  ]);
}

/** `01JAN60:00:00:00`, in UTC. */
export function sasDateTime(stamp: Date): string {
  const [, day, month, year, time] = /^\w+, (\d\d) (\w+) \d*(\d\d) (\S+) GMT$/.exec(stamp.toUTCString())!;
  return `${day}${month.toUpperCase()}${year}:${time}`;
}

function namestrs(variables: readonly Variable[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((variables.length * NAMESTR) / RECORD) * RECORD, ' ', 'latin1');
  variables.forEach((variable, index) => {
    const at = index * NAMESTR;
    bytes.fill(0, at, at + NAMESTR);
    bytes.writeInt16BE(variable.numeric ? 1 : 2, at);
    bytes.writeInt16BE(variable.length, at + 4);
    bytes.writeInt16BE(index + 1, at + 6);
    bytes.write(blanks(variable.name, 8), at + 8, 'latin1');
    bytes.write(blanks(variable.label, 40), at + 16, 'latin1');
    bytes.write(blanks(variable.format.name, 8), at + 56, 'latin1');
    bytes.writeInt16BE(variable.format.width, at + 64);
    bytes.writeInt16BE(variable.format.decimals, at + 66);
    bytes.write(blanks('', 8), at + 72, 'latin1');
    bytes.writeInt32BE(variable.position, at + 84);
  });
  return bytes;
}

function marker(name: string, rest: string): string {
  return `HEADER RECORD*******${blanks(name, 8)}HEADER RECORD!!!!!!!${rest}`;
}

function blanks(text: string, length: number): string {
  return text.padEnd(length);
}
