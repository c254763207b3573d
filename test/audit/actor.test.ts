import { describe, expect, it } from 'vitest';
import { actorOf } from '../../src/audit/actor.ts';

describe('actorOf', () => {
  it('is WAREHOUSE_ACTOR, proven by the environment, where it is set [AUDIT-009]', () => {
    expect(actorOf({ WAREHOUSE_ACTOR: ' ci-nightly ' }, 'somebody')).toEqual({
      name: 'ci-nightly',
      proof: 'environment',
    });
  });

  it('is else the user of the operating system [AUDIT-009]', () => {
    expect(actorOf({}, 'somebody')).toEqual({ name: 'somebody', proof: 'os-user' });
    expect(actorOf({ WAREHOUSE_ACTOR: ' ' }, 'somebody')).toEqual({ name: 'somebody', proof: 'os-user' });
  });
});
