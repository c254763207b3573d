import { expect, it } from 'vitest';
import type { Connection } from '../../src/store/connection.ts';
import { withStore } from '../helpers/store.ts';

const limit = async (connection: Connection) =>
  (await connection.row<{ v: string }>("SELECT current_setting('memory_limit') AS v"))?.v;

it('has the value while the step lasts, and the former one after it [STORE-009]', async () => {
  await withStore(async (connection) => {
    await connection.run("SET GLOBAL memory_limit = '300MiB'");
    const during = await connection.withSetting('memory_limit', '128MiB', () => limit(connection));
    expect([during, await limit(connection)]).toEqual(['128.0 MiB', '300.0 MiB']);
  });
});

it('has the former value after a step that fails, in a transaction too [STORE-009]', async () => {
  await withStore(async (connection) => {
    await connection.run("SET GLOBAL memory_limit = '300MiB'");
    const failing = connection.transaction(() =>
      connection.withSetting('memory_limit', '128MiB', () => connection.run('SELECT 1 FROM nowhere')),
    );
    await expect(failing).rejects.toThrow('nowhere');
    expect(await limit(connection)).toBe('300.0 MiB');
  });
});
