import { describe, expect, it } from 'vitest';
import { buildStatement, commentStatements, dropOther, swapStatements } from '../../../src/model/table/compile.ts';
import { testSql } from '../../../src/model/test/test-sql.ts';
import { emptyTextTest } from '../../../src/model/test/tests.ts';
import { model } from '../models.ts';

describe('the SQL that puts a model in place [MODEL-008]', () => {
  it('is that of a table, which takes its name once it is built', () => {
    expect(buildStatement('"sdtm"."_next_ae"', 'table', '-- events\nSELECT 1 AS x; -- end')).toBe(
      'CREATE TABLE "sdtm"."_next_ae" AS\n-- events\nSELECT 1 AS x',
    );
    const rename = 'ALTER TABLE "sdtm"."_next_ae" RENAME TO "ae"';
    expect(swapStatements('sdtm.ae', undefined)).toEqual([rename]);
    expect(swapStatements('sdtm.ae', 'view')).toEqual(['DROP VIEW "sdtm"."ae"', rename]);
  });

  it('is that of a view, which is replaced', () => {
    expect(buildStatement('"sdtm"."ae"', 'view', 'SELECT 1 AS x')).toBe(
      'CREATE OR REPLACE VIEW "sdtm"."ae" AS\nSELECT 1 AS x',
    );
    expect(dropOther('sdtm.ae', 'view', 'view')).toEqual([]);
    expect(dropOther('sdtm.ae', 'view', 'table')).toEqual(['DROP TABLE "sdtm"."ae"']);
  });

  it('quotes what is hostile', () => {
    const ae = model('sdtm.ae', 'SELECT 1', { label: "it's; DROP TABLE x" });
    expect(commentStatements(ae, 'table', [{ name: 'a"b', type: 'INTEGER' }])).toEqual([
      `COMMENT ON TABLE "sdtm"."ae" IS 'it''s; DROP TABLE x'`,
      `COMMENT ON COLUMN "sdtm"."ae"."a""b" IS 'Made by models/sdtm/ae.sql.'`,
    ]);
  });

  it('says of a column what its own properties say, whatever it is called', () => {
    const ae = model('sdtm.ae', 'SELECT 1', { columns: { toString: { label: 'Text' } } });
    const columns = ['toString', 'constructor', '__proto__'].map((name) => ({ name, type: 'INTEGER' }));
    expect(commentStatements(ae, 'table', columns).slice(1)).toEqual([
      `COMMENT ON COLUMN "sdtm"."ae"."toString" IS 'Text'`,
      `COMMENT ON COLUMN "sdtm"."ae"."constructor" IS 'Made by models/sdtm/ae.sql.'`,
      `COMMENT ON COLUMN "sdtm"."ae"."__proto__" IS 'Made by models/sdtm/ae.sql.'`,
    ]);
  });
});

describe('testSql [MODEL-013]', () => {
  const common = { name: 'n', severity: 'error' } as const;

  it('gives the SQL that returns the rows that fail', () => {
    expect(testSql('sdtm.ae', { ...common, kind: 'not_null', column: 'AESEQ' }, new Date(0))).toBe(
      `SELECT * FROM "sdtm"."ae" WHERE coalesce(CAST("AESEQ" AS VARCHAR) COLLATE "binary", '') = ''`,
    );
    expect(
      testSql('sdtm.ae', { ...common, kind: 'accepted_values', column: 'AESEV', values: ["O'K", 1] }, new Date(0)),
    ).toBe(
      `SELECT * FROM "sdtm"."ae" WHERE "AESEV" IS NOT NULL AND CAST("AESEV" AS VARCHAR) COLLATE "binary" NOT IN ('O''K', '1')`,
    );
  });

  it('looks for empty text in text columns only', () => {
    const columns = [
      { name: 'AETERM', type: 'VARCHAR' },
      { name: 'AESEQ', type: 'INTEGER' },
    ];
    expect(emptyTextTest('sdtm.ae', 'a.sql', columns)?.sql).toBe(
      `SELECT * FROM "sdtm"."ae" WHERE '' IN (CAST("AETERM" AS VARCHAR) COLLATE "binary")`,
    );
    expect(emptyTextTest('sdtm.ae', 'a.sql', columns.slice(1))).toBeUndefined();
  });
});
