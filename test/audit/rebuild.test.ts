import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rebuildFiles, rebuildRows } from '../../src/audit/rebuild.ts';
import { verifyLedger } from '../../src/audit/verify.ts';
import { entry, Fixture } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.create();
  const ledger = await fixture.open();
  await ledger.append([
    entry('delivery/1', { payload: { b: 1.5, a: ['é', null] }, reason: 'why', before: 'x', after: 'y' }),
    entry('delivery/2', { payload: 'to be redacted', meta: { z: 1, a: { c: true } }, effect: 'done' }),
  ]);
  await ledger.redact(2, 'names a person', 'run-2');
});
afterEach(() => fixture.dispose());

const rows = async () => ({
  ledger: await fixture.connection.rows('SELECT * REPLACE (time::VARCHAR AS time) FROM audit.ledger ORDER BY sequence'),
  payload: await fixture.connection.rows('SELECT * FROM audit.payload ORDER BY sequence'),
});
const files = () => [readFileSync(fixture.ledgerPath, 'utf8'), readFileSync(fixture.payloadPath, 'utf8')];

describe('rebuilding', () => {
  it('makes the rows anew from the files [AUDIT-015]', async () => {
    const before = await rows();
    await fixture.connection.run("UPDATE audit.ledger SET reason = 'another'; DELETE FROM audit.payload");
    await rebuildRows(fixture.connection, fixture.directory);
    expect(await rows()).toEqual(before);
  });

  it('makes the files anew from the rows, byte for byte [AUDIT-015]', async () => {
    const before = files();
    rmSync(fixture.directory, { recursive: true });
    await fixture.connection.run('SELECT 1');
    await expect(fixture.open()).rejects.toMatchObject({ code: 'LEDGER_BEHIND' });
    await rebuildFiles(fixture.connection, fixture.directory);
    expect(files()).toEqual(before);
    await fixture.open();
    const { connection, directory } = fixture;
    expect((await verifyLedger({ directory, connection })).findings.map(({ code }) => code)).toEqual([
      'PAYLOAD_REDACTED',
    ]);
  });

  it('keeps the files that were there [AUDIT-015]', async () => {
    const [first, ...rest] = fixture.lines();
    fixture.writeLines([first.replace('why', 'because'), ...rest]);
    const [changed] = files();
    await rebuildFiles(fixture.connection, fixture.directory);
    expect(fixture.lines()).toEqual([first, ...rest]);
    expect(readdirSync(fixture.directory).sort()).toEqual([
      'ledger.jsonl',
      'ledger.replaced-1',
      'payload.jsonl',
      'payload.replaced-1',
    ]);
    expect(readFileSync(`${fixture.directory}/ledger.replaced-1`, 'utf8')).toBe(changed);
  });

  it('refuses rows that are no chain, and leaves the files [AUDIT-015]', async () => {
    const before = files();
    await fixture.connection.run("UPDATE audit.ledger SET reason = 'another' WHERE sequence = 1");
    await expect(rebuildFiles(fixture.connection, fixture.directory)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
    expect(files()).toEqual(before);
  });

  it('refuses a file that is no chain, and leaves the rows [AUDIT-015]', async () => {
    const before = await rows();
    fixture.writeLines(fixture.lines().toSpliced(1, 1));
    await expect(rebuildRows(fixture.connection, fixture.directory)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
    expect(await rows()).toEqual(before);
  });
});
