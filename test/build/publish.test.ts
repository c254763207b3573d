import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { publish } from '../../src/build/publish.ts';
import { connected } from '../../src/build/warehouse.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { failureOf, TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': `name: small
study: { id: SMALL }
sources:
  people: { files: data/people.csv, keys: [ID] }
publications:
  main: {}
  part:
    models: [sdtm.dm, recon.conversion_failures]
    columns: { sdtm.dm: [USUBJID, SEX] }
    where: { 'sdtm.*': SEX = 'F' }
exports: { formats: [csv] }
`,
  'data/people.csv': 'ID,SEX,NAME\n01,F,kept-out-of-the-part\n02,M,also-kept-out\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, sex AS SEX, name AS NAME, [_row] AS _rows FROM staged.people',
  'models/sdtm/dm.yml': `label: Demographics
keys: [USUBJID]
columns:
  USUBJID: { label: Unique Subject Identifier }
  SEX: { label: Sex }
  NAME: { label: Name }
`,
};

const rowsOf = async (path: string, sql: string): Promise<unknown[]> =>
  connected(await WarehouseFile.open(path, { readOnly: true }), (connection) => connection.rows(sql));

it('publishes the whole file as a copy and a projection as a file built anew [PUBLISH-001]', async () => {
  const project = new TemporaryProject(FILES);
  try {
    const { publications } = await project.build();
    expect(publications).toEqual([
      { name: 'main', path: 'target/main.duckdb' },
      { name: 'part', path: 'target/part.duckdb' },
    ]);
    expect(
      await rowsOf(project.path('target/main.duckdb'), 'SELECT USUBJID, SEX, NAME FROM sdtm.dm ORDER BY ALL'),
    ).toEqual([
      { USUBJID: '01', SEX: 'F', NAME: 'kept-out-of-the-part' },
      { USUBJID: '02', SEX: 'M', NAME: 'also-kept-out' },
    ]);
    expect(await rowsOf(project.path('target/part.duckdb'), 'FROM sdtm.dm')).toEqual([{ USUBJID: '01', SEX: 'F' }]);
    expect(
      await rowsOf(
        project.path('target/part.duckdb'),
        `SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL`,
      ),
    ).toEqual([
      {
        schema_name: 'recon',
        table_name: 'conversion_failures',
        comment: expect.stringMatching(/^Live values without a typed value, /),
      },
      { schema_name: 'sdtm', table_name: 'dm', comment: 'Demographics' },
    ]);
  } finally {
    project.remove();
  }
});

it('leaves nothing of what a projection leaves out in its bytes [PUBLISH-002]', async () => {
  const project = new TemporaryProject(FILES);
  try {
    await project.build();
    expect(readFileSync(project.path('target/main.duckdb')).includes('kept-out-of-the-part')).toBe(true);
    expect(readFileSync(project.path('target/part.duckdb')).includes('kept-out')).toBe(false);
  } finally {
    project.remove();
  }
});

it('puts the rows of a projection in order by what it shows, so that their order tells nothing else [PUBLISH-002]', async () => {
  const values = ["('03', 'b', INTERVAL 30 DAYS)", "('01', 'b', INTERVAL 1 MONTH)", "(NULL, 'a', INTERVAL 2 DAYS)"];
  const sql = (rows: string[]) =>
    `SELECT t AS term, d AS lasts, row_number() OVER (PARTITION BY arm ORDER BY t) AS n FROM (VALUES ${rows.join(', ')}) v(arm, t, d)`;
  const files = {
    'warehouse.yml': `name: small
study: { id: SMALL }
sources:
  people: { files: data/people.csv, keys: [ID] }
publications:
  part: { columns: { 'work.*': [term, lasts] } }
`,
    'data/people.csv': 'ID\n01\n',
    'models/work/one.sql': sql(values),
    'models/work/other.sql': sql(values.toReversed().map((row) => row.replace('01', '04'))),
  };
  await withProject(files, async (project) => {
    await project.build();
    const shown = (model: string) =>
      rowsOf(project.path('target/part.duckdb'), `SELECT term, lasts::VARCHAR AS lasts FROM work.${model}`);
    const expected = [
      { term: 'a', lasts: '2 days' },
      { term: 'b', lasts: '1 month' },
      { term: 'b', lasts: '30 days' },
    ];
    expect(await shown('one')).toEqual(expected);
    expect(await shown('other')).toEqual(expected);
  });
});

/** A study of which subject 02 is not to be seen, nor anybody's name. */
const withPublication = (part: Record<string, unknown>) => ({
  'warehouse.yml': JSON.stringify({
    name: 'small',
    study: { id: 'SMALL' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    publications: { main: {}, part },
    exports: { formats: ['csv'] },
  }),
  'data/people.csv': 'ID,SEX,NAME\nshown-subject-01,F,hidden-name-of-01\nhidden-subject-02,M,hidden-name-of-02\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, sex AS SEX, name AS NAME, [_row] AS _rows FROM staged.people',
  'models/sdtm/xx.sql': 'SELECT USUBJID, NAME, _rows FROM sdtm.dm',
});
const WHERE = { 'sdtm.dm': "SEX = 'F'" };
const COLUMNS = { 'sdtm.dm': ['USUBJID', 'SEX'] };

const tablesOf = async (project: TemporaryProject) =>
  (
    await rowsOf(
      project.path('target/part.duckdb'),
      "SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() ORDER BY ALL",
    )
  ).map((row) => (row as { name: string }).name);

describe('a publication that leaves out rows or columns', () => {
  it.each([
    ['where and columns alone', { where: WHERE, columns: COLUMNS }, ['sdtm.dm']],
    ['and a pattern of models that do not have it', { models: ['*.dm'], where: WHERE, columns: COLUMNS }, ['sdtm.dm']],
    ['for every dataset of a pattern', { where: { 'sdtm.d*': "SEX = 'F'" }, columns: COLUMNS }, ['sdtm.dm']],
  ])('with %s holds no byte of them [PUBLISH-002]', async (_, part, tables) => {
    await withProject(withPublication(part), async (project) => {
      const { withheld } = await project.build();
      expect(withheld).toBeUndefined();
      expect(await tablesOf(project)).toEqual(tables);
      const hidden = ['hidden-subject-02', 'hidden-name'];
      const [main, published] = ['main', 'part'].map((name) => project.read(`target/${name}.duckdb`));
      expect(hidden.map((text) => main.includes(text))).toEqual([true, true]);
      expect(published.includes('shown-subject-01')).toBe(true);
      expect(hidden.map((text) => published.includes(text))).toEqual([false, false]);
    });
  });

  it.each([
    ['models', { models: ['*.*'], where: WHERE }, ['sdtm.dm', 'sdtm.xx', 'staged.people']],
    ['a schema', { schemas: ['staged'], columns: { 'staged.people': ['sex'] } }, ['staged.people']],
    ['generated models by a pattern', { models: ['*.peo*'], columns: { '*.people': ['sex'] } }, ['staged.people']],
    ['a table of the warehouse by name', { models: ['sdtm.dm', 'raw.part'], where: WHERE }, ['raw.part', 'sdtm.dm']],
  ])(
    'shows, beside it, %s that it lists and nothing of the warehouse itself unasked [PUBLISH-001]',
    async (_, part, tables) => {
      await withProject(withPublication(part), async (project) => {
        await project.build();
        expect(await tablesOf(project)).toEqual(tables);
      });
    },
  );
});

it('copies the texts of an ENUM, wherever in a type, and not its dictionary [PUBLISH-007]', async () => {
  const files = {
    ...withPublication({ columns: { 'sdtm.ee': ['usubjid', 'SEX', 'DEEP'] }, where: { 'sdtm.ee': "SEX = 'F'" } }),
    'models/sdtm/ee.sql': `
      SELECT id AS USUBJID, sex::ENUM('F', 'M', 'hidden-sex') AS SEX, [_row] AS _rows,
        {'ENUM(''x'')': [sex::ENUM('F', 'M', 'hidden-''deep')], n: 1} AS DEEP
      FROM staged.people`,
  };
  await withProject(files, async (project) => {
    expect((await project.build()).withheld?.error?.code).toBe('EXPORT_TYPE');
    project.write({ 'warehouse.yml': files['warehouse.yml'].replace('"formats"', '"datasets":["sdtm.dm"],"formats"') });
    expect((await project.build()).withheld).toBeUndefined();
    const [main, part] = ['main', 'part'].map((name) => project.read(`target/${name}.duckdb`));
    expect(['hidden-sex', 'deep'].map((text) => main.includes(text))).toEqual([true, true]);
    expect(['hidden-sex', 'deep'].map((text) => part.includes(text))).toEqual([false, false]);
    const path = project.path('target/part.duckdb');
    expect(await rowsOf(path, 'SELECT column_name, column_type FROM (DESCRIBE sdtm.ee)')).toEqual([
      { column_name: 'USUBJID', column_type: 'VARCHAR' },
      { column_name: 'SEX', column_type: 'VARCHAR' },
      { column_name: 'DEEP', column_type: `STRUCT("ENUM('x')" VARCHAR[], n INTEGER)` },
    ]);
    expect(await rowsOf(path, `SELECT USUBJID, SEX, DEEP['ENUM(''x'')'][1] AS deep FROM sdtm.ee`)).toEqual([
      { USUBJID: 'shown-subject-01', SEX: 'F', deep: 'F' },
    ]);
  });
});

describe('what a publication lists', () => {
  it.each([
    [
      { models: ['sdtm.dmm'] },
      'publications.part.models: sdtm.dmm means nothing that it publishes.',
      'Did you mean sdtm.dm?',
    ],
    [{ schemas: ['sdmt'] }, 'publications.part.schemas: sdmt means nothing that it publishes.', 'Did you mean sdtm?'],
    [
      { schemas: ['sdtm'], where: { 'adam.*': '1 = 1' } },
      'publications.part.where: adam.* means nothing that it publishes.',
      'Name a schema, model or table that there is; a pattern means models only.',
    ],
    [
      { models: ['sdtm.xx'], where: WHERE },
      'publications.part.where: sdtm.dm means nothing that it publishes.',
      'List it under publications.part.models too: it is not among what is published.',
    ],
  ])('%j is refused before anything is done where it is not there [PUBLISH-003]', async (part, message, next) => {
    await withProject(withPublication(part), async (project) => {
      expect(await project.failure()).toEqual({
        kind: 'usage',
        code: 'PUBLICATION_UNKNOWN',
        message,
        file: 'warehouse.yml',
        line: 1,
        next,
      });
      expect(existsSync(project.path('.warehouse'))).toBe(false);
    });
  });

  it.each([
    [{ models: ['staged.peple'] }, 'PUBLICATION_UNKNOWN', 'staged.peple means nothing'],
    [{ where: { 'sdtm.dm': 'SEKS = 1' } }, 'PUBLICATION_SQL', 'Referenced column "SEKS" not found'],
    [{ columns: { 'sdtm.dm': ['SEKS'] } }, 'PUBLICATION_SQL', 'Referenced column "SEKS" not found'],
  ])('%j is told with what was built, and nothing is published [PUBLISH-003]', async (part, code, message) => {
    await withProject(withPublication(part), async (project) => {
      const { withheld, exports, publications } = await project.build();
      expect(withheld?.reason).toBe('Nothing was published. The models are built and exported.');
      expect(withheld?.error).toMatchObject({ code, message: expect.stringContaining(message) });
      expect([exports.length, publications]).toEqual([2, []]);
      expect(project.outputs()).toEqual(['export']);
    });
  });
});

describe('a publication', () => {
  it('is in the ledger with the SHA-256 of its file [PUBLISH-004]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const published = await project.rows(
        "SELECT object, after_hash, correlation_id = (SELECT correlation_id FROM audit.ledger LIMIT 1) FROM audit.ledger WHERE action = 'publication' ORDER BY object",
      );
      const hashOf = (path: string) => createHash('sha256').update(project.read(path)).digest('hex');
      expect(published).toEqual(['target/main.duckdb', 'target/part.duckdb'].map((path) => [path, hashOf(path), true]));
    });
  });

  it('is not made of a working file that somebody else has written to, or left unfinished [PUBLISH-004]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const [[size, hash]] = await project.rows(
        'SELECT sequence, hash FROM audit.ledger ORDER BY sequence DESC LIMIT 1',
      );
      const head = { size: Number(size), hash: String(hash) };
      const loaded = await loadProject(project.root);
      const nothing = async () => {};
      const before = project.read('target/main.duckdb');
      expect(await failureOf(publish(loaded, { ...head, size: head.size - 1 }, nothing))).toMatchObject({
        kind: 'fault',
        code: 'PUBLISH_CHANGED',
      });
      writeFileSync(project.path('.warehouse/main.duckdb.wal'), '');
      expect(await failureOf(publish(loaded, head, nothing))).toMatchObject({ code: 'PUBLISH_CHANGED' });
      expect(project.read('target/main.duckdb').equals(before)).toBe(true);
      expect(project.outputs()).toEqual(['export', 'main.duckdb', 'part.duckdb']);
    });
  });
});

describe('the condition of a publication', () => {
  const withWhere = (where: string) => ({
    ...FILES,
    'warehouse.yml': FILES['warehouse.yml']
      .replace('publications:', 'vars: { left_out: M }\npublications:')
      .replace("'sdtm.*': SEX = 'F'", `'sdtm.*': ${JSON.stringify(where)}`),
  });

  it("may read the project's variables [PUBLISH-006]", async () => {
    await withProject(withWhere("SEX <> getvariable('left_out')"), async (project) => {
      await project.build();
      expect(await rowsOf(project.path('target/part.duckdb'), 'FROM sdtm.dm')).toEqual([{ USUBJID: '01', SEX: 'F' }]);
    });
  });

  it.each([
    ['a variable that there is not', "SEX IS DISTINCT FROM getvariable('left_uot')", 'MODEL_VARIABLE'],
    ['a bracket that closes those around it', "SEX = 'F') OR (true", 'MODEL_SQL'],
    ['another SELECT behind it', 'false) UNION ALL FROM sdtm.dm WHERE (true', 'MODEL_SQL'],
    ['a table by the name of a database', 'SEX IN (SELECT SEX FROM _working.sdtm.dm)', 'PUBLICATION_TABLE'],
    ['a table of no schema', "SEX = 'F' OR EXISTS (FROM _working.dm)", 'PUBLICATION_TABLE'],
  ])('is refused with %s, and nothing is published [PUBLISH-006]', async (_, where, code) => {
    await withProject(withWhere(where), async (project) => {
      expect((await project.build()).withheld?.error).toMatchObject({ kind: 'usage', code });
      expect(existsSync(project.path('target/part.duckdb'))).toBe(false);
    });
  });

  it.each([
    ['itself', "USUBJID IN (SELECT id FROM read_csv('data/allow.csv'))"],
    ['by its name alone', "USUBJID IN (SELECT id FROM 'data/allow.csv')"],
    ['through a macro', 'USUBJID IN (SELECT id FROM allowed())'],
    ['as text', "(SELECT content FROM read_text('data/allow.csv')) LIKE '%' || USUBJID || '%'"],
    ['in SQL that is a text', "USUBJID IN (SELECT id FROM query('FROM ''data/allow.csv'''))"],
    ['through a macro that is given its path', "USUBJID IN (SELECT id FROM listed('data/allow.csv'))"],
  ])('is refused where it reads a file %s, of which no record would tell [PUBLISH-009]', async (_, where) => {
    const files = {
      ...withWhere(where),
      'data/allow.csv': 'id\n01\n',
      'macros/allowed.sql': `
        CREATE MACRO allowed() AS TABLE SELECT id FROM read_csv('data/allow.csv');
        CREATE MACRO listed(path) AS TABLE SELECT id FROM read_csv(path);`,
    };
    await withProject(files, async (project) => {
      expect((await project.build()).withheld?.error).toMatchObject({
        kind: 'usage',
        code: 'PUBLICATION_FILE',
        message: 'The condition on sdtm.dm reads a file, which no manifest and no record of the ledger would name.',
        place: { file: 'warehouse.yml, publications.part', model: 'sdtm.dm' },
        next: 'Read the file in a model, and that model in the condition.',
      });
      expect(existsSync(project.path('target/part.duckdb'))).toBe(false);
    });
  });

  it('may read a model that reads a file [PUBLISH-009]', async () => {
    const files = {
      ...withWhere('USUBJID IN (SELECT id FROM ref.allow)'),
      'data/allow.csv': 'id\n01\n',
      'models/ref/allow.sql': "SELECT id FROM read_csv('data/allow.csv', all_varchar = true)",
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await rowsOf(project.path('target/part.duckdb'), 'FROM sdtm.dm')).toEqual([{ USUBJID: '01', SEX: 'F' }]);
    });
  });
});
