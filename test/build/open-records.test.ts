import { describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

/** A dataset over two CSV sources: three people, and answers of two of them. */
const files = (sql: string) => ({
  'warehouse.yml': JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: {
      people: { files: 'data/people.csv', keys: ['ID'] },
      answers: { files: 'data/answers.csv', keys: ['ID'] },
    },
    exports: { formats: ['csv'] },
  }),
  'data/people.csv': 'ID\n1\n2\n3\n',
  'data/answers.csv': 'ID,ANSWER\n1,yes\n2,no\n',
  'models/sdtm/dm.sql': sql,
  'models/sdtm/dm.yml': 'label: Demographics\nkeys: [USUBJID]\n',
});

const from = (rows: string) => `SELECT p.id AS USUBJID, ${rows} AS _rows
  FROM staged.people p LEFT JOIN staged.answers a ON a.id = p.id`;

async function accounting(project: TemporaryProject): Promise<string | undefined> {
  return (await project.checks()).find(({ name }) => name === 'row accounting')?.detail;
}

const CLOSED = 'every live record is used or excluded by a rule';

describe('the accounting of rows [VERIFY-009]', () => {
  it('takes a NULL in _rows for nothing', async () => {
    await withProject(files(from('[p._row, a._row]')), async (project) => {
      await project.build();
      expect(await accounting(project)).toBe(CLOSED);
      expect(await project.rows(`FROM recon.row_accounting WHERE table_name = '(not live)'`)).toEqual([]);
      // The first that is there is the one the row stands for.
      project.write(files(from('[NULL, p._row, a._row]')));
      await project.build();
      expect(await accounting(project)).toBe(CLOSED);
    });
  });

  it('says who cites records that no row stands for', async () => {
    await withProject(files(from('[a._row, p._row]')), async (project) => {
      await project.build();
      // The third person has no answer, so her row is her own; the others are only cited.
      expect(await accounting(project)).toBe(
        'open: 2 of people (cited by sdtm.dm, but no row stands for them: docs/models.md, Datasets)',
      );
      project.write({ 'data/people.csv': 'ID\n1\n2\n3\n4\n5\n' });
      project.write({
        'models/sdtm/dm.sql': `${from('[a._row, p._row]')} WHERE p.id <= '4'`,
        'data/answers.csv': 'ID,ANSWER\n1,yes\n2,no\n9,yes\n',
      });
      await project.build();
      expect(await accounting(project)).toBe(
        'open: 1 of answers, 3 of people (2 of them cited by sdtm.dm, but no row stands for them: docs/models.md, Datasets)',
      );
    });
  });

  it('names the model whose rows name what is not live', async () => {
    await withProject(files(`${from('[p._row, 5::BIGINT]')} WHERE p.id < '3'`), async (project) => {
      await project.build();
      expect(await accounting(project)).toBe(
        'open: 2 of answers, 1 of people, 2 rows of sdtm.dm with an identity in _rows that no live record has',
      );
      project.write({ 'models/sdtm/dm.sql': from('[p._row, a._row, 5 + p.id::BIGINT]') });
      await project.build();
      expect(await accounting(project)).toBe(
        'open: 3 rows of sdtm.dm with 3 identities in _rows that no live record has',
      );
    });
  });
});
