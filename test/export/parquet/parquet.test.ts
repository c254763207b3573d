import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import { dataset, fixture } from '../fixture.ts';

const AE = `CREATE TABLE sdtm.ae AS SELECT * FROM (VALUES
  ('S-2', 1::INTEGER, 'Zoë, "mild"', 1.50::DECIMAL(6,2), 9007199254740993::BIGINT, 0.1::DOUBLE, true, DATE '2026-03-27', TIMESTAMP '2026-03-27 13:45:06.789'),
  ('S-1', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('S-1', 1, '', -0.25, -5, 1e300, false, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59')
) AS t(USUBJID, AESEQ, AETERM, AEDOSE, AEBIG, AERES, AEFL, AEDT, AEDTM)`;

async function exported() {
  const study = await fixture([AE]);
  await study.exportAll(
    [
      dataset('AE', {
        label: 'Adverse Events',
        keys: ['USUBJID', 'AESEQ'],
        columns: { AETERM: { label: `Reported Term, "it's" verbatim` }, AESEQ: { label: 'Sequence Number' } },
      }),
    ],
    { formats: ['parquet'] },
  );
  return await asyncBufferFromFile(join(study.directory, 'parquet/ae.parquet'));
}

describe('Parquet read by hyparquet', () => {
  it('holds the rows of the table in their order [EXPORT-060]', async () => {
    const nothing = { AETERM: null, AEDOSE: null, AEBIG: null, AERES: null, AEFL: null, AEDT: null, AEDTM: null };
    const rows = await parquetReadObjects({ file: await exported(), compressors });
    expect(rows.map((row) => ({ ...nothing, ...row }))).toEqual([
      {
        USUBJID: 'S-1',
        AESEQ: 1,
        AETERM: '',
        AEDOSE: -0.25,
        AEBIG: -5n,
        AERES: 1e300,
        AEFL: false,
        AEDT: new Date('1969-12-31'),
        AEDTM: new Date('1969-12-31T23:59:59Z'),
      },
      { USUBJID: 'S-1', AESEQ: 2, ...nothing },
      {
        USUBJID: 'S-2',
        AESEQ: 1,
        AETERM: 'Zoë, "mild"',
        AEDOSE: 1.5,
        AEBIG: 9007199254740993n,
        AERES: 0.1,
        AEFL: true,
        AEDT: new Date('2026-03-27'),
        AEDTM: new Date('2026-03-27T13:45:06.789Z'),
      },
    ]);
  });

  it('carries the name, label, keys and labels of columns, and nothing else [EXPORT-061]', async () => {
    const metadata = await parquetMetadataAsync(await exported());
    expect(metadata.key_value_metadata).toEqual([
      { key: 'dataset', value: 'AE' },
      { key: 'label', value: 'Adverse Events' },
      { key: 'keys', value: '["USUBJID","AESEQ"]' },
      { key: 'column_labels', value: `{"AESEQ":"Sequence Number","AETERM":"Reported Term, \\"it's\\" verbatim"}` },
    ]);
    expect(metadata.created_by).toBe('DuckDB version v1.5.5 (build d8cdaa33fd)');
  });

  it('is compressed by ZSTD, in row groups of 122,880 rows [EXPORT-061]', async () => {
    const study = await fixture(['CREATE TABLE sdtm.xx AS SELECT range AS SEQ FROM range(300000)']);
    await study.exportAll([dataset('XX')], { formats: ['parquet'] });
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(study.directory, 'parquet/xx.parquet')));
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([122_880, 122_880, 54_240]);
    expect(metadata.row_groups[0].columns[0].meta_data?.codec).toBe('ZSTD');
  });

  it('holds a dataset without rows [EXPORT-060]', async () => {
    const study = await fixture(['CREATE TABLE sdtm.xx AS SELECT 1 AS SEQ WHERE false']);
    await study.exportAll([dataset('XX')], { formats: ['parquet'] });
    const file = await asyncBufferFromFile(join(study.directory, 'parquet/xx.parquet'));
    expect(await parquetReadObjects({ file, compressors })).toEqual([]);
  });
});
