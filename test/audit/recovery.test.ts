import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/audit/verify.ts';
import { entry, Fixture } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.create();
});
afterEach(() => fixture.dispose());

const history = () =>
  fixture.connection.rows<{ object: string; outcome: string }>('SELECT object, outcome FROM audit.history');
const errors = async () =>
  (await verifyLedger({ directory: fixture.directory, connection: fixture.connection })).findings;

class Cancelled extends Error {}

/** A transaction that appends and then rolls back. */
async function rolledBack(append: () => Promise<unknown>): Promise<void> {
  const work = fixture.connection.transaction(async () => {
    await append();
    throw new Cancelled();
  });
  await expect(work).rejects.toThrow(Cancelled);
}

describe('a transaction', () => {
  it('that commits has its record, committed [AUDIT-007]', async () => {
    const ledger = await fixture.open();
    await fixture.connection.transaction(() => ledger.append([entry('delivery/1')]));
    await ledger.append([entry('delivery/2')]);
    expect(await history()).toEqual([
      { object: 'delivery/1', outcome: 'committed' },
      { object: 'delivery/2', outcome: 'committed' },
    ]);
  });

  it('that rolls back leaves a record that says so, told by the next append [AUDIT-007]', async () => {
    const ledger = await fixture.open();
    await rolledBack(() => ledger.append([entry('delivery/1', { payload: 1 }), entry('log', { effect: 'done' })]));
    expect(await fixture.count('audit.ledger')).toBe(0);
    await ledger.append([entry('delivery/2')]);
    expect(await history()).toEqual([
      { object: 'delivery/1', outcome: 'not in this database' },
      { object: 'log', outcome: 'done' },
      { object: 'ledger', outcome: 'done' },
      { object: 'delivery/2', outcome: 'committed' },
    ]);
    expect(JSON.parse(fixture.lines()[2])).toMatchObject({
      action: 'ledger.recovery',
      correlationId: 'run-1',
      meta: { first: 1, last: 1, torn: [] },
    });
    expect(await errors()).toEqual([]);
  });

  it('that rolls back after another did leaves both told [AUDIT-007]', async () => {
    const ledger = await fixture.open();
    await rolledBack(() => ledger.append([entry('delivery/1')]));
    await rolledBack(() => ledger.append([entry('delivery/2')]));
    await fixture.connection.transaction(async () => {
      await ledger.append([entry('delivery/3')]);
      await ledger.append([entry('delivery/4')]);
    });
    expect((await history()).filter(({ object }) => object !== 'ledger')).toEqual([
      { object: 'delivery/1', outcome: 'not in this database' },
      { object: 'delivery/2', outcome: 'not in this database' },
      { object: 'delivery/3', outcome: 'committed' },
      { object: 'delivery/4', outcome: 'committed' },
    ]);
    expect(await errors()).toEqual([]);
  });

  it('that is cut short by a crash is told by the next open [AUDIT-007]', async () => {
    const ledger = await fixture.open();
    await ledger.append([entry('delivery/1')]);
    await rolledBack(() => ledger.append([entry('delivery/2')]));
    await fixture.open();
    expect(await history()).toEqual([
      { object: 'delivery/1', outcome: 'committed' },
      { object: 'delivery/2', outcome: 'not in this database' },
      { object: 'ledger', outcome: 'done' },
    ]);
    expect(await errors()).toEqual([]);
  });
});

describe('a crash while the files are written', () => {
  it('at any byte leaves a chain without gap or fork, and what was torn is kept and recorded [AUDIT-007]', async () => {
    const ledger = await fixture.open();
    await ledger.append([entry('delivery/1', { payload: 'first' })]);
    const before = { ledger: readFileSync(fixture.ledgerPath), payload: readFileSync(fixture.payloadPath) };
    await rolledBack(() =>
      ledger.append([entry('délivery/2', { payload: 'zwölf' }), entry('delivery/3', { payload: 3 })]),
    );
    const after = { ledger: readFileSync(fixture.ledgerPath), payload: readFileSync(fixture.payloadPath) };

    const crash = async (payload: Buffer, records: Buffer): Promise<void> => {
      for (const name of readdirSync(fixture.directory)) rmSync(join(fixture.directory, name));
      await fixture.connection.run('DELETE FROM audit.ledger WHERE sequence > 1');
      await fixture.connection.run('DELETE FROM audit.payload WHERE sequence > 1');
      writeFileSync(fixture.payloadPath, payload);
      writeFileSync(fixture.ledgerPath, records);
      const reopened = await fixture.open();
      await reopened.append([entry('delivery/9', { payload: 9 })]);
      const { findings } = await verifyLedger({ directory: fixture.directory, connection: fixture.connection });
      expect(findings).toEqual([]);

      const lines = fixture.lines();
      const whole = records.toString('latin1').split('\n').length - 1;
      expect(lines.slice(0, whole)).toEqual(records.toString('utf8').split('\n').slice(0, whole));
      expect(lines.at(-1)).toContain('delivery/9');
      const torn = readdirSync(fixture.directory).filter((name) => name.includes('torn'));
      const told = lines.map((line) => JSON.parse(line)).filter(({ action }) => action === 'ledger.recovery');
      expect(told.flatMap(({ meta }) => meta.torn.map((part: { file: string }) => part.file)).sort()).toEqual(
        torn.sort(),
      );
    };

    for (let end = before.payload.length; end < after.payload.length; end += 9) {
      await crash(after.payload.subarray(0, end), before.ledger);
    }
    for (let end = before.ledger.length; end <= after.ledger.length; end += 9) {
      await crash(after.payload, after.ledger.subarray(0, end));
    }
    for (const end of [after.ledger.indexOf(10, before.ledger.length) + 1, after.ledger.length]) {
      await crash(after.payload, after.ledger.subarray(0, end));
    }
  });

  it('keeps the torn bytes as they were [AUDIT-007]', async () => {
    await (await fixture.open()).append([entry('delivery/1')]);
    appendFileSync(fixture.ledgerPath, '{"action":"deliv');
    await fixture.open();
    expect(readFileSync(join(fixture.directory, 'ledger.torn-1'), 'utf8')).toBe('{"action":"deliv');
    // SHA-256 of the sixteen bytes, by sha256sum
    expect(JSON.parse(fixture.lines()[1])).toMatchObject({
      action: 'ledger.recovery',
      meta: {
        first: null,
        torn: [
          {
            file: 'ledger.torn-1',
            bytes: 16,
            sha256: '0c8f8fc74eb6d702006d5c96be8bd0d9d5e7a0a0bce80905aa8db78592dc1758',
          },
        ],
      },
    });
  });
});

describe('a ledger and a database that do not belong together', () => {
  it('a new database gets the history, and it says that it holds none of it [AUDIT-007]', async () => {
    const ledger = await fixture.open();
    await ledger.append([entry('delivery/1', { payload: 1 }), entry('sdtm/ae.xpt', { effect: 'done' })]);
    await fixture.newDatabase('second.duckdb');
    await fixture.open();
    expect(await history()).toEqual([
      { object: 'delivery/1', outcome: 'not in this database' },
      { object: 'sdtm/ae.xpt', outcome: 'done' },
      { object: 'ledger', outcome: 'done' },
    ]);
    expect(await errors()).toEqual([]);
  });

  it('a restored older database gets what came after it, and says that it does not hold it [AUDIT-007]', async () => {
    await (await fixture.open()).append([entry('delivery/1')]);
    fixture.closeDatabase();
    copyFileSync(join(fixture.root, 'first.duckdb'), join(fixture.root, 'backup.duckdb'));
    await fixture.openDatabase('first.duckdb');
    await (await fixture.open()).append([entry('delivery/2')]);
    fixture.closeDatabase();
    await fixture.openDatabase('backup.duckdb');
    await fixture.open();
    expect(await history()).toEqual([
      { object: 'delivery/1', outcome: 'committed' },
      { object: 'delivery/2', outcome: 'not in this database' },
      { object: 'ledger', outcome: 'done' },
    ]);
  });

  it('a file that ends before the rows do is refused [AUDIT-007]', async () => {
    await (await fixture.open()).append([entry('delivery/1'), entry('delivery/2')]);
    fixture.writeLines(fixture.lines().slice(0, 1));
    await expect(fixture.open()).rejects.toMatchObject({ kind: 'fault', code: 'LEDGER_BEHIND' });
    truncateSync(fixture.ledgerPath);
    await expect(fixture.open()).rejects.toMatchObject({ code: 'LEDGER_BEHIND' });
    rmSync(fixture.ledgerPath);
    await expect(fixture.open()).rejects.toMatchObject({ code: 'LEDGER_BEHIND' });
  });

  it('a file that differs from the rows is refused [AUDIT-007]', async () => {
    await (await fixture.open()).append([entry('delivery/1'), entry('delivery/2')]);
    fixture.writeLines(fixture.lines().map((line) => line.replace('delivery/2', 'delivery/3')));
    await expect(fixture.open()).rejects.toMatchObject({ code: 'LEDGER_FORKED' });
  });

  it('a file that is damaged before its end is refused, and nothing is cut off [AUDIT-007]', async () => {
    await (await fixture.open()).append([entry('delivery/1'), entry('delivery/2'), entry('delivery/3')]);
    await fixture.newDatabase('second.duckdb');
    const [first, second, third] = fixture.lines();
    for (const lines of [
      [first, second.slice(1), third],
      [first, third],
      [first, second.replace('delivery/2', 'delivery/4'), third],
    ]) {
      fixture.writeLines(lines);
      await expect(fixture.open()).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
      expect(fixture.lines()).toEqual(lines);
    }
  });
});
