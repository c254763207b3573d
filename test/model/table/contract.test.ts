import { beforeAll, describe, expect, it } from 'vitest';
import { WarehouseError } from '../../../src/lib/errors.ts';
import { describeModel } from '../../../src/model/table/columns.ts';
import { checkContract } from '../../../src/model/table/contract.ts';
import { isSameType } from '../../../src/model/table/data-types.ts';
import type { ModelSource } from '../../../src/project/project.ts';
import { propertiesSchema } from '../../../src/project/properties.ts';
import { validateYaml } from '../../../src/project/validate.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { memory } from '../database.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await memory();
});

/** A model with its properties as they stand in YAML. */
function modelOf(sql: string, yaml: string): ModelSource {
  const { valid, locate, problems } = validateYaml('models/work/x.yml', yaml, propertiesSchema);
  if (valid === undefined) throw new Error(problems[0].message);
  return {
    name: 'work.x',
    schema: 'work',
    path: 'models/work/x.sql',
    sql,
    properties: valid,
    propertiesPath: 'models/work/x.yml',
    locate,
    generated: false,
  };
}

/** What is said against a SELECT by the contract of its properties; undefined where it holds. */
async function refusal(sql: string, yaml: string): Promise<WarehouseError | undefined> {
  const source = modelOf(sql, yaml);
  const found = await describeModel(connection, source);
  return checkContract(connection, source, found).then(
    () => undefined,
    (error: WarehouseError) => error,
  );
}

describe('the contract of a model', () => {
  it('names every column that differs, with what is expected and what is found, at its place [MODEL-200]', async () => {
    const yaml = `label: Results
columns:
  USUBJID: { type: text }
  LBSEQ: { type: integer }
  LBSTRESN: { type: float }
  LBDTC: { type: datetime }
  AMOUNT: { data_type: "DECIMAL(10,2)" }
  _rows: { type: text }
`;
    const sql = `SELECT 'a' AS USUBJID, '1' AS LBSEQ, 'x' AS LBSTRESN, DATE '2026-01-01' AS LBDTC, 1.5 AS AMOUNT, [1] AS _rows`;
    const found = await refusal(sql, yaml);
    expect(found).toBeInstanceOf(WarehouseError);
    expect(found).toMatchObject({
      kind: 'usage',
      code: 'MODEL_COLUMNS',
      message:
        'LBSEQ: expected integer, found VARCHAR; LBSTRESN: expected float, found VARCHAR; LBDTC: expected datetime, found DATE; AMOUNT: expected DECIMAL(10,2), found DECIMAL(2,1); _rows: expected text, found INTEGER[].',
      place: { model: 'work.x', file: 'models/work/x.yml', line: 4, column: 18 },
      next: 'Cast LBSEQ to a whole number (BIGINT, DECIMAL(10,0), ...) in the SELECT, or correct its type in models/work/x.yml.',
    });
  });

  it('tells names before order, and types beside either [MODEL-200]', async () => {
    const yaml = 'columns: { A: { type: text }, B: { type: integer }, C: {} }';
    expect(await refusal(`SELECT 1 AS A, 2 AS B, 3 AS D`, yaml)).toMatchObject({
      message:
        'D is in the SELECT and not in columns of models/work/x.yml; C is in columns of models/work/x.yml and not in the SELECT; A: expected text, found INTEGER.',
      place: { line: 1, column: 56 },
    });
    expect(await refusal(`SELECT 'a' AS A, 3 AS C, 'b' AS B`, yaml)).toMatchObject({
      message: 'Column 2: expected B, found C; column 3: expected C, found B; B: expected integer, found VARCHAR.',
      next: 'Give the columns in one order in models/work/x.sql and models/work/x.yml.',
    });
  });

  it('says of INTEGER that NULL alone is one, and shows no value of an ENUM [MODEL-200]', async () => {
    expect(await refusal('SELECT NULL AS A', 'columns: { A: { type: date } }')).toMatchObject({
      message: 'A: expected date, found INTEGER.',
      next: 'Cast A to VARCHAR in the SELECT, where NULL alone is INTEGER, or correct its type in models/work/x.yml.',
    });
    const secret = `SELECT 'x'::ENUM('x', 'secret') AS A`;
    expect((await refusal(secret, 'columns: { A: { type: integer } }'))?.message).toBe(
      'A: expected integer, found ENUM.',
    );
    expect((await refusal(secret, `columns: { A: { data_type: "ENUM('x', 'y')" } }`))?.message).toBe(
      "A: expected ENUM('x', 'y'), found ENUM with other values, or in another order.",
    );
  });

  // Define-XML 2.1, 5.3.11.1 (ItemDef/@DataType), and the types of DuckDB that hold nothing else.
  it.each([
    ['text', ['VARCHAR', `ENUM('a')`, 'UUID', 'JSON'], ['INTEGER', 'DATE', 'BOOLEAN', 'VARCHAR[]']],
    [
      'integer',
      ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'UBIGINT', 'BIGNUM', 'DECIMAL(8,0)'],
      ['DOUBLE', 'DECIMAL(8,1)', 'VARCHAR', 'DATE', 'BOOLEAN'],
    ],
    ['float', ['DOUBLE', 'FLOAT', 'DECIMAL(8,3)', 'BIGINT'], ['VARCHAR', 'BOOLEAN', 'TIMESTAMP']],
    ['date', ['VARCHAR', 'DATE'], ['TIMESTAMP', 'INTEGER']],
    ['time', ['VARCHAR', 'TIME'], ['TIMESTAMP']],
    ['datetime', ['VARCHAR', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_MS'], ['DATE', 'BIGINT']],
    ['partialDate', ['VARCHAR', 'DATE'], ['TIMESTAMP']],
    ['partialTime', ['VARCHAR', 'TIME'], ['DATE']],
    ['partialDatetime', ['VARCHAR', 'DATE', 'TIMESTAMP'], ['TIME']],
    ['incompleteDatetime', ['VARCHAR', 'DATE', 'TIMESTAMP'], ['INTEGER']],
    ['durationDatetime', ['VARCHAR', 'INTERVAL'], ['TIME', 'INTEGER']],
    ['intervalDatetime', ['VARCHAR'], ['INTERVAL', 'TIMESTAMP']],
  ])('takes for %s the types of DuckDB that hold nothing else [MODEL-201]', async (type, right, wrong) => {
    const holds = async (duckdb: string) =>
      (await refusal(`SELECT CAST(NULL AS ${duckdb}) AS A`, `columns: { A: { type: ${type} } }`)) === undefined;
    for (const one of right) expect([one, await holds(one)]).toEqual([one, true]);
    for (const one of wrong) expect([one, await holds(one)]).toEqual([one, false]);
  });

  it('takes data_type as DuckDB reads it, and exactly [MODEL-201]', async () => {
    const held = async (sql: string, type: string) =>
      (await refusal(`SELECT CAST(NULL AS ${sql}) AS A`, `columns: { A: { data_type: "${type}" } }`)) === undefined;
    const same: [string, string][] = [
      ['INTEGER', 'int'],
      ['VARCHAR', 'text'],
      ['DECIMAL(10,2)', 'numeric(10, 2)'],
      ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
      ['BIGINT[]', 'bigint[]'],
      ['STRUCT(a INTEGER, b VARCHAR)', 'struct(a int, b text)'],
      ['STRUCT(a INTEGER, b VARCHAR)', 'struct(A int, b varchar)'],
      ["MAP(VARCHAR, STRUCT(K ENUM('a')))", "map(text, struct(k enum('a')))"],
      ["ENUM('b', 'a')", "ENUM('b','a')"],
      ["ENUM('it''s', ')(')[]", "enum( 'it''s',')(' )[]"],
    ];
    for (const [sql, type] of same) expect([type, await held(sql, type)]).toEqual([type, true]);
    expect(await held('BIGINT', 'INTEGER')).toBe(false);
    expect(await held("ENUM('b', 'a')", "ENUM('a', 'b')")).toBe(false);
    expect(await held("ENUM('A')", "ENUM('a')")).toBe(false);
    expect(await held('DECIMAL(10,2)', 'DECIMAL')).toBe(false);
    expect(await held('STRUCT(a INTEGER, b VARCHAR)', 'STRUCT(b VARCHAR, a INTEGER)')).toBe(false);
    expect(await held("STRUCT(k ENUM('a'))", "STRUCT(k ENUM('A'))")).toBe(false);
    // An apostrophe in a name begins no value.
    expect(isSameType(`STRUCT("It's" ENUM('a'))`, `STRUCT("it's" ENUM('a'))`)).toBe(true);
    expect(isSameType(`STRUCT("It's" ENUM('a'))`, `STRUCT("it's" ENUM('A'))`)).toBe(false);
  });

  it('refuses a data_type that is none, at its place [MODEL-201]', async () => {
    const yaml = 'columns:\n  A:\n    data_type: number';
    expect(await refusal('SELECT 1 AS A', yaml)).toMatchObject({
      kind: 'usage',
      code: 'MODEL_DATA_TYPE',
      message: 'A: DuckDB has no type number.',
      place: { file: 'models/work/x.yml', line: 3, column: 16 },
    });
    for (const text of [
      'INTEGER) AS a, (SELECT 1',
      'INTEGER) --',
      "ENUM('a)",
      "ENUM('a') AS a, (SELECT 'b'",
      "ENUM(e'a\\') --')",
      "ENUM('a''')')",
      "ENUM('a\nb')",
      'INTEGER; DROP TABLE t',
      'DECIMAL(10',
    ]) {
      expect(() => modelOf('SELECT 1 AS A', `columns: { A: { data_type: ${JSON.stringify(text)} } }`)).toThrow(
        /must be a type of DuckDB/,
      );
    }
  });

  it('is none where the properties list no columns [MODEL-200]', async () => {
    expect(await refusal('SELECT 1 AS A, 2 AS B', 'label: X')).toBeUndefined();
    expect(await refusal('SELECT 1 AS A, [2] AS _b', 'columns: { A: { type: integer } }')).toBeUndefined();
  });

  it('is broken by a class of a column that the SELECT does not give, though its name begins with _ [MODEL-011]', async () => {
    const sql = 'SELECT 1 AS x, 2 AS _arm';
    expect(await refusal(sql, 'columns:\n  x: {}\n  _amr: { classification: unblinding }\n')).toMatchObject({
      code: 'MODEL_COLUMNS',
      message: '_amr has a class in columns of models/work/x.yml and is not in the SELECT.',
      place: { file: 'models/work/x.yml', line: 3 },
      next: 'Did you mean _arm?',
    });
    const less = 'columns:\n  _note: { declassify: { to: none, because: It says nothing. } }\n';
    expect(await refusal(sql, less)).toMatchObject({
      next: 'Name a column that the SELECT of models/work/x.sql gives.',
    });
    expect(await refusal(sql, 'columns:\n  _ARM: { classification: unblinding }\n')).toBeUndefined();
    expect(await refusal(sql, 'columns:\n  x: {}\n  _note: { label: Note }\n')).toBeUndefined();
  });
});
