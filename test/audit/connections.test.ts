import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/audit/ledger.ts';
import { verifyLedger } from '../../src/audit/verify.ts';
import type { Connection } from '../../src/store/connection.ts';
import { entry, Fixture } from './fixture.ts';

let fixture: Fixture;
let ledger: Ledger;
let one: Connection;
let other: Connection;
beforeEach(async () => {
  fixture = await Fixture.create();
  ledger = await fixture.open();
  one = await fixture.connect();
  other = await fixture.connect();
});
afterEach(() => fixture.dispose());

/** What the ledger was given, as its rows have it, and whether rows and files are one chain. */
async function rows(): Promise<string[]> {
  const { findings } = await verifyLedger({ directory: fixture.directory, connection: fixture.connection });
  expect(findings).toEqual([]);
  const found = await fixture.connection.rows<{ object: string }>('SELECT object FROM audit.ledger ORDER BY sequence');
  return found.map(({ object }) => object);
}

/** Begins a transaction that sees nothing of what is committed from here on. */
async function begin(connection: Connection): Promise<void> {
  await connection.run('BEGIN; FROM audit.ledger');
}

describe('a ledger whose records are committed on several connections [AUDIT-007]', () => {
  it('is one chain, though each transaction began before the others were committed', async () => {
    for (const connection of [one, other]) await begin(connection);
    await ledger.append([entry('a')], one);
    await one.run('COMMIT');
    await ledger.append([entry('b')], other);
    await other.run('COMMIT');
    await ledger.append([entry('c')]);
    expect(await rows()).toEqual(['a', 'b', 'c']);
  });

  it('records what was rolled back on the one when the other appends', async () => {
    for (const connection of [one, other]) await begin(connection);
    await ledger.append([entry('a')], one);
    await one.run('ROLLBACK');
    await ledger.append([entry('b')], other);
    await other.run('COMMIT');
    expect(await rows()).toEqual(['a', 'ledger', 'b']);
  });

  it('does not take for rolled back what a transaction cannot see', async () => {
    await begin(other);
    await ledger.append([entry('a')], one);
    await expect(one.run('SELECT nothing')).rejects.toThrow();
    await ledger.append([entry('b')], other);
    await other.run('COMMIT');
    expect(await rows()).toEqual(['a', 'b']);
  });
});
