import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ColumnExport } from '../../../src/export/dataset.ts';
import type { WarehouseError } from '../../../src/lib/errors.ts';
import { dataset, type Fixture, fixture } from '../fixture.ts';

interface Case {
  /** SELECT of the table sdtm.ae; keys are USUBJID, AESEQ where it has them. */
  readonly table: string;
  readonly columns?: Record<string, ColumnExport>;
  readonly label?: string;
  readonly keys?: string[];
  readonly properties?: string;
}

async function refusedExport({
  table,
  columns = {},
  label,
  keys = [],
  properties,
}: Case): Promise<{ error: WarehouseError; study: Fixture }> {
  const study = await fixture([`CREATE TABLE sdtm.ae AS ${table}`]);
  const error = await study.exportAll([dataset('AE', { keys, columns, label, properties })], { formats: ['xpt'] }).then(
    () => expect.unreachable(),
    (thrown: WarehouseError) => thrown,
  );
  return { error, study };
}

async function refusal(refused: Case): Promise<readonly [string, string, string]> {
  const { error, study } = await refusedExport(refused);
  expect(existsSync(study.directory)).toBe(false);
  return [error.kind, error.code, error.message];
}

describe('XPT v5 refuses', () => {
  it('a dataset name of nine characters, or in lower case, before anything is written [EXPORT-001]', async () => {
    const study = await fixture([
      `CREATE TABLE sdtm.suppaeaex AS SELECT 'x' AS A`,
      `CREATE TABLE sdtm.ae AS SELECT 'x' AS A`,
    ]);
    await expect(study.exportAll([dataset('SUPPAEAEX')], { formats: ['xpt'] })).rejects.toMatchObject({
      code: 'XPT_NAME',
      message: 'SUPPAEAEX has a name that XPT v5 cannot hold.',
      next: 'Rename it: XPT v5 takes at most 8 of A-Z, 0-9 and _, beginning with a letter.',
    });
    await expect(study.exportAll([dataset('ae')], { formats: ['xpt'] })).rejects.toMatchObject({ code: 'XPT_NAME' });
    expect(existsSync(study.directory)).toBe(false);
  });

  it.each(['AESTRESNX', 'aeterm', '1AE', 'AE-TERM', 'AÉ'])('the column name %s [EXPORT-001]', async (name) => {
    expect(await refusal({ table: `SELECT 'x' AS "${name}"` })).toEqual([
      'data',
      'XPT_NAME',
      `AE.${name} has a name that XPT v5 cannot hold.`,
    ]);
  });

  it('a label of 41 characters, and takes one of 40 [EXPORT-002]', async () => {
    expect(await refusal({ table: `SELECT 'x' AS A`, columns: { A: { label: 'L'.repeat(41) } } })).toEqual([
      'data',
      'XPT_LABEL',
      'AE.A: the label has 41 characters; XPT v5 holds at most 40.',
    ]);
    expect(await refusal({ table: `SELECT 'x' AS A`, label: 'L'.repeat(41) })).toEqual([
      'data',
      'XPT_LABEL',
      'AE: the label has 41 characters; XPT v5 holds at most 40.',
    ]);
    const study = await fixture([`CREATE TABLE sdtm.ae AS SELECT 'x' AS A`]);
    const columns = { A: { label: 'L'.repeat(40) } };
    await study.exportAll([dataset('AE', { columns, label: 'L'.repeat(40) })], { formats: ['xpt'] });
  });

  it('a label with a character beyond printable ASCII, by code point and place [EXPORT-004]', async () => {
    expect(await refusal({ table: `SELECT 'x' AS A`, columns: { A: { label: 'Café' } } })).toEqual([
      'data',
      'XPT_NOT_ASCII',
      'AE.A: character U+00E9 at place 4 of the label is not printable ASCII.',
    ]);
    expect(await refusal({ table: `SELECT 'x' AS A`, label: '\u{1F600}' })).toEqual([
      'data',
      'XPT_NOT_ASCII',
      'AE: character U+1F600 at place 1 of the label is not printable ASCII.',
    ]);
  });

  it('a value of 201 bytes, and takes one of 200 [EXPORT-003]', async () => {
    const table = `SELECT * FROM (VALUES ('S-2', 1, repeat('x', 201)), ('S-1', 1, repeat('x', 200))) AS t(USUBJID, AESEQ, AETERM)`;
    expect(await refusal({ table, keys: ['USUBJID', 'AESEQ'] })).toEqual([
      'data',
      'XPT_VALUE_LENGTH',
      'AE.AETERM, row 2 by USUBJID, AESEQ: the value has 201 bytes; XPT v5 holds at most 200.',
    ]);
  });

  it('a value longer than its declared length, and counts the others [EXPORT-003]', async () => {
    const table = `SELECT * FROM (VALUES ('S-3', 'abcdef'), ('S-2', 'abcde'), ('S-1', 'abcd')) AS t(USUBJID, AETERM)`;
    const columns = { AETERM: { length: 4 } };
    const { error } = await refusedExport({ table, columns, keys: ['USUBJID'], properties: 'models/sdtm/ae.yml' });
    expect(error.message).toBe(
      'AE.AETERM, row 2 by USUBJID: the value has 5 bytes; the declared length is 4, and in 1 more row.',
    );
    expect(error.next).toBe(
      'Raise length: of columns.AETERM in models/sdtm/ae.yml (to 200 at the most), or shorten the value in the model. To find the rows: SELECT * FROM sdtm.ae WHERE strlen("AETERM") > 4.',
    );
    expect(error.place).toEqual({ model: 'sdtm.ae' });
  });

  it.each([0, 201, 1.5])('a declared length of %s [EXPORT-003]', async (length) => {
    expect(await refusal({ table: `SELECT 'x' AS A`, columns: { A: { length } } })).toEqual([
      'data',
      'XPT_LENGTH',
      `AE.A: the declared length is ${length}; XPT v5 holds 1 to 200 bytes.`,
    ]);
  });

  it.each([
    ['é', 'U+00E9'],
    ['\n', 'U+000A'],
    ['\t', 'U+0009'],
    ['\u007f', 'U+007F'],
    ['\u0000', 'U+0000'],
    ['\u00a0', 'U+00A0'],
    ['≥', 'U+2265'],
    ['\u{1F600}', 'U+1F600'],
  ])('a value with %j, by code point and place in the value [EXPORT-004]', async (character, code) => {
    const point = character.codePointAt(0);
    const table = `SELECT * FROM (VALUES ('S-2', 'plain'), ('S-3', 'abc' || chr(${point}) || 'd' || chr(233))) AS t(USUBJID, AETERM)`;
    expect(await refusal({ table, keys: ['USUBJID'] })).toEqual([
      'data',
      'XPT_NOT_ASCII',
      `AE.AETERM, row 2 by USUBJID: character ${code} at place 4 of the value is not printable ASCII.`,
    ]);
  });

  it('a place counted in characters, not in bytes or UTF-16 units, and says the order where no keys are [EXPORT-004]', async () => {
    expect(await refusal({ table: `SELECT chr(32) || chr(126) || chr(128512) AS A UNION ALL SELECT NULL` })).toEqual([
      'data',
      'XPT_NOT_ASCII',
      'AE.A, row 2 by all columns: character U+1F600 at place 3 of the value is not printable ASCII.',
    ]);
  });

  it.each([
    ['1e76', 'large'],
    ['-7.237005577332262e75', 'large'],
    ['5.3976053469340274e-79', 'small'],
    ['-1e-80', 'small'],
    ['5e-324', 'small'],
  ])('the number %s, which is too %s [EXPORT-005]', async (number, size) => {
    expect(await refusal({ table: `SELECT 1 AS AESEQ, ${number}::DOUBLE AS A`, keys: ['AESEQ'] })).toEqual([
      'data',
      'XPT_NUMBER_RANGE',
      `AE.A, row 1 by AESEQ: the number is too ${size}; XPT v5 holds magnitudes from 5.4e-79 to below 7.2e75.`,
    ]);
  });

  it.each(['nan', 'infinity', '-infinity'])('%s [EXPORT-005]', async (number) => {
    for (const type of ['DOUBLE', 'FLOAT']) {
      expect(await refusal({ table: `SELECT 1 AS AESEQ, '${number}'::${type} AS A`, keys: ['AESEQ'] })).toEqual([
        'data',
        'XPT_NOT_FINITE',
        'AE.A, row 1 by AESEQ: the number is NaN or infinite.',
      ]);
    }
  });

  it.each(['9007199254740993::BIGINT', '-9007199254740993::BIGINT', '18446744073709551615::UBIGINT'])(
    'the integer %s, beyond 2^53 [EXPORT-005]',
    async (number) => {
      expect(await refusal({ table: `SELECT ${number} AS A` })).toEqual([
        'data',
        'XPT_NUMBER_PRECISION',
        'AE.A, row 1 by all columns: the integer is beyond 2^53, so XPT v5 would change it.',
      ]);
    },
  );

  it('a DECIMAL of more than 15 significant digits, not one with zeros around fewer [EXPORT-005]', async () => {
    expect(await refusal({ table: `SELECT -1234567890.123456::DECIMAL(38, 10) AS A` })).toEqual([
      'data',
      'XPT_NUMBER_PRECISION',
      'AE.A, row 1 by all columns: the number has 16 significant digits; XPT v5 keeps 15.',
    ]);
    const study = await fixture([
      `CREATE TABLE sdtm.ae AS SELECT 100000000000000000000.5::DECIMAL(38, 5) - 0.5 AS A, 0.0000000012::DECIMAL(38, 20) AS B`,
    ]);
    await study.exportAll([dataset('AE')], { formats: ['xpt'] });
  });

  it.each([
    ['true', 'BOOLEAN'],
    ["DATE '2026-01-02'", 'DATE'],
    ["TIMESTAMP '2026-01-02 03:04:05'", 'TIMESTAMP'],
  ])('%s, a type that it does not have [EXPORT-006]', async (value, type) => {
    const { error } = await refusedExport({ table: `SELECT ${value} AS A` });
    expect(error).toMatchObject({
      kind: 'data',
      code: 'XPT_TYPE',
      message: `AE.A: XPT v5 has no type for ${type}, only characters and numbers.`,
      next: 'Convert it in the model: dates to ISO 8601 text, a flag to Y or null.',
    });
  });

  it('a display format that SAS has not [EXPORT-009]', async () => {
    expect(await refusal({ table: `SELECT 1 AS A`, columns: { A: { displayFormat: '8,2' } } })).toEqual([
      'data',
      'XPT_FORMAT',
      "AE.A: the display format '8,2' is no SAS format.",
    ]);
  });

  it('and says all else that it refuses as errors too [EXPORT-012]', async () => {
    const { error, study } = await refusedExport({
      table: `SELECT repeat('x', 201) AS aelong, chr(233) AS B, true AS C`,
    });
    expect(error.code).toBe('XPT_NAME');
    expect(study.events.map((event) => event.event === 'error' && event.error.code)).toEqual([
      'XPT_TYPE',
      'XPT_VALUE_LENGTH',
      'XPT_NOT_ASCII',
    ]);
  });

  it('without a word of the value in its message [EXPORT-013]', async () => {
    const { error } = await refusedExport({
      table: `SELECT 'SECRET-7' AS USUBJID, 'SECRET' || chr(233) AS A`,
      keys: ['USUBJID'],
    });
    expect(`${error.message} ${error.next}`).not.toContain('SECRET');
  });
});

it('finds the rows that a refusal is about by the statement it gives [EXPORT-013]', async () => {
  const { error, study } = await refusedExport({ table: `SELECT * FROM (VALUES ('a'), ('b' || chr(10))) AS t(A)` });
  const sql = /To find the rows: (.*)\.$/.exec(error.next!)![1];
  expect(await study.connection.rows(sql)).toEqual([{ A: 'b\n' }]);
});
