import { describe, expect, it } from 'vitest';
import { audit, event, form, group, item, odm, site, subject, update } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const visit = event('V', {}, form('F', {}, group('G', {}, item('I', 'x'))));
const STAYS = `SELECT subject_key, site_oid, strftime(from_utc, '%Y-%m-%d %H:%M'), from_sent, told_by,
  strftime(until_utc, '%Y-%m-%d %H:%M'), current, part, delivery_key FROM recon.subject_site ORDER BY subject_key, from_utc`;

/** A document per moment, all of one source that covers what is given. */
function built(covers: string, documents: readonly string[], check: (rows: unknown[][]) => void): Promise<void> {
  const files = Object.fromEntries(documents.map((content, index) => [`data/${index}.xml`, content]));
  return withProject({ 'warehouse.yml': configuration({ covers }), ...files }, async (project) => {
    await project.build({ acceptRemovals: true });
    check(await project.rows(STAYS));
    const now = 'SELECT site_oid FROM recon.subject_site WHERE current ORDER BY subject_key';
    expect(await project.column(now)).toEqual(
      await project.column(`SELECT d.text FROM state.subject s JOIN raw.dictionary d ON d.code = s.site_code
        WHERE d.code > 0 ORDER BY s.subject_key`),
    );
  });
}

describe('recon.subject_site', () => {
  it('has a row for each stay, from the audit record of the transfer, else from the document [STAGED-003]', async () => {
    const first = odm(
      { asOf: '2026-01-01T12:00:00-05:00', created: '2026-01-02T00:00:00Z' },
      subject('1', {}, site('L1'), visit),
      subject('2', {}, site('L1'), visit),
      subject('3', {}, visit),
    );
    const delta = odm(
      { type: 'Transactional', created: '2026-01-05T00:00:00Z' },
      subject('1', update, audit('2026-01-03T09:00:00+01:00'), site('L2')),
      subject('2', update, audit('2026-01-04T00:00:00Z'), site('L1')),
    );
    await built('increment', [first, delta], (rows) => {
      const begin = ['2026-01-01 17:00', '2026-01-01T12:00:00-05:00', 'document'];
      expect(rows).toEqual([
        ['1', 'L1', ...begin, '2026-01-03 08:00', false, 'data/0.xml', 1],
        ['1', 'L2', '2026-01-03 08:00', '2026-01-03T09:00:00+01:00', 'audit record', null, true, 'data/1.xml', 2],
        ['2', 'L1', ...begin, null, true, 'data/0.xml', 1],
      ]);
    });
  });

  it('goes back to snapshots that later ones superseded, whatever came first [STAGED-003]', async () => {
    const day = (number: number, oid: string) =>
      odm({ created: `2026-01-0${number}T00:00:00Z` }, subject('1', {}, site(oid), visit));
    await built('study', [day(3, 'L1'), day(1, 'L1'), day(2, 'L2'), day(4, 'L1')], (rows) => {
      const times = rows.map(([, oid, from, , , until, current, part]) => [oid, from, until, current, part]);
      expect(times).toEqual([
        ['L1', '2026-01-01 00:00', '2026-01-02 00:00', false, 'data/1.xml'],
        ['L2', '2026-01-02 00:00', '2026-01-03 00:00', false, 'data/2.xml'],
        ['L1', '2026-01-03 00:00', null, true, 'data/0.xml'],
      ]);
    });
  });
});
