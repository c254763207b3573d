import { expect, it } from 'vitest';
import { audit, event, form, group, item, odm, subject, update } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const NOON = '2026-01-05T12:00:00Z';

/** Two records of one item of the same moment, in this order of the document: which stands? */
async function laterOf(first: string, second: string): Promise<unknown> {
  const said = (id: string) =>
    subject('1', {}, event('V', {}, form('F', {}, group('G', update, item('I', id, update, audit(NOON, id))))));
  const file = odm({ type: 'Transactional', created: '2026-01-06T00:00:00Z' }, said(first), said(second));
  return withProject({ 'warehouse.yml': configuration(), 'data/1.xml': file }, async (project) => {
    await project.load();
    return project.value('SELECT value FROM state.item_data');
  });
}

// [the earlier, the later]: digits are numbers; anything else is text, which comes before every number.
it.each([
  ['9', '10'],
  ['7e5', '50'],
  ['0x1F', '2'],
  ['+70', '8'],
  ['1_000', '9'],
  [' 700 ', '1'],
  ['-5', '0'],
  ['1.9e2', '7'],
  ['7e5', 'a1'],
  ['0050', '51'],
  ['7', '1234567890123456789012345678901234567890123'],
])('SourceID %s is before %s, whichever comes first [STATE-006]', async (earlier, later) => {
  expect(await laterOf(earlier, later)).toBe(later);
  expect(await laterOf(later, earlier)).toBe(later);
});
