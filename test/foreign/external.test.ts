import { expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';
import { describeWithPython, python } from './python.ts';

const FILES = {
  'warehouse.yml': 'name: small\nstudy: { id: S }\n',
  'models/flat/visits.sql': `SELECT * FROM (VALUES
    ('S-2', 1, 'Zoë', 9007199254740993::BIGINT, 12.50::DECIMAL(6,2), 0.1::DOUBLE, true, DATE '2026-02-28', TIMESTAMP '2026-02-28 23:59:59.000001', 7::BIGINT),
    ('S-1', 2, '', -1::BIGINT, -0.05::DECIMAL(6,2), 1e300::DOUBLE, false, DATE '0001-01-01', TIMESTAMP '1969-12-31 00:00:00', 8::BIGINT),
    ('S-1', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 9::BIGINT)
  ) v (subject, visit, name, big, dose, ratio, done, day, moment, _row)`,
  'models/flat/visits.yml': `label: Visits, "flat"
materialized: external
keys: [subject, visit]
columns:
  subject: { label: Subject }
  visit: { label: Besuch Nr. – }
  name: {}
  big: {}
  dose: {}
  ratio: {}
  done: {}
  day: {}
  moment: {}
`,
};

const NAMES = ['subject', 'visit', 'name', 'big', 'dose', 'ratio', 'done', 'day', 'moment'];

/** In the order of the keys. A number that a double cannot hold is told from its neighbours by its text. */
const ROWS = [
  ['S-1', 1, null, null, null, null, null, null, null],
  ['S-1', 2, '', -1, '-0.05', 1e300, false, '0001-01-01', '1969-12-31T00:00:00'],
  ['S-2', 1, 'Zoë', '9007199254740993', '12.50', 0.1, true, '2026-02-28', '2026-02-28T23:59:59.000001'],
];

const METADATA = {
  dataset: 'VISITS',
  label: 'Visits, "flat"',
  keys: '["subject","visit"]',
  column_labels: '{"subject":"Subject","visit":"Besuch Nr. –"}',
};

interface Read {
  readonly names: string[];
  readonly types: string[];
  readonly rows: unknown[][];
  readonly metadata: Record<string, string>;
}

describeWithPython('the file of an external model', () => {
  it("has its columns, types, rows in order and labels in pyarrow and in DuckDB's Python client [MODEL-210]", async () => {
    await withProject(FILES, async (project) => {
      const { withheld } = await project.build();
      expect(withheld).toBeUndefined();
      const file = project.path('target/external/flat/visits.parquet');
      const { pyarrow, duckdb } = python<{ pyarrow: Read; duckdb: Read }>('read_parquet.py', file);
      expect(pyarrow).toEqual({
        names: NAMES,
        types: [
          'string',
          'int32',
          'string',
          'int64',
          'decimal128(6, 2)',
          'double',
          'bool',
          'date32[day]',
          'timestamp[us]',
        ],
        rows: ROWS,
        metadata: METADATA,
      });
      expect(duckdb).toEqual({
        names: NAMES,
        types: ['VARCHAR', 'INTEGER', 'VARCHAR', 'BIGINT', 'DECIMAL(6,2)', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP'],
        rows: ROWS,
        metadata: METADATA,
      });
    });
  });
});
