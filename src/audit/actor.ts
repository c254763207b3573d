import type { Actor } from './record.ts';

/**
 * Who acts: WAREHOUSE_ACTOR where it is set (proof `environment`: whoever set it says so), else the operating
 * system's user (proof `os-user`).
 */
export function actorOf(environment: Readonly<Record<string, string | undefined>>, osUser: string): Actor {
  const name = environment.WAREHOUSE_ACTOR?.trim();
  return name ? { name, proof: 'environment' } : { name: osUser, proof: 'os-user' };
}
