import { Table as ArrowTable, type RecordBatch, tableFromIPC, tableToIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import { type OdmSummary, type OdmTableName, readOdm } from '../../src/index.ts';
import { ODM_TABLES } from '../../src/odm/layout.ts';
import { group, odm } from './read.ts';

async function tables(document: string, chunk = 1 << 16): Promise<Map<OdmTableName, RecordBatch[]>> {
  const found = new Map<OdmTableName, RecordBatch[]>();
  const bytes = Buffer.from(document);
  function* source(): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  for await (const { table, batch } of readOdm(source())) found.set(table, [...(found.get(table) ?? []), batch]);
  return found;
}

const audit =
  '<AuditRecord><UserRef UserOID="U"/><DateTimeStamp>2026-01-05T08:00:00.000123Z</DateTimeStamp></AuditRecord>';

it('gives Arrow record batches with the columns of raw [ODM-110]', async () => {
  const found = await tables(group(`<ItemData ItemOID="A" Value="é">${audit}</ItemData><ItemData ItemOID="B"/>`));
  for (const [table, [batch]] of found) {
    expect(batch.schema.fields.map((field) => field.name)).toEqual(ODM_TABLES[table].map((column) => column.name));
  }
  const types = Object.fromEntries(
    found.get('audit_record')![0].schema.fields.map((field) => [field.name, String(field.type)]),
  );
  expect(types).toMatchObject({
    key: 'Int64',
    item_code: 'Dictionary<Int32, Utf8>',
    id: 'Utf8',
    datetime_utc: 'Timestamp<MICROSECOND>',
  });
  const items = new ArrowTable(found.get('item_data')!);
  expect(
    items.toArray().map((row) => [row.item_code, row.value, row.flags, row.unit_code, row.item_group_data_key]),
  ).toEqual([
    ['A', 'é', 0, null, 6n],
    ['B', null, 1, null, 6n],
  ]);
  const [record] = new ArrowTable(found.get('audit_record')!).toArray();
  expect([record.user_code, record.datetime, record.id]).toEqual(['U', '2026-01-05T08:00:00.000123Z', null]);
  const times = found.get('audit_record')![0].getChild('datetime_utc')!.data[0].values as BigInt64Array;
  expect(times[0]).toBe(BigInt(Date.UTC(2026, 0, 5, 8)) * 1000n + 123n);
});

it('gives batches that stay valid, and that Arrow can write and read back [ODM-110]', async () => {
  const items = Array.from({ length: 40_000 }, (_, k) => `<ItemData ItemOID="I${k % 20_000}" Value="${k}"/>`).join('');
  const batches = (await tables(group(items))).get('item_data')!;
  expect(batches.map((batch) => batch.numRows)).toEqual([
    ...[32, 64, 128, 256, 512, 1024],
    ...Array(18).fill(2048),
    40_000 - 2016 - 18 * 2048,
  ]);
  const back = tableFromIPC(tableToIPC(new ArrowTable(batches)));
  expect(back.numRows).toBe(40_000);
  for (const k of [0, 31, 32, 2016, 4063, 4064, 39_999]) {
    expect([back.get(k)?.value, back.get(k)?.item_code]).toEqual([String(k), `I${k % 20_000}`]);
  }
});

it('reads no further than batches are taken [ODM-111]', async () => {
  let taken = 0;
  const item = '<ItemData ItemOID="I" Value="0123456789"/>';
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(
      odm('').replace(
        '</ODM>',
        '<ClinicalData StudyOID="S"><SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">',
      ),
    );
    for (;;) {
      taken++;
      yield Buffer.from(item.repeat(1000));
    }
  }
  for await (const { table } of readOdm(source())) if (table === 'item_data') break;
  expect(taken).toBeLessThan(20);
});

it('says at the end what the document said of itself, and throws what is wrong with it [ODM-111]', async () => {
  const summaries: OdmSummary[] = [];
  const source = [Buffer.from(odm(''))];
  for await (const _ of readOdm(source, { onSummary: (summary) => summaries.push(summary), firstKey: 7 }));
  expect(summaries).toMatchObject([{ dialect: 'plain', encoding: 'UTF-8', firstKey: 7, lastKey: 7 }]);
  await expect(tables('<ODM>')).rejects.toMatchObject({ code: 'ODM_TRUNCATED' });
});
