import { expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { withProject } from '../helpers/project.ts';

const CONFIGURATION = JSON.stringify({
  name: 'p',
  study: { id: 'S', oids: ['S'] },
  removal_threshold: 1,
  sources: {
    a: { files: 'a/*.xml', system: 'edc', covers: 'subjects', optional: true },
    b: { files: 'b/*.xml', system: 'edc', optional: true },
  },
});

const snapshot = (day: number, ...oids: readonly string[]) =>
  odm(
    { created: `2026-01-0${day}T00:00:00Z` },
    subject('1', {}, event('V', {}, form('F', {}, ...oids.map((oid) => group(oid, {}, item('I', oid)))))),
  );
const BOTH = snapshot(1, 'GA', 'GB');
const ONE = snapshot(2, 'GA');

it.each([
  ['its own first', ['b/1.xml', 'a/1.xml', 'a/2.xml']],
  ['the other first', ['a/1.xml', 'b/1.xml', 'a/2.xml']],
  ['its own last', ['a/1.xml', 'a/2.xml', 'b/1.xml']],
])('a source still says what another that sent the same bytes has removed, %s [LOAD-051]', async (_, names) => {
  await withProject({ 'warehouse.yml': CONFIGURATION }, async (project) => {
    await project.loadInTurn(names.map((name) => [name, name.endsWith('2.xml') ? ONE : BOTH]));
    expect(await project.column('SELECT value FROM state.item_data ORDER BY ALL')).toEqual(['GA', 'GB']);
  });
});
