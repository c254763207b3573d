import { describe, expect, it } from 'vitest';
import { commentStatements, compileModel } from '../../src/model/compile.ts';
import { compileTest, emptyTextTest } from '../../src/model/tests.ts';
import { model } from './models.ts';

describe('compileModel [MODEL-008]', () => {
  it('gives the SQL that is run for a table', () => {
    const ae = model('sdtm.ae', '-- events\nSELECT 1 AS x; -- end');
    expect(compileModel(ae, undefined)).toEqual([
      'CREATE TABLE "sdtm"."_next_ae" AS\n-- events\nSELECT 1 AS x',
      'ALTER TABLE "sdtm"."_next_ae" RENAME TO "ae"',
    ]);
    expect(compileModel(ae, 'view')[1]).toBe('DROP VIEW "sdtm"."ae"');
  });

  it('gives the SQL that is run for a view', () => {
    const ae = model('sdtm.ae', 'SELECT 1 AS x', { materialized: 'view' });
    expect(compileModel(ae, 'view')).toEqual(['CREATE OR REPLACE VIEW "sdtm"."ae" AS\nSELECT 1 AS x']);
    expect(compileModel(ae, 'table')[0]).toBe('DROP TABLE "sdtm"."ae"');
  });

  it('quotes what is hostile', () => {
    const ae = model('sdtm.ae', 'SELECT 1', { label: "it's; DROP TABLE x" });
    expect(commentStatements(ae, 'table', [{ name: 'a"b', type: 'INTEGER' }])).toEqual([
      `COMMENT ON TABLE "sdtm"."ae" IS 'it''s; DROP TABLE x'`,
      `COMMENT ON COLUMN "sdtm"."ae"."a""b" IS 'Made by models/sdtm/ae.sql.'`,
    ]);
  });
});

describe('compileTest [MODEL-013]', () => {
  const common = { name: 'n', severity: 'error' } as const;

  it('gives the SQL that returns the rows that fail', () => {
    expect(compileTest('sdtm.ae', { ...common, kind: 'not_null', column: 'AESEQ' })).toBe(
      `SELECT * FROM "sdtm"."ae" WHERE coalesce(CAST("AESEQ" AS VARCHAR) COLLATE "binary", '') = ''`,
    );
    expect(compileTest('sdtm.ae', { ...common, kind: 'accepted_values', column: 'AESEV', values: ["O'K", 1] })).toBe(
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
