import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildResult } from '../../src/build/build.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { buildSummary } from '../../src/report/summary.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { rows as csvRows } from '../data/committed.ts';
import { compareExports, FOREIGN_READERS } from '../foreign/readers.ts';
import type { Client } from '../helpers/client.ts';
import { screen } from '../report/screen.ts';
import { ColumnRemoval } from './column-removal.ts';
import { Demonstration } from './demonstration.ts';
import { Removal } from './removal.ts';

const repository = join(import.meta.dirname, '../..');
const SHARED = join(repository, '../shared/data');
const hasShared = existsSync(SHARED);
if (!hasShared && process.env.CI) throw new Error(`${SHARED} is missing`);

const DATASETS = ['ae', 'co', 'dm', 'ds', 'ex', 'lb', 'suppae', 'suppdm', 'ts', 'vs'];

let demonstration: Demonstration;
let result: BuildResult;
let published: Client;
beforeAll(async () => {
  demonstration = new Demonstration();
  result = await demonstration.build();
  published = await demonstration.open();
});
afterAll(() => {
  published?.close();
  demonstration?.remove();
});

describe('the README', () => {
  const blocks = [...readFileSync(join(repository, 'README.md'), 'utf8').matchAll(/```\n([\s\S]*?)```/g)].map(
    ([, text]) => text,
  );
  const MAIN = join(repository, 'dist/cli/main.js');
  if (!existsSync(MAIN) && process.env.CI) throw new Error('dist/ is missing: run npm run build');

  it('shows how a build ends [DEMO-010]', () => {
    const shown = blocks.filter((text) => text.startsWith('models '));
    expect(shown).toHaveLength(1);
    const summary = buildSummary(result, screen({ columns: Number.POSITIVE_INFINITY }));
    expect(summary).toContain(`\n${shown[0]}time  `);
  });

  it.skipIf(!existsSync(MAIN))('shows what the queries answer (needs npm run build) [DEMO-010]', () => {
    const shown = blocks
      .map((text) => /^\$ npx warehouse query "([^"]+)"\n([\s\S]*)$/.exec(text))
      .filter((one) => one !== null);
    expect(shown).toHaveLength(2);
    for (const [, sql, answer] of shown) {
      const args = [MAIN, 'query', sql, '--project', demonstration.root];
      expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe(answer);
    }
  });
});

describe('exports', () => {
  it('there is every dataset as XPT, Parquet and CSV, and no other file [SDTM-007]', () => {
    const folder = join(demonstration.root, 'target/export');
    for (const format of ['xpt', 'parquet', 'csv']) {
      expect(readdirSync(join(folder, format)).sort()).toEqual(DATASETS.map((name) => `${name}.${format}`));
    }
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files).toHaveLength(3 * DATASETS.length);
  });

  it.for(FOREIGN_READERS)(
    '$name reads in every $format file the cells of its table [EXPORT-019]',
    async (reader, { skip }) => {
      skip(!reader.isHere, 'no .venv: see test/foreign/requirements.txt');
      expect((await compareExports(reader, demonstration.root, published)).sort()).toEqual(DATASETS);
    },
  );

  it('every table, view, column and macro says what it is, and sends nobody to pages elsewhere [SDTM-007, SDTM-016]', async () => {
    const described = `
      SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables() WHERE NOT internal
      UNION ALL SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal
      UNION ALL SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal
      UNION ALL SELECT schema_name || '.' || function_name, comment FROM duckdb_functions()
        WHERE NOT internal AND function_type IN ('macro', 'table_macro')`;
    expect(await published.rows(`SELECT name FROM (${described}) WHERE trim(coalesce(comment, '')) = ''`)).toEqual([]);
    const elsewhere = `regexp_matches(comment, 'docs/|\\.md\\b|\\brules? [1-5]')`;
    expect(await published.rows(`SELECT name, comment FROM (${described}) WHERE ${elsewhere}`)).toEqual([]);
  });

  it('_rows has each record once, that for which the row stands first [SDTM-015]', async () => {
    for (const name of DATASETS) {
      const repeated = `SELECT _rows FROM sdtm.${name} WHERE len(_rows) IS DISTINCT FROM len(list_distinct(_rows)) OR _rows[1] IS NULL`;
      expect(await published.rows(repeated), name).toEqual([]);
    }
    const other = `SELECT USUBJID FROM sdtm.dm ANTI JOIN staged.dm e ON e._row = _rows[1]`;
    expect(await published.rows(other)).toEqual([]);
  });
});

describe('the questions of docs/questions.md [SDTM-013]', () => {
  const page = readFileSync(join(repository, 'docs/questions.md'), 'utf8');
  const [asked, answered] = page.split('\n## Answers\n');
  const answers = [...answered.matchAll(/```sql\n([\s\S]*?)\n```\n\n((?:\|.*\n)+)/g)].map(([, sql, table]) => {
    const [header, , ...lines] = table
      .trim()
      .split('\n')
      .map((line) => line.slice(2, -2).split(' | '));
    return { sql, header, lines };
  });

  it('has thirteen questions and an answer to each', () => {
    const numbers = Array.from({ length: 13 }, (_, i) => String(i + 1));
    expect([...asked.matchAll(/^(\d+)\. /gm)].map(([, n]) => n)).toEqual(numbers);
    expect([...answered.matchAll(/^### (\d+)$/gm)].map(([, n]) => n)).toEqual(numbers);
    expect(answers.length).toBe([...answered.matchAll(/```sql/g)].length);
  });

  it.each(answers)('$sql', async ({ sql, header, lines }) => {
    const { names, rows } = await published.table(sql);
    expect(names).toEqual(header);
    expect(rows.map((row) => row.map(String))).toEqual(lines);
  });
});

describe('row accounting [SDTM-010]', () => {
  const open = `SELECT _row::VARCHAR FROM recon.row_accounting WHERE NOT accounted ORDER BY 1`;

  it('is closed: every live record is used or left out by a rule, and no dataset cites what is not live', async () => {
    expect(await published.rows(open)).toEqual([]);
    expect(
      await published.value(`SELECT count(*) FROM recon.row_accounting_summary WHERE table_name = '(not live)'`),
    ).toBe(0);
  });

  it('rows taken out of any model are open; where none of its rows alone stands for a record, a test of a model fails', async () => {
    const removal = await Removal.of(await writable(), await loadProject(demonstration.root));
    // A consent, a line of the crosswalk and one of the exclusions take other records with them, so they go alone.
    const alone = ['staged.crosswalk', 'staged.exclusions', 'staged.ic'];
    const together = removal.models.filter((model) => removal.isGenerated(model) && !alone.includes(model));
    const others = removal.models.filter((model) => !together.includes(model));
    const unseen = await removal.unseen(together);
    for (const model of others) unseen.push(...(await removal.unseen([model])));
    expect([together.length, others.length]).toEqual([24, 31]);

    const failing: Record<string, string[]> = {};
    for (const model of unseen) failing[model] = await removal.failingTests(model);
    expect(failing).toEqual({
      'sdtm.co': ['sdtm.co: every_comment_is_there'],
      'sdtm.suppae': ['sdtm.suppae: every_answer_is_there'],
      'sdtm.suppdm': ['sdtm.suppdm: every_answer_is_there'],
      'sdtm.vs': ['sdtm.vs: every_test_is_there'],
      'staged.last_record': ['sdtm.dm: not_null_RFPENDTC'],
      'staged.subject_visit': ['staged.vital_sign: not_null_visitnum'],
      'staged.test_name': ['staged.test_name: every_short_name'],
      'staged.vital_sign': ['staged.vital_sign: every_test_of_the_form'],
    });
  }, 120_000);

  it.each([
    ['coding', ['ae']],
    ['local_ranges', ['lb']],
    ['dd', ['dm']],
    ['kits', ['dm', 'ex']],
    ['crosswalk', ['ae', 'dm', 'ds', 'ex', 'lb', 'vs']],
  ])('a record of staged.%s that no dataset cites any more is open', async (table, datasets) => {
    const taken = await sample(
      `SELECT _row AS r FROM staged.${table} WHERE _row IN (SELECT unnest(_rows) FROM sdtm.${datasets[0]})`,
    );
    for (const record of taken.slice(0, 2)) {
      const forget = datasets.map(
        (name) => `UPDATE sdtm.${name} SET _rows = list_filter(_rows, lambda r: r <> ${record})`,
      );
      expect(await openAfter(...forget), record).toContain(record);
    }
  });

  it('a record that only comments and supplemental qualifiers cite is open', async () => {
    const [record] = await sample('SELECT _rows[1] AS r FROM sdtm.co');
    expect(await openAfter('DELETE FROM sdtm.ae')).toContain(record);
  });

  it('shows an identity in _rows that no live record has', async () => {
    expect(await openAfter('UPDATE sdtm.ts SET _rows = _rows || [42::BIGINT]')).toEqual(['42']);
  });

  /** At most five identities of a query with one column `r`, spread over all of them. */
  async function sample(sql: string): Promise<string[]> {
    const rows = await published.rows(`SELECT r::VARCHAR FROM (${sql}) ORDER BY hash(r) LIMIT 5`);
    return rows.map(([record]) => record as string);
  }

  /** What is open after statements that are taken back, on a copy of the file. */
  async function openAfter(...statements: string[]): Promise<string[]> {
    const copy = await writable();
    let found: unknown[][] = [];
    await copy.tryOut(async (run) => {
      for (const statement of statements) await run(statement);
      found = await run(open);
    });
    return found.map(([record]) => record as string);
  }

  let copied: Client | undefined;
  async function writable(): Promise<Client> {
    copied ??= await demonstration.open('.warehouse/main.duckdb', true);
    return copied;
  }
  afterAll(() => copied?.close());
});

describe('item accounting', () => {
  const LONG = process.env.WAREHOUSE_LONG === '1';

  it('is closed: every item that has a value reaches a dataset or is left out by a rule [LINEAGE-020]', async () => {
    const open = 'SELECT table_name, column_name FROM recon.item_accounting WHERE NOT accounted';
    expect(await published.rows(open)).toEqual([]);
    // As data/README.md says where each item of the form goes; the test subject's record is left out.
    const exposure = `SELECT column_name, value_count - reached_count, list_contains(columns, 'sdtm.ex.' || to_dataset), rules::VARCHAR
      FROM recon.item_accounting JOIN (VALUES ('exkit', 'EXREFID'), ('exlot', 'EXLOT'), ('exstdat', 'EXSTDTC'), ('exsttim', 'EXSTDTC'),
        ('exendat', 'EXENDTC'), ('exadj', 'EXADJ')) t(column_name, to_dataset) USING (column_name) WHERE table_name = 'ex' ORDER BY ALL`;
    expect(await published.rows(exposure)).toEqual(
      ['exadj', 'exendat', 'exkit', 'exlot', 'exstdat', 'exsttim'].map((item) => [item, 0, true, '[]']),
    );
  });

  it('a column that is taken out of a model is seen [LINEAGE-023]', async () => {
    const path = join(demonstration.root, 'columns.duckdb');
    copyFileSync(join(demonstration.root, '.warehouse/main.duckdb'), path);
    const file = await WarehouseFile.open(path);
    const connection = await file.connect();
    const removal = await ColumnRemoval.of(connection, await loadProject(demonstration.root));

    // Two rows of the same table: what reads it, and what was made of it.
    expect(await removal.takeOut('staged.coding', 'soccd')).toEqual({
      properties: false,
      readers: ['sdtm.ae'],
      tests: [],
      open: ['coding.soccd'],
    });
    // Nothing reads it, and its records are left out as they were.
    expect(await removal.takeOut('staged.mh', 'mhterm')).toMatchObject({ readers: [], open: ['mh.mhterm'] });
    // What SOC says stands in AESOC too: only the specification knows that both are wanted.
    expect(await removal.takeOut('sdtm.ae', 'AEBODSYS')).toMatchObject({ properties: true, readers: [], open: [] });

    const unseen: string[] = [];
    for (const [model, column] of removal.all.filter((_, i) => LONG || i % 73 === 0)) {
      const { properties, readers, open } = await removal.takeOut(model, column);
      if (!properties && readers.length + open.length === 0) unseen.push(`${model}.${column}`);
    }
    // What the generated tables say beside the items: where the record stands, and what is computed from an item.
    const own = await connection.rows<{ name: string }>(`
      SELECT 'staged.' || t.sql_name || '.' || n.sql_name AS name FROM meta.name n
      JOIN meta.name t ON t.item_group_oid = n.item_group_oid AND t.kind IN ('item_group', 'source') WHERE n.kind IN ('item', 'column')`);
    const items = new Set(own.map(({ name }) => name));
    expect(unseen.filter((name) => items.has(name) || !removal.isGenerated(name.split('.', 2).join('.')))).toEqual([]);
    connection.close();
    file.close();
  }, 3_600_000);
});

describe('standards', () => {
  it.skipIf(!hasShared)('the subset of controlled terminology is that of the published version [SDTM-011]', () => {
    const all = gunzipSync(readFileSync(join(SHARED, 'terminology/sdtmct-2026-03-27.csv.gz'))).toString('utf8');
    const terms = new Set(
      all
        .split(/\r?\n/)
        .map((line) => fields(line))
        .map(([list, code, , extensible, term, concept]) =>
          [list, code, extensible === 'True' ? 'Yes' : 'No', term, concept].join('\t'),
        ),
    );
    const subset = readFileSync(join(repository, 'data/standards/sdtm_ct_2026-03-27.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    expect(subset.map((line) => fields(line).join('\t')).filter((term) => !terms.has(term))).toEqual([]);
  });

  it.skipIf(!hasShared)('the specifications are those of SDTMIG 3.4 [SDTM-012]', async () => {
    const variables = readFileSync(join(SHARED, 'standards/sdtmig-3.4-variables.csv'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map(fields);
    const { models } = await loadProject(repository);
    const datasets = models.filter(({ schema }) => schema === 'sdtm');
    expect(datasets.map(({ name }) => name.slice(5)).sort()).toEqual(DATASETS);
    for (const { name, properties } of datasets) {
      const domain = properties.supp === undefined ? name.slice(5).toUpperCase() : 'SUPPQUAL';
      const guide = variables.filter(([dataset]) => dataset === domain);
      const columns = Object.entries(properties.columns);
      const written = columns.map(([variable, { label, role, core }]) => [variable, label, role, core]);
      const expected = guide
        .filter(([, , variable, , , , core]) => core !== 'Perm' || variable in properties.columns)
        .map(([, , variable, label, , role, core]) => [variable, label, role, core]);
      expect(written, name).toEqual(expected);
    }
  });

  /** Fields of one line of RFC 4180. */
  function fields(line: string): string[] {
    return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare,
    );
  }
});

describe('blinding [SDTM-009]', () => {
  /** A word that stands in every row of the unblinded lists, and nowhere else in the study. */
  const WORD = 'ACTUAL';
  const files = (folder: string) =>
    readdirSync(join(demonstration.root, folder), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
  const holding = (paths: string[]) => paths.filter((path) => readFileSync(path).includes(WORD));
  const hashes = (paths: string[]) =>
    Object.fromEntries(paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));

  it('nothing of the unblinded lists reaches a file of the default build, and the other target writes files of its own', async () => {
    for (const list of ['randomisation_unblinded', 'kits_unblinded']) {
      expect(new Set(csvRows(`rand/${list}.csv`).map((row) => row.LIST))).toEqual(new Set([WORD]));
    }
    const blinded = files('target');
    expect(holding([...blinded, ...files('.warehouse')])).toEqual([]);
    expect(
      await published.rows(
        'SELECT DISTINCT list FROM staged.randomisation UNION SELECT DISTINCT list FROM staged.kits',
      ),
    ).toEqual([['DUMMY']]);

    const before = hashes(blinded);
    await demonstration.build('unblinded');
    expect(hashes(blinded)).toEqual(before);
    // That the word is found where it is shows that the search above could have found it.
    expect(holding(files('target'))).toEqual([join(demonstration.root, 'target/main-unblinded.duckdb')]);

    const classified = `SELECT source FROM raw.delivery WHERE classification = 'unblinding' ORDER BY ALL`;
    expect(await published.rows(classified)).toEqual([]);
    const unblinded = await demonstration.open('target/main-unblinded.duckdb');
    try {
      expect(await unblinded.rows(classified)).toEqual([['kits'], ['randomisation']]);
      expect(
        await unblinded.rows(
          `SELECT right(USUBJID, 7), ARM, ACTARM FROM sdtm.dm WHERE USUBJID IN ('VEXIN-03-106-009', 'VEXIN-03-108-011') ORDER BY 1`,
        ),
      ).toEqual([
        ['106-009', 'Pelvinexinol 200 mg', null],
        ['108-011', 'Placebo', 'Pelvinexinol 100 mg'],
      ]);
      expect(
        await unblinded.rows(`SELECT ARM, count(*) FROM sdtm.dm WHERE ARM IS NOT NULL GROUP BY 1 ORDER BY 1`),
      ).toEqual([
        ['Pelvinexinol 100 mg', 67],
        ['Pelvinexinol 200 mg', 67],
        ['Placebo', 66],
      ]);
      expect(await unblinded.value('SELECT count(*) FROM recon.row_accounting WHERE NOT accounted')).toBe(0);
    } finally {
      unblinded.close();
    }
  });
});
