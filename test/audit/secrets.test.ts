import { describe, expect, it } from 'vitest';
import { refuseSecrets } from '../../src/audit/secrets.ts';

describe('refuseSecrets', () => {
  it.each([
    'password',
    'Password',
    'dbPassword',
    'client_secrets',
    'token',
    'accessToken',
    'Authorization',
    'X-Api-Key',
    'apikey',
    'access-keys',
    'private_key',
    'set-cookie',
    'credentials',
  ])('refuses a member named %s, at any depth, without its value [AUDIT-008]', (name) => {
    expect(() => refuseSecrets({ a: [{ [name]: 'hunter2' }] }, 'meta')).toThrow(
      expect.objectContaining({ code: 'LEDGER_SECRET', message: expect.stringContaining(`meta.a.0.${name} is named`) }),
    );
    expect(() => refuseSecrets({ a: [{ [name]: 'hunter2' }] }, 'meta')).not.toThrow('hunter2');
  });

  it.each(['tokenizer', 'keys', 'api', 'secretary', 'rows'])('lets %s pass [AUDIT-008]', (name) => {
    expect(() => refuseSecrets({ [name]: 'password' }, 'meta')).not.toThrow();
  });
});
