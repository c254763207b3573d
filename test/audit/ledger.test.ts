import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src/audit/ledger.ts';
import { verifyLedger } from '../../src/audit/verify.ts';
import { entry, Fixture } from './fixture.ts';

// The format, written by hand after docs/audit.md; hashes by Python's hashlib.
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const COMMITMENT = 'ada758914f5cb701c5206b1f677cbf8067e797df89c57ac2adce4fa91eea9925';
const FIRST_HASH = 'bc5164ea1954d390e25b148d8b89917306dcb2fffeebdf44bcf1a71573cae502';
const SECOND_HASH = 'd27d8abb96c86c57f52fc0d38455dee5f39b48a3d6d23fe4936fc406eff8bcd7';
const ROOT = '7e705183502f121d09c5c02d11c6588fdeccca368428dd0dce14ad18435b4f31';
const FIRST =
  '{"action":"delivery.load","actor":{"name":"somebody","proof":"os-user"},"after":"bb","before":"aa",' +
  '"correlationId":"run-1","effect":"commit","format":1,"meta":{"parts":1,"source":"edc"},"object":"delivery/1",' +
  `"payload":"${COMMITMENT}","previous":"${EMPTY}","reason":"first transfer","sequence":1,` +
  '"time":"2026-03-27T08:00:00.500Z"}';
const SECOND =
  '{"action":"export.write","actor":{"name":"somebody","proof":"os-user"},"after":null,"before":null,' +
  '"correlationId":"run-1","effect":"done","format":1,"meta":{},"object":"sdtm/ae.xpt","payload":null,' +
  `"previous":"${FIRST_HASH}","reason":null,"sequence":2,"time":"2026-03-27T08:00:00.500Z"}`;
const PAYLOAD = `{"payload":{"rows":3,"subject":"0012"},"salt":"${'00'.repeat(32)}","sequence":1}`;

const ENTRIES: LedgerEntry[] = [
  {
    action: 'delivery.load',
    object: 'delivery/1',
    reason: 'first transfer',
    correlationId: 'run-1',
    before: 'aa',
    after: 'bb',
    meta: { source: 'edc', parts: 1 },
    payload: { subject: '0012', rows: 3 },
  },
  { action: 'export.write', object: 'sdtm/ae.xpt', correlationId: 'run-1', effect: 'done' },
];

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.create();
});
afterEach(() => fixture.dispose());

describe('the ledger', () => {
  it('writes the lines that the format prescribes, byte for byte [AUDIT-003] [AUDIT-004]', async () => {
    const ledger = await fixture.open();
    expect(ledger.head()).toEqual({ size: 0, hash: EMPTY });
    await ledger.append(ENTRIES);
    expect(fixture.lines()).toEqual([FIRST, SECOND]);
    expect(fixture.lines(fixture.payloadPath)).toEqual([PAYLOAD]);
    expect(ledger.head()).toEqual({ size: 2, hash: SECOND_HASH });
    const { records, root, findings } = await verifyLedger({ directory: fixture.directory });
    expect({ records, root: root.toString('hex'), findings }).toEqual({ records: 2, root: ROOT, findings: [] });
  });

  it('writes the same into rows [AUDIT-005]', async () => {
    await (await fixture.open()).append(ENTRIES);
    const rows = await fixture.connection.rows('SELECT * REPLACE (time::VARCHAR AS time) FROM audit.ledger');
    expect(rows[0]).toEqual({
      sequence: 1n,
      time: '2026-03-27 08:00:00.5',
      actor: 'somebody',
      actor_proof: 'os-user',
      action: 'delivery.load',
      object: 'delivery/1',
      effect: 'commit',
      reason: 'first transfer',
      correlation_id: 'run-1',
      before_hash: 'aa',
      after_hash: 'bb',
      meta: '{"parts":1,"source":"edc"}',
      payload_hash: COMMITMENT,
      previous_hash: EMPTY,
      hash: FIRST_HASH,
      format: 1,
    });
    expect(rows[1]).toMatchObject({ sequence: 2n, reason: null, payload_hash: null, hash: SECOND_HASH });
    expect(await fixture.connection.rows('SELECT * FROM audit.payload')).toEqual([
      { sequence: 1n, salt: '00'.repeat(32), payload: '{"rows":3,"subject":"0012"}', redacted_by: null },
    ]);
  });

  it('goes on where it ended [AUDIT-003]', async () => {
    await (await fixture.open()).append(ENTRIES);
    const ledger = await fixture.open({ actor: { name: 'ci', proof: 'environment' } });
    expect(ledger.head()).toEqual({ size: 2, hash: SECOND_HASH });
    const [third] = await ledger.append([entry('delivery/2')]);
    expect(third).toMatchObject({ sequence: 3, previous: SECOND_HASH, actor: { name: 'ci', proof: 'environment' } });
  });

  it('keeps hostile texts as they are [AUDIT-005]', async () => {
    const text = '\u0000"\\\n\u2028\u{1f600} \ufeff e\u0301';
    await (await fixture.open()).append([
      entry(text, {
        reason: text,
        correlationId: text,
        before: text,
        after: '',
        meta: { [text]: text },
        payload: text,
      }),
    ]);
    const { connection, directory } = fixture;
    expect((await verifyLedger({ directory, connection })).findings).toEqual([]);
    expect(await connection.row('SELECT object, payload FROM audit.history')).toEqual({
      object: text,
      payload: JSON.stringify(text),
    });
  });

  it('keeps order when appends are not waited for [AUDIT-003]', async () => {
    const ledger = await fixture.open();
    const records = await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.append([entry(`delivery/${n}`)])));
    expect(records.flat().map((record) => record.sequence)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    const { connection, directory } = fixture;
    expect((await verifyLedger({ directory, connection })).findings).toEqual([]);
  });

  it('takes 10,000 records with payloads at once, and a payload of 20 MB [AUDIT-006]', async () => {
    const ledger = await fixture.open();
    await ledger.append(Array.from({ length: 10_000 }, (_, n) => entry(`delivery/${n}`, { payload: { n } })));
    await ledger.append([entry('delivery/large', { payload: 'x'.repeat(20_000_000) })]);
    await fixture.open();
    const { connection, directory } = fixture;
    expect(await verifyLedger({ directory, connection })).toMatchObject({ records: 10_001, findings: [] });
  });

  it.each<[string, Partial<LedgerEntry>, string]>([
    ['a secret in meta', { meta: { request: { apiToken: 'x' } } }, 'LEDGER_SECRET'],
    ['a secret in the payload', { payload: [{ password: 'x' }] }, 'LEDGER_SECRET'],
    ['what JSON cannot hold', { meta: { rows: Number.NaN } }, 'JSON_NOT_CANONICAL'],
    ['an action that is none', { action: 'Delivery load' }, 'LEDGER_ENTRY'],
    ['an action of its own', { action: 'ledger.recovery' }, 'LEDGER_ENTRY'],
    ['a redaction that is none', { action: 'payload.redaction' }, 'LEDGER_ENTRY'],
    ['an entry without object', { object: '' }, 'LEDGER_ENTRY'],
    ['a lone surrogate in the reason', { reason: '\ud800' }, 'JSON_NOT_CANONICAL'],
  ])('refuses %s, and writes nothing of the batch [AUDIT-008]', async (_what, wrong, code) => {
    const ledger = await fixture.open();
    await expect(
      ledger.append([entry('delivery/1', { payload: 1 }), entry('delivery/2', wrong)]),
    ).rejects.toMatchObject({
      kind: 'fault',
      code,
      next: expect.stringMatching(/\.$/),
    });
    expect(existsSync(fixture.ledgerPath) || existsSync(fixture.payloadPath)).toBe(false);
    expect(await fixture.count('audit.ledger')).toBe(0);
    expect(await ledger.append([entry('delivery/2')])).toMatchObject([{ sequence: 1 }]);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'fails when the disk is full, and goes on when it is not [AUDIT-007]',
    async () => {
      const ledger = await fixture.open();
      symlinkSync('/dev/full', fixture.ledgerPath);
      await expect(ledger.append([entry('delivery/1', { payload: 1 })])).rejects.toMatchObject({
        code: 'LEDGER_WRITE',
        message: 'The ledger could not be written (ENOSPC).',
      });
      rmSync(fixture.ledgerPath);
      await ledger.append([entry('delivery/1', { payload: 2 })]);
      const { connection, directory } = fixture;
      expect((await verifyLedger({ directory, connection })).findings).toEqual([]);
      expect(await connection.rows('SELECT sequence, action, payload FROM audit.history')).toEqual([
        { sequence: 1n, action: 'ledger.recovery', payload: null },
        { sequence: 2n, action: 'delivery.load', payload: '2' },
      ]);
    },
  );
});

describe('redaction', () => {
  it('takes a payload out of file and row, records why, and leaves the chain whole [AUDIT-014]', async () => {
    const ledger = await fixture.open();
    await ledger.append([entry('delivery/1', { payload: 'secret-1' }), entry('delivery/2', { payload: 'kept-2' })]);
    const record = await ledger.redact(1, 'names a person', 'run-2');
    expect(record).toMatchObject({
      sequence: 3,
      action: 'payload.redaction',
      object: 'payload/1',
      reason: 'names a person',
    });
    expect(fixture.lines(fixture.payloadPath)).toEqual([
      '{"redacted":3,"sequence":1}',
      `{"payload":"kept-2","salt":"${'01'.repeat(32)}","sequence":2}`,
    ]);
    const { connection, directory } = fixture;
    expect(await connection.rows('SELECT sequence, payload_state, payload FROM audit.history')).toEqual([
      { sequence: 1n, payload_state: 'redacted', payload: null },
      { sequence: 2n, payload_state: 'kept', payload: '"kept-2"' },
      { sequence: 3n, payload_state: 'none', payload: null },
    ]);
    expect((await verifyLedger({ directory, connection })).findings).toEqual([
      {
        code: 'PAYLOAD_REDACTED',
        severity: 'notice',
        sequence: 1,
        message: 'The payload was redacted; record 3 says why.',
      },
    ]);
  });

  it('refuses a record whose payload is not there [AUDIT-014]', async () => {
    const ledger = await fixture.open();
    await ledger.append([entry('delivery/1', { payload: 1 }), entry('delivery/2')]);
    await ledger.redact(1, 'why', 'run-2');
    for (const sequence of [1, 2, 9]) {
      await expect(ledger.redact(sequence, 'why', 'run-2')).rejects.toMatchObject({ code: 'LEDGER_NO_PAYLOAD' });
    }
    expect(ledger.head().size).toBe(3);
  });
});
