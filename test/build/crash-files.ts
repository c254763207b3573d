import { event, form, group, item, odm, subject } from '../helpers/odm.ts';

const document = (day: number, groups: number) =>
  odm(
    { created: `2026-01-0${day}T00:00:00Z` },
    ...Array.from({ length: 20 }, (_, index) =>
      subject(
        `${index}`,
        {},
        event(
          'V',
          {},
          form(
            'F',
            {},
            ...Array.from({ length: groups }, (_, repeat) =>
              group(
                'G',
                { ItemGroupRepeatKey: `${repeat}` },
                item('I', `value ${repeat} of day ${day}`),
                item('J', `${repeat}`),
              ),
            ),
          ),
        ),
      ),
    ),
  );

/** A project, and its first files. */
export const CRASH_FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'crash',
    study: { id: 'S' },
    sources: { edc: { files: 'data/*.xml' }, lab: { files: 'data/*.csv' } },
  }),
  'models/sdtm/x.sql':
    'SELECT subject_key AS USUBJID, item_group_repeat_key AS SEQ, i AS TERM, j AS NUMBER, [_row] AS _rows FROM staged.g',
  'models/sdtm/x.yml': 'label: Test\nkeys: [USUBJID, SEQ]\n',
  'models/sdtm/y.sql': 'SELECT a AS USUBJID, b AS TERM, [_row] AS _rows FROM staged.lab',
  'models/sdtm/y.yml': 'label: Test\nkeys: [USUBJID]\n',
  'data/1.xml': document(1, 20),
  'data/lab.csv': 'A,B\n1,2\n',
};
/** What comes then: about 3 MB, so that it takes several reads. */
export const MORE_FILES = { 'data/2.xml': document(2, 800), 'data/lab.csv': 'A,B\n1,2\n3,4\n' };
