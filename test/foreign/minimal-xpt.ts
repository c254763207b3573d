/**
 * An XPT v5 file of one variable, put together by hand after TS-140, so that a test can hold bytes that the writer of
 * this project would not write.
 */
function minimalXpt(type: 1 | 2, length: number, rows: readonly Buffer[]): Buffer {
  const marker = (name: string, rest = '0'.repeat(30)) =>
    `HEADER RECORD*******${name.padEnd(8)}HEADER RECORD!!!!!!!${rest}  `;
  const origin = `9.4     TEST    ${' '.repeat(24)}01JAN60:00:00:00`;
  const head = [
    marker('LIBRARY'),
    `SAS     SAS     SASLIB  ${origin}`,
    '01JAN60:00:00:00'.padEnd(80),
    marker('MEMBER', '000000000000000001600000000140'),
    marker('DSCRPTR'),
    `SAS     X       SASDATA ${origin}`,
    '01JAN60:00:00:00'.padEnd(80),
    marker('NAMESTR', '000000000100000000000000000000'),
  ].join('');
  const namestr = Buffer.alloc(140);
  namestr.writeInt16BE(type, 0);
  namestr.writeInt16BE(length, 4);
  namestr.writeInt16BE(1, 6);
  namestr.write('X'.padEnd(56), 8, 'latin1');
  namestr.write(' '.repeat(8), 72, 'latin1');
  const data = Buffer.concat(rows);
  return Buffer.concat([
    Buffer.from(head, 'latin1'),
    namestr,
    Buffer.from(' '.repeat(20) + marker('OBS'), 'latin1'),
    data,
    Buffer.from(' '.repeat((80 - (data.length % 80)) % 80), 'latin1'),
  ]);
}

/** Numbers of equal length, given as hexadecimal. */
export function numericXpt(numbers: readonly string[]): Buffer {
  return minimalXpt(
    1,
    numbers[0].length / 2,
    numbers.map((hex) => Buffer.from(hex, 'hex')),
  );
}

/** Texts in a variable of the given length. */
export function characterXpt(length: number, texts: readonly string[]): Buffer {
  return minimalXpt(
    2,
    length,
    texts.map((text) => Buffer.from(text.padEnd(length), 'latin1')),
  );
}
