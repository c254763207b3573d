import { expect, it } from 'vitest';
import { hasRelation } from '../../src/store/has-relation.ts';
import { withStore } from '../helpers/store.ts';

it('tells the tables and views of the database in use and of the session from those of another [STORE-010]', async () => {
  await withStore(async (connection) => {
    await connection.run(`
      CREATE SCHEMA s; CREATE TABLE s.t (a INTEGER); CREATE VIEW s.v AS FROM s.t; CREATE TEMP TABLE mine (a INTEGER);
      CREATE TABLE s.gone (a INTEGER); CREATE VIEW s.stays AS FROM s.gone; DROP TABLE s.gone;
      ATTACH ':memory:' AS other; CREATE TABLE other.main.theirs (a INTEGER)`);
    const asked = ['s.t', 's.v', 's.stays', 's.gone', 'main.mine', 'main.theirs', 's.other', 't'];
    const found = [];
    for (const name of asked) if (await hasRelation(connection, name)) found.push(name);
    expect(found).toEqual(['s.t', 's.v', 's.stays', 'main.mine']);
    await connection.run('USE other.main');
    expect(await hasRelation(connection, 'main.theirs')).toBe(true);
    expect(await hasRelation(connection, 's.t')).toBe(false);
  });
});
