import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WarehouseEvent } from '../../../src/lib/events.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, states } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.site AS SELECT * FROM (VALUES ('01', 'open', 'Ames'), ('02', 'open', 'Bell')) t(site, status, name)`);
});
afterEach(() => file.remove());

const sql = (statement: string) => file.connection.run(statement);
const on = (day: string) => ({ clock: () => new Date(`2026-03-${day}T08:00:00Z`) });

/** `01 open 27..28`: what held from which day to which. */
async function versions(columns = 'site, status'): Promise<string[]> {
  const rows = await file.connection.rows<{ v: string }>(`
    SELECT concat_ws(' ', ${columns}, strftime(valid_from, '%d') || '..' || coalesce(strftime(valid_to, '%d'), '')) AS v
    FROM work.site ORDER BY site, valid_from`);
  return rows.map(({ v }) => v);
}

const SITE = model('work.site', 'SELECT * FROM raw.site', { materialized: 'snapshot', unique_key: 'site' });

describe('a snapshot [MODEL-049]', () => {
  it('keeps every version of a row with the time for which it held', async () => {
    expect(states(await run(file, [SITE], on('01')))).toEqual(['work.site built: new']);
    await sql("UPDATE raw.site SET status = 'closed' WHERE site = '01'");
    await run(file, [SITE], on('02'));
    expect(await versions()).toEqual(['01 open 01..02', '01 closed 02..', '02 open 01..']);
    expect(states(await run(file, [SITE], on('03')))).toEqual(['work.site skipped: unchanged']);
  });

  it('ends what is gone, opens what comes back, and never touches what has ended', async () => {
    await run(file, [SITE], on('01'));
    await sql("DELETE FROM raw.site WHERE site = '02'");
    await run(file, [SITE], on('02'));
    await sql("INSERT INTO raw.site VALUES ('02', 'open', 'Bell'), ('03', 'new', NULL)");
    await run(file, [SITE], on('03'));
    expect(await versions()).toEqual(['01 open 01..', '02 open 01..02', '02 open 03..', '03 new 03..']);
  });

  it('takes from and until from updated_at, and heeds nothing else then', async () => {
    await sql("ALTER TABLE raw.site ADD COLUMN seen TIMESTAMP; UPDATE raw.site SET seen = '2026-02-10'");
    const site = model('work.site', SITE.sql, { materialized: 'snapshot', unique_key: 'site', updated_at: 'seen' });
    await run(file, [site], on('01'));
    await sql("UPDATE raw.site SET status = 'closed', seen = '2026-02-20' WHERE site = '01'");
    await sql("UPDATE raw.site SET status = 'unseen' WHERE site = '02'");
    await run(file, [site], on('02'));
    expect(await versions()).toEqual(['01 open 10..20', '01 closed 20..', '02 open 10..']);
  });

  const SEEN = (type: string) =>
    model('work.site', `SELECT site, status, name, CAST(seen AS ${type}) AS seen FROM raw.site`, {
      materialized: 'snapshot',
      unique_key: 'site',
      updated_at: 'seen',
    });
  const all = async () =>
    (
      await file.connection.rows<{ v: string }>(
        `SELECT concat_ws(' ', site, status, valid_from, '..', valid_to) AS v FROM work.site ORDER BY site, valid_from, valid_to`,
      )
    ).map(({ v }) => v);

  it('takes a time with an offset for UTC, and refuses a text, which is no time', async () => {
    await sql("ALTER TABLE raw.site ADD COLUMN seen VARCHAR; DELETE FROM raw.site WHERE site = '02'");
    await sql("UPDATE raw.site SET seen = '2026-02-10T10:00:00+05:00'");
    const [{ error }] = (await run(file, [SEEN('VARCHAR')], on('01'))).models;
    expect(error).toMatchObject({ kind: 'usage', code: 'SNAPSHOT_UPDATED_AT' });
    await run(file, [SEEN('TIMESTAMPTZ')], on('01'));
    await sql("UPDATE raw.site SET seen = '2026-02-10T08:00:00Z', status = 'closed'");
    await run(file, [SEEN('TIMESTAMPTZ')], on('02'));
    expect(await all()).toEqual([
      '01 open 2026-02-10 05:00:00 .. 2026-02-10 08:00:00',
      '01 closed 2026-02-10 08:00:00 ..',
    ]);
  });

  it('has no version that ends before it begins, and none that lies over another', async () => {
    await sql(
      "ALTER TABLE raw.site ADD COLUMN seen TIMESTAMP; UPDATE raw.site SET seen = '2030-01-01' WHERE site = '01'",
    );
    await sql("UPDATE raw.site SET seen = '2026-01-01' WHERE site = '02'");
    await run(file, [SEEN('TIMESTAMP')], on('01'));
    await sql('CREATE TABLE raw.gone AS FROM raw.site; DELETE FROM raw.site');
    await run(file, [SEEN('TIMESTAMP')], on('02'));
    await sql('INSERT INTO raw.site FROM raw.gone');
    await run(file, [SEEN('TIMESTAMP')], on('03'));
    await sql("UPDATE raw.site SET seen = '2026-02-01', status = 'closed' WHERE site = '02'");
    await run(file, [SEEN('TIMESTAMP')], on('04'));
    expect(await all()).toEqual([
      '01 open 2030-01-01 00:00:00 .. 2030-01-01 00:00:00',
      '01 open 2030-01-01 00:00:00 ..',
      '02 open 2026-01-01 00:00:00 .. 2026-03-02 08:00:00',
      '02 open 2026-03-03 08:00:00 .. 2026-03-03 08:00:00',
      '02 closed 2026-03-03 08:00:00 ..',
    ]);
  });

  it('goes on where it gets an updated_at, and is refused another key, which its versions do not have', async () => {
    await run(file, [SITE], on('01'));
    await sql(
      "ALTER TABLE raw.site ADD COLUMN seen TIMESTAMP; UPDATE raw.site SET seen = '2026-03-05' WHERE site = '01'",
    );
    await run(file, [SEEN('TIMESTAMP')], on('06'));
    expect(await versions()).toEqual(['01 open 01..05', '01 open 05..', '02 open 01..']);
    const wider = model('work.site', 'SELECT *, 1 AS part FROM raw.site', {
      materialized: 'snapshot',
      unique_key: ['site', 'part'],
    });
    const [{ error }] = (await run(file, [wider], on('07'))).models;
    expect(error).toMatchObject({ kind: 'usage', code: 'SNAPSHOT_KEY' });
    expect(await versions()).toHaveLength(3);
  });

  it('sees a change that a collation does not', async () => {
    const site = { ...SITE, sql: 'SELECT site, status COLLATE NOCASE AS status FROM raw.site' };
    await run(file, [site], on('01'));
    await sql("UPDATE raw.site SET status = 'OPEN' WHERE site = '01'");
    await run(file, [site], on('02'));
    expect(await versions()).toEqual(['01 open 01..02', '01 OPEN 02..', '02 open 01..']);
  });

  it('heeds only the columns of check_cols where there are some', async () => {
    const site = model('work.site', SITE.sql, { materialized: 'snapshot', unique_key: 'site', check_cols: 'status' });
    await run(file, [site], on('01'));
    await sql("UPDATE raw.site SET name = 'Other'");
    await run(file, [site], on('02'));
    expect(await versions('site, name')).toEqual(['01 Ames 01..', '02 Bell 01..']);
  });

  it('keeps its history through other SQL, new and lost columns and a full refresh', async () => {
    await run(file, [SITE], on('01'));
    const wider = { ...SITE, sql: "SELECT site, status, status = 'open' AS is_open FROM raw.site" };
    await run(file, [wider], on('02'));
    expect(await versions('site, status, name, is_open')).toEqual([
      '01 open Ames 01..02',
      '01 open true 02..',
      '02 open Bell 01..02',
      '02 open true 02..',
    ]);
    await sql("UPDATE raw.site SET status = 'closed' WHERE site = '01'");
    await run(file, [wider], { ...on('03'), fullRefresh: true });
    expect(await versions()).toEqual([
      '01 open 01..02',
      '01 open 02..03',
      '01 closed 03..',
      '02 open 01..02',
      '02 open 02..',
    ]);
  });

  it('stays where its file is gone, and says so; with its file it goes on', async () => {
    await run(file, [SITE], on('01'));
    const told: WarehouseEvent[] = [];
    await run(file, [], { ...on('02'), events: (event) => told.push(event) });
    expect(told).toContainEqual(expect.objectContaining({ code: 'SNAPSHOT_KEPT' }));
    await sql("UPDATE raw.site SET status = 'closed' WHERE site = '01'");
    await run(file, [SITE], on('03'));
    expect(await versions()).toEqual(['01 open 01..03', '01 closed 03..', '02 open 01..']);
  });

  it('is not turned into a table, which would lose its history', async () => {
    await run(file, [SITE], on('01'));
    const [{ error }] = (await run(file, [model('work.site', SITE.sql)], on('02'))).models;
    expect(error).toMatchObject({ kind: 'usage', code: 'SNAPSHOT_HISTORY' });
    expect(await versions()).toHaveLength(2);
  });

  it('begins with what a table of its name holds now', async () => {
    await run(file, [model('work.site', SITE.sql)], on('01'));
    await run(file, [SITE], on('02'));
    expect(await versions()).toEqual(['01 open 02..', '02 open 02..']);
  });

  it('is refused where a column would be of another type, which could change what has ended', async () => {
    await sql('ALTER TABLE raw.site ADD COLUMN n BIGINT; UPDATE raw.site SET n = 9007199254740993');
    await run(file, [SITE], on('01'));
    await sql('ALTER TABLE raw.site ALTER n TYPE DOUBLE');
    expect((await run(file, [SITE], on('02'))).models[0].error).toMatchObject({
      kind: 'usage',
      code: 'SNAPSHOT_TYPE',
      message: 'Column n is DOUBLE, and BIGINT in the versions that the snapshot has.',
      next: 'Cast it to BIGINT, or give the column another name.',
    });
    expect(await versions('n::VARCHAR')).toEqual(['9007199254740993 01..', '9007199254740993 01..']);
  });

  it('is refused where several rows have one key, or a column has the name of one of its own', async () => {
    await sql("INSERT INTO raw.site VALUES ('01', 'x', 'y')");
    expect((await run(file, [SITE])).models[0].error).toMatchObject({ code: 'UNIQUE_KEY_REPEATS' });
    const named = model('work.site', 'SELECT site, 1 AS VALID_TO FROM raw.site', {
      materialized: 'snapshot',
      unique_key: 'site',
    });
    expect((await run(file, [named])).models[0].error).toMatchObject({ code: 'SNAPSHOT_COLUMN' });
  });
});
