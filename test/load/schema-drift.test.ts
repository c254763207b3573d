import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { built, data, definitions, snapshot } from '../helpers/definitions.ts';
import { after, before, drift, events, type Version, version } from '../helpers/drift.ts';
import { noticesOf } from '../helpers/notices.ts';

describe('a new MetaDataVersion [STAGED-030]', () => {
  it('is told change by change, with the live values that each affects', async () => {
    await built({ 'edc/1.xml': before, 'edc/2.xml': after }, async (project) => {
      expect(await drift(project)).toEqual([
        // SEV holds 3 in b, c (read by version 1, which has it) and in e (by version 2); 2 in a and d.
        ['code list item', 'SEV', '2', 'sev', 'decode', 'Moderate', 'Medium', 2, 1],
        ['code list item', 'SEV', '3', 'sev', 'removed', 'Severe', null, 3, 1],
        ['code list item', 'SEV', '4', 'sev', 'added', null, 'Life-threatening', 0, 0],
        ['form', 'F_SAE', null, null, 'added', null, 'F_SAE', null, null],
        // A text had any form: "none" is no float.
        ['item', 'DOSE', null, 'dose', 'retyped', 'text', 'float', 4, 1],
        ['item', 'NEW', null, 'new', 'added', null, 'NEW', 1, 0],
        // Two values: an empty one holds nothing.
        ['item', 'OLD', null, 'old', 'removed', 'OLD', null, 2, 2],
        ['item', 'SEV', null, 'sev', 'mandatory', 'No', 'Yes', 5, 0],
        ['item', 'SEV', null, 'sev', 'name', 'SEV', 'Severity', 5, 0],
        // Longer than 5, though not than 10: Dizziness, Nausea.
        ['item', 'TERM', null, 'term', 'length', '10', '5', 4, 2],
        ['item', 'TERM', null, 'term', 'question', 'Which event?', 'Which adverse event?', 4, 0],
        ['item group', 'AE', null, null, 'placed', 'F_AE', 'F_SAE', null, null],
      ]);
      expect(
        await project.rows(
          `SELECT DISTINCT delivery_key, source, part, study_oid, version_before, version_after, coalesce(table_name, 'ae')
           FROM recon.schema_drift`,
        ),
      ).toEqual([[2, 'edc', 'edc/2.xml', 'S', '1', '2', 'ae']]);
    });
  });

  it('goes into staged: new columns, new types, and those that are gone with their values [STAGED-031]', async () => {
    await built({ 'edc/1.xml': before }, async (project) => {
      project.write({ 'edc/2.xml': after });
      const { models } = await project.build();
      expect(models.map(({ name, state }) => [name, state])).toEqual([['staged.ae', 'built']]);
      expect(await project.rows('SELECT subject_key, dose_n, old, new_d FROM staged.ae ORDER BY ALL')).toEqual([
        ['a', 1.5, 'x', null],
        ['b', null, '', null],
        ['c', 2, 'y', null],
        ['d', 10, null, '2026-01-02'],
        ['e', null, null, null],
      ]);
    });
  });

  it('can be asked for as docs/staged.md shows it [STAGED-030]', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/staged.md'), 'utf8');
    const [, sql, table] = /```sql\n([^`]*recon\.schema_drift[^`]*)```\n\n((?:\|.*\n)+)/.exec(page)!;
    const rows = table
      .trim()
      .split('\n')
      .map((line) => line.slice(2, -2).split(' | '));
    await built({ 'edc/1.xml': before, 'edc/2.xml': after }, async (project) => {
      const shown = (await project.rows(sql)).map((row) => row.map((cell) => String(cell)));
      expect(shown).toEqual(rows.slice(2).map((row) => row.map((cell) => cell.trim())));
    });
  });
});

it.each(['build', 'load'] as const)(
  '%s tells what files changed in the definitions, once [STAGED-036]',
  async (command) => {
    await built({ 'edc/1.xml': before }, async (project) => {
      project.write({ 'edc/2.xml': after });
      const notices = noticesOf(project);
      await project[command]();
      await project[command]();
      expect(notices).toEqual([
        {
          event: 'notice',
          code: 'SOURCE_DEFINITIONS',
          message:
            'Source edc: edc/2.xml changes definitions (code list item: added 1, decode 1, removed 1; form: added 1; item: added 1, ' +
            'length 1, mandatory 1, name 1, question 1, removed 1, retyped 1; item group: placed 1). ' +
            'Live values are affected in ae.dose (1), ae.old (2), ae.sev (2), ae.term (2).',
          next: 'See them: warehouse query "FROM recon.schema_drift WHERE delivery_key = 2".',
        },
      ]);
    });
  },
);

it('units and codelists that an item no longer has, or has instead, are told [STAGED-035]', async () => {
  const files = {
    'edc/1.xml': snapshot(1, definitions({ decodes: { 1: 'Yes' }, unit: 'kg' }), data('1', { A: '1', B: '70' })),
    'edc/2.xml': snapshot(2, definitions({ decodes: { 1: 'Yes' }, list: null, unit: 'lb' })),
  };
  await built(files, async (project) => {
    expect(await drift(project)).toEqual([
      ['item', 'A', null, 'a', 'code list', 'CL', null, 1, 1],
      ['unit', 'U', null, 'b', 'name', 'kg', 'lb', 1, 1],
    ]);
  });
});

it('a codelist that is new, or gone, is one change, and one of its codes in two columns is two rows [STAGED-035]', async () => {
  const list = { 1: 'Yes', 2: 'No' };
  const items = { A: { type: 'text' }, B: { type: 'text', list: 'NY' } };
  const first: Version = { oid: '1', groups: { AE: ['A', 'B'] }, items, lists: { NY: list } };
  const coded = { A: { type: 'text', list: 'NY' }, B: { type: 'text', list: 'NY' } };
  const files = {
    'edc/1.xml': snapshot(1, version(first), events('1', ['a', { A: '2', B: '2' }])),
    'edc/2.xml': snapshot(2, version({ ...first, oid: '2', items: coded, lists: { NY: { 1: 'Yes' } } })),
    'edc/3.xml': snapshot(3, version({ ...first, oid: '3', items: { A: items.A, B: items.A }, lists: {} })),
    'edc/4.xml': snapshot(4, events('3', ['b', { A: '1', B: '1' }])),
  };
  await built(files, async (project) => {
    expect(await drift(project, 'delivery_key = 2')).toEqual([
      ['code list item', 'NY', '2', 'a', 'removed', 'No', null, 1, 0],
      ['code list item', 'NY', '2', 'b', 'removed', 'No', null, 1, 0],
      // A value of version 1, which has no codelist for it.
      ['item', 'A', null, 'a', 'code list', null, 'NY', 2, 0],
    ]);
    expect(await drift(project, 'delivery_key = 3')).toEqual([
      ['code list', 'NY', null, 'a', 'removed', 'NY', null, 2, 0],
      ['code list', 'NY', null, 'b', 'removed', 'NY', null, 2, 0],
      // Those of version 3: the codelist before had 1. The value of version 1 in A has no codelist either, and had 2.
      ['item', 'A', null, 'a', 'code list', 'NY', null, 2, 1],
      ['item', 'B', null, 'b', 'code list', 'NY', null, 2, 1],
    ]);
  });
});
