import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LedgerEntry, ledgerFiles } from '../../src/audit/ledger.ts';
import { parseSigner } from '../../src/audit/note.ts';
import { rebuildRows } from '../../src/audit/rebuild.ts';
import { takeCheckpoint } from '../../src/audit/take-checkpoint.ts';
import { verifyLedger } from '../../src/audit/verify.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { entry, Fixture } from './fixture.ts';

const SIGNER = parseSigner('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');
// The key pair of RFC 8410, 10.3: someone else's.
const FORGER = parseSigner(
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n',
  'PeterNeumann',
);
const ENTRIES = ['delivery/1', 'delivery/2', 'delivery/3', 'delivery/4'].map((object) =>
  entry(object, { payload: { from: object } }),
);

let fixture: Fixture;
let checkpoint: string;
beforeEach(async () => {
  fixture = await Fixture.create();
  await (await fixture.open()).append(ENTRIES);
  checkpoint = await takeCheckpoint({ directory: fixture.directory, connection: fixture.connection }, SIGNER);
});
afterEach(() => fixture.dispose());

type Against = 'file' | 'rows' | 'checkpoint';

/** The findings, as `CODE` or `CODE sequence`, of the file alone, or with the rows, or with the checkpoint. */
async function found(...against: Against[]): Promise<string[]> {
  const { findings } = await verifyLedger({
    directory: fixture.directory,
    connection: against.includes('rows') ? fixture.connection : undefined,
    ...(against.includes('checkpoint') ? { checkpoints: [checkpoint], publicKey: SIGNER.verifier } : {}),
  });
  return findings.map(({ code, sequence }) => (sequence === undefined ? code : `${code} ${sequence}`));
}

const sql = (text: string) => fixture.connection.run(text);
const edit = (change: (lines: string[]) => string[], path?: string) =>
  fixture.writeLines(change(fixture.lines(path)), path);

/** What an insider does who can write everything: the whole ledger anew, with other entries, in file and rows. */
async function rewrite(entries: LedgerEntry[]): Promise<void> {
  const { ledger, payload } = ledgerFiles(fixture.directory);
  await ledger.replace([]);
  await payload.replace([]);
  await sql('DELETE FROM audit.ledger; DELETE FROM audit.payload');
  await (await fixture.open()).append(entries);
}

describe('each line of the table in docs/audit.md', () => {
  it('nothing was done: nothing is found [AUDIT-016]', async () => {
    expect(await found('rows', 'checkpoint')).toEqual([]);
  });

  it('T1: a record was edited [AUDIT-016]', async () => {
    edit((lines) => lines.with(1, lines[1].replace('delivery/2', 'delivery/7')));
    expect(await found('file')).toEqual(['LEDGER_CHAIN 3']);
    expect(await found('rows')).toEqual(['LEDGER_ROW_CHANGED 2', 'LEDGER_CHAIN 3']);
    expect(await found('checkpoint')).toEqual(['LEDGER_CHAIN 3', 'CHECKPOINT_ROOT']);
  });

  it('T2: the last record was edited: only rows or a checkpoint show it [AUDIT-016]', async () => {
    edit((lines) => lines.with(3, lines[3].replace('delivery/4', 'delivery/7')));
    expect(await found('file')).toEqual([]);
    expect(await found('rows')).toEqual(['LEDGER_ROW_CHANGED 4']);
    expect(await found('checkpoint')).toEqual(['CHECKPOINT_ROOT']);
  });

  it('T3: a record was written in another way [AUDIT-016]', async () => {
    edit((lines) => lines.with(1, lines[1].replace('{"action"', '{ "action"')));
    expect(await found('file')).toEqual(['LEDGER_NOT_CANONICAL 2', 'LEDGER_CHAIN 3', 'PAYLOAD_UNKNOWN 2']);
  });

  it('T4: a record was taken out of the middle [AUDIT-016]', async () => {
    edit((lines) => lines.toSpliced(1, 1));
    expect(await found('file')).toEqual(['LEDGER_SEQUENCE 3', 'LEDGER_CHAIN 3', 'PAYLOAD_UNKNOWN 2']);
    expect(await found('rows')).toContain('LEDGER_ROW_UNKNOWN 2');
    expect(await found('checkpoint')).toContain('CHECKPOINT_SIZE');
  });

  it('T5: a record was put into the middle [AUDIT-016]', async () => {
    edit((lines) => lines.toSpliced(1, 0, lines[1].replace('delivery/2', 'delivery/7')));
    expect(await found('file')).toEqual(['LEDGER_SEQUENCE 2', 'LEDGER_CHAIN 2']);
  });

  it('T6: two records were swapped [AUDIT-016]', async () => {
    edit(([first, second, third, fourth]) => [first, third, second, fourth]);
    expect(await found('file')).toEqual([
      'LEDGER_SEQUENCE 3',
      'LEDGER_CHAIN 3',
      'LEDGER_SEQUENCE 2',
      'LEDGER_CHAIN 2',
      'LEDGER_SEQUENCE 4',
      'LEDGER_CHAIN 4',
    ]);
  });

  it('T7: the end of the file was cut off, the rows were not [AUDIT-016]', async () => {
    edit((lines) => lines.slice(0, 2));
    edit((lines) => lines.slice(0, 2), fixture.payloadPath);
    expect(await found('file')).toEqual([]);
    expect(await found('rows')).toEqual([
      'LEDGER_ROW_UNKNOWN 3',
      'LEDGER_ROW_UNKNOWN 4',
      'PAYLOAD_ROW_UNKNOWN 3',
      'PAYLOAD_ROW_UNKNOWN 4',
    ]);
    expect(await found('checkpoint')).toEqual(['CHECKPOINT_SIZE']);
  });

  it('T8: the end was cut off, of file and rows: only a checkpoint shows it [AUDIT-016]', async () => {
    edit((lines) => lines.slice(0, 2));
    edit((lines) => lines.slice(0, 2), fixture.payloadPath);
    await sql('DELETE FROM audit.ledger WHERE sequence > 2; DELETE FROM audit.payload WHERE sequence > 2');
    expect(await found('rows')).toEqual([]);
    expect(await found('checkpoint')).toEqual(['CHECKPOINT_SIZE']);
  });

  it('T9: the file was rewritten, hashes and all, the rows were not [AUDIT-016]', async () => {
    const other = await Fixture.create();
    await (await other.open()).append(ENTRIES.with(1, entry('delivery/7', { payload: { from: 'delivery/2' } })));
    fixture.writeLines(other.lines());
    fixture.writeLines(other.lines(other.payloadPath), fixture.payloadPath);
    other.dispose();
    expect(await found('file')).toEqual([]);
    expect(await found('rows')).toEqual(['LEDGER_ROW_CHANGED 2', 'LEDGER_ROW_CHANGED 3', 'LEDGER_ROW_CHANGED 4']);
    expect(await found('checkpoint')).toEqual(['CHECKPOINT_ROOT']);
  });

  it('T10: everything was rewritten, file and rows: only a checkpoint shows it [AUDIT-016]', async () => {
    await rewrite(ENTRIES.with(1, entry('delivery/7', { payload: 7 })));
    expect(await found('rows')).toEqual([]);
    expect(await found('checkpoint')).toEqual(['CHECKPOINT_ROOT']);
  });

  it('T11: everything was taken away, file and rows: only a checkpoint shows it [AUDIT-016]', async () => {
    await rewrite([]);
    expect(await found('rows')).toEqual([]);
    expect(await found('checkpoint')).toEqual(['CHECKPOINT_SIZE']);
  });

  it('T12: a false record was appended in due form: nothing shows it [AUDIT-016]', async () => {
    await (await fixture.open()).append([entry('delivery/never')]);
    expect(await found('rows', 'checkpoint')).toEqual([]);
  });

  it('T13: a payload was edited, or its salt [AUDIT-016]', async () => {
    const path = fixture.payloadPath;
    edit((lines) => lines.with(1, lines[1].replace('delivery/2', 'delivery/7')), path);
    edit((lines) => lines.with(2, lines[2].replace('"02', '"12')), path);
    expect(await found('file')).toEqual(['PAYLOAD_CHANGED 2', 'PAYLOAD_CHANGED 3']);
    expect(await found('rows')).toEqual([
      'PAYLOAD_CHANGED 2',
      'PAYLOAD_ROW_CHANGED 2',
      'PAYLOAD_CHANGED 3',
      'PAYLOAD_ROW_CHANGED 3',
    ]);
  });

  it('T14: a payload was taken away [AUDIT-016]', async () => {
    edit((lines) => lines.toSpliced(1, 1), fixture.payloadPath);
    expect(await found('file')).toEqual(['PAYLOAD_MISSING 2']);
  });

  it('T15: a payload was put in that no record has, or twice [AUDIT-016]', async () => {
    edit((lines) => [...lines, lines[3], lines[3].replace('"sequence":4', '"sequence":9')], fixture.payloadPath);
    expect(await found('file')).toEqual(['PAYLOAD_UNKNOWN 4', 'PAYLOAD_UNKNOWN 9']);
  });

  it('T16: a payload was made to look redacted [AUDIT-016]', async () => {
    edit((lines) => lines.with(1, '{"redacted":3,"sequence":2}'), fixture.payloadPath);
    expect(await found('file')).toEqual(['PAYLOAD_REDACTION_UNRECORDED 2']);
  });

  it('T17: a payload was redacted in due form: reported, and no error [AUDIT-016]', async () => {
    await (await fixture.open()).redact(2, 'names a person', 'run-2');
    expect(await found('rows', 'checkpoint')).toEqual(['PAYLOAD_REDACTED 2']);
  });

  it('T18: a redacted payload was put back, or its redaction not finished [AUDIT-016]', async () => {
    const payloads = fixture.lines(fixture.payloadPath);
    await (await fixture.open()).redact(2, 'names a person', 'run-2');
    fixture.writeLines(payloads, fixture.payloadPath);
    expect(await found('file')).toEqual(['PAYLOAD_REDACTION_UNFINISHED 2']);
    expect(await found('rows')).toEqual(['PAYLOAD_REDACTION_UNFINISHED 2', 'PAYLOAD_ROW_CHANGED 2']);
  });

  it.each([
    "action = 'x'",
    'time = time + INTERVAL 1 MICROSECOND',
    "time = 'infinity'",
    'reason = NULL',
    'before_hash = NULL',
    "hash = '00'",
    "meta = '{ }'",
    'format = 2',
    "payload_hash = '00'",
  ])('T19: a row was changed: %s [AUDIT-016]', async (change) => {
    await rewrite(ENTRIES.with(1, entry('delivery/2', { reason: 'r', before: 'b', payload: 1 })));
    await sql(`UPDATE audit.ledger SET ${change} WHERE sequence = 2`);
    expect(await found('rows')).toEqual(['LEDGER_ROW_CHANGED 2']);
  });

  it('T20: a row was put in, or twice [AUDIT-016]', async () => {
    await sql('INSERT INTO audit.ledger SELECT * FROM audit.ledger WHERE sequence = 2');
    await sql('INSERT INTO audit.ledger SELECT * REPLACE (9 AS sequence) FROM audit.ledger WHERE sequence = 4');
    expect(await found('rows')).toEqual(['LEDGER_ROW_UNKNOWN 2', 'LEDGER_ROW_UNKNOWN 9']);
  });

  it('T21: a row was taken away [AUDIT-016]', async () => {
    await sql('DELETE FROM audit.ledger WHERE sequence IN (2, 4)');
    expect(await found('rows')).toEqual(['LEDGER_ROW_MISSING 2', 'LEDGER_ROW_MISSING 4']);
  });

  it('T22: the row of a payload was changed, taken away or put in [AUDIT-016]', async () => {
    await sql(`UPDATE audit.payload SET payload = '"other"' WHERE sequence = 1`);
    await sql('DELETE FROM audit.payload WHERE sequence = 2');
    await sql("INSERT INTO audit.payload VALUES (9, '00', '1', NULL)");
    expect(await found('rows')).toEqual(['PAYLOAD_ROW_CHANGED 1', 'PAYLOAD_ROW_MISSING 2', 'PAYLOAD_ROW_UNKNOWN 9']);
  });

  it('T23: a checkpoint was forged with another key: the public key shows it [AUDIT-016]', async () => {
    await rewrite([]);
    const { directory } = fixture;
    const forged = await takeCheckpoint({ directory }, FORGER);
    const codes = async (publicKey = SIGNER.verifier) =>
      (await verifyLedger({ directory, checkpoints: [forged], publicKey })).findings.map(({ code }) => code);
    expect(await codes()).toEqual(['CHECKPOINT_SIGNATURE']);
    expect((await verifyLedger({ directory, checkpoints: [forged] })).findings).toMatchObject([
      { code: 'CHECKPOINT_NOT_VERIFIED', severity: 'notice' },
    ]);
  });

  it('T24: a checkpoint was edited [AUDIT-016]', async () => {
    const { directory } = fixture;
    const checkpoints = [checkpoint.replace('\n4\n', '\n3\n'), 'no note'];
    const { findings } = await verifyLedger({ directory, checkpoints, publicKey: SIGNER.verifier });
    expect(findings.map(({ code }) => code)).toEqual(['CHECKPOINT_SIGNATURE', 'CHECKPOINT_MALFORMED']);
  });

  it('T25: the clock was set back [AUDIT-016]', async () => {
    await (await fixture.open({ clock: fixedClock('2026-03-27T07:59:59Z') })).append([entry('delivery/5')]);
    expect(await found('rows', 'checkpoint')).toEqual(['LEDGER_TIME 5']);
  });
});

describe('verifying', () => {
  it('finds older checkpoints in a ledger that went on [AUDIT-017]', async () => {
    const { directory } = fixture;
    const empty = await takeCheckpoint({ directory: `${directory}-none` }, SIGNER);
    await (await fixture.open()).append(ENTRIES);
    const { records, findings } = await verifyLedger({
      directory,
      checkpoints: [checkpoint, empty],
      publicKey: SIGNER.verifier,
    });
    expect({ records, findings }).toEqual({ records: 8, findings: [] });
  });

  it('reports what a crash left behind [AUDIT-017]', async () => {
    await sql('DELETE FROM audit.ledger WHERE sequence = 4; DELETE FROM audit.payload WHERE sequence = 4');
    appendFileSync(fixture.ledgerPath, '{"action"');
    appendFileSync(fixture.payloadPath, '{"payload"');
    expect(await found('rows')).toEqual([
      'LEDGER_ROW_MISSING 4',
      'LEDGER_TORN',
      'PAYLOAD_ROW_MISSING 4',
      'LEDGER_TORN',
    ]);
  });

  it('will not sign a ledger that does not verify [AUDIT-017]', async () => {
    edit((lines) => lines.toSpliced(1, 1));
    await expect(takeCheckpoint({ directory: fixture.directory }, SIGNER)).rejects.toMatchObject({
      kind: 'data',
      code: 'LEDGER_NOT_VERIFIED',
    });
  });

  it('will not sign a ledger that forgot an earlier checkpoint [AUDIT-017]', async () => {
    await rewrite(ENTRIES.slice(0, 2));
    const { directory } = fixture;
    await expect(takeCheckpoint({ directory, checkpoints: [checkpoint] }, SIGNER)).rejects.toMatchObject({
      code: 'LEDGER_NOT_VERIFIED',
    });
  });

  it('changes nothing [AUDIT-017]', async () => {
    await rebuildRows(fixture.connection, fixture.directory);
    const before = [fixture.lines(), fixture.lines(fixture.payloadPath), await fixture.count('audit.ledger')];
    await found('rows', 'checkpoint');
    expect([fixture.lines(), fixture.lines(fixture.payloadPath), await fixture.count('audit.ledger')]).toEqual(before);
  });
});
