import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sasDateTime } from '../../../src/export/xpt/header.ts';
import { dataset, fixture } from '../fixture.ts';

const blanks = (length: number) => ' '.repeat(length);

/** The bytes of TS-140's layout, record by record, with the offset of each from the start of the file. */
it('lays the file out as TS-140 says, byte for byte [EXPORT-008]', async () => {
  const { exportAll, directory } = await fixture([
    `CREATE TABLE sdtm.vs AS SELECT * FROM (VALUES ('A1', 36.5::DOUBLE), ('B2', NULL)) AS t(SUBJID, VSSTRESN)`,
  ]);
  await exportAll(
    [
      dataset('VS', {
        label: 'Vital Signs',
        keys: ['SUBJID'],
        columns: {
          SUBJID: { label: 'Subject', length: 3, displayFormat: '$CHAR3.' },
          VSSTRESN: { label: 'Result', displayFormat: '8.2' },
        },
      }),
    ],
    { formats: ['xpt'], stamp: new Date('2026-03-27T13:45:06Z') },
  );
  const bytes = readFileSync(join(directory, 'xpt/vs.xpt'));
  const text = (start: number, end: number) => bytes.toString('latin1', start, end);

  expect(text(0, 80)).toBe(`HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!${'0'.repeat(30)}  `);
  expect(text(80, 160)).toBe(`SAS     SAS     SASLIB  9.4     PORTABLE${blanks(24)}27MAR26:13:45:06`);
  expect(text(160, 240)).toBe(`27MAR26:13:45:06${blanks(64)}`);
  expect(text(240, 320)).toBe('HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  ');
  expect(text(320, 400)).toBe(`HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!${'0'.repeat(30)}  `);
  expect(text(400, 480)).toBe(`SAS     VS      SASDATA 9.4     PORTABLE${blanks(24)}27MAR26:13:45:06`);
  expect(text(480, 560)).toBe(`27MAR26:13:45:06${blanks(16)}Vital Signs${blanks(29)}${blanks(8)}`);
  expect(text(560, 640)).toBe('HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000200000000000000000000  ');

  const first = bytes.subarray(640, 780);
  expect(first.toString('hex', 0, 8)).toBe('0002000000030001'); // character, no hash, 3 bytes, variable 1
  expect(first.toString('latin1', 8, 64)).toBe(`SUBJID  Subject${blanks(33)}$CHAR   `);
  expect(first.toString('hex', 64, 72)).toBe('0003000000000000'); // width 3, no decimals, left, fill
  expect(first.toString('latin1', 72, 80)).toBe(blanks(8)); // no informat
  expect(first.toString('hex', 80, 88)).toBe('0000000000000000'); // informat width and decimals, position 0
  expect(first.subarray(88)).toEqual(Buffer.alloc(52));

  const second = bytes.subarray(780, 920);
  expect(second.toString('hex', 0, 8)).toBe('0001000000080002'); // numeric, no hash, 8 bytes, variable 2
  expect(second.toString('latin1', 8, 64)).toBe(`VSSTRESNResult${blanks(34)}${blanks(8)}`);
  expect(second.toString('hex', 64, 72)).toBe('0008000200000000'); // width 8, 2 decimals
  expect(second.toString('hex', 80, 88)).toBe('0000000000000003'); // position 3
  expect(text(920, 960)).toBe(blanks(40)); // up to the next multiple of 80

  expect(text(960, 1040)).toBe(`HEADER RECORD*******OBS     HEADER RECORD!!!!!!!${'0'.repeat(30)}  `);
  // 36.5 is hexadecimal 24.8, so 16^2 * 0.248.
  expect(bytes.toString('hex', 1040, 1062)).toBe('413120' + '4224800000000000' + '423220' + '2e00000000000000');
  expect(text(1062, 1120)).toBe(blanks(58));
  expect(bytes.length).toBe(1120);
});

it('stamps 1960-01-01 where no time is given, never the clock [EXPORT-007]', async () => {
  const { exportAll, directory } = await fixture([`CREATE TABLE sdtm.xx AS SELECT 'a' AS A`]);
  await exportAll([dataset('XX')], { formats: ['xpt'] });
  expect(readFileSync(join(directory, 'xpt/xx.xpt'), 'latin1').match(/\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d/g)).toEqual([
    '01JAN60:00:00:00',
    '01JAN60:00:00:00',
    '01JAN60:00:00:00',
    '01JAN60:00:00:00',
  ]);
});

it('writes a SAS date and time in UTC [EXPORT-007]', () => {
  expect(sasDateTime(new Date(Date.UTC(1999, 11, 31, 23, 59, 58)))).toBe('31DEC99:23:59:58');
});
