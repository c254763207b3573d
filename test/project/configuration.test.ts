import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../src/project/configuration.ts';
import { validateYaml } from '../../src/project/validate.ts';
import { readYaml } from '../../src/project/yaml-file.ts';

const MINIMUM = 'name: vexin\nstudy: {id: VEXIN-03}\n';

const read = (yaml: string) => validateYaml('warehouse.yml', yaml, configurationSchema);
const problemOf = (yaml: string) => {
  const { problems } = read(yaml);
  expect(problems).toHaveLength(1);
  return problems[0];
};

describe('warehouse.yml', () => {
  it.each(['off', '0', '1.5', '5'])('a limit of checks says what it may be: %s [CHECK-013]', (limit) => {
    const written = limit === '5' ? '"5"' : limit;
    const { message } = problemOf(`${MINIMUM}\nchecks: { default: { warn: ${written} } }`);
    expect(message).toBe(
      'checks.default.warn must be a number of findings, 1 or more, or a share of what is checked, such as 5%.',
    );
  });

  it('needs a name and a study, and fills in the rest [PROJECT-001]', () => {
    expect(read(MINIMUM).valid).toEqual({
      name: 'vexin',
      study: { id: 'VEXIN-03', oids: ['VEXIN-03'], environment: 'Prod' },
      sources: {},
      policy: { keep: 'all' },
      quarantine: { recipients: [], keep: 'bytes' },
      vars: {},
      targets: {},
      publications: { main: {} },
      exports: { datasets: ['sdtm.*'], formats: ['xpt', 'parquet', 'csv'], directory: 'target/export' },
      removal_threshold: 0.02,
      checks: {},
    });
  });

  it('names line, column and nearest key for an unknown key [PROJECT-002]', () => {
    expect(problemOf(`${MINIMUM}sources:\n  edc:\n    fiels: data/*.xml\n    files: data/*.xml\n`)).toEqual({
      kind: 'usage',
      code: 'CONFIG_UNKNOWN_KEY',
      message: 'Unknown key "fiels" in sources.edc.',
      place: { file: 'warehouse.yml', line: 5, column: 5 },
      next: 'Did you mean "files"?',
    });
  });

  it('lists the valid keys where none is near [PROJECT-002]', () => {
    expect(problemOf(`${MINIMUM}policy: {hashing: all}\n`).next).toBe('Valid keys here: keep.');
  });

  it('reports every problem of the file, in the order of the file [PROJECT-003]', () => {
    const { problems, valid } = read('study:\n  id: 0012\nsources:\n  Edc: {files: a.xml}\nremoval_threshold: 2\n');
    expect(valid).toBeUndefined();
    expect(problems.map(({ message, place }) => [place?.line, place?.column, message])).toEqual([
      [1, 1, 'The key "name" is missing.'],
      [2, 7, 'study.id must be text, not 12.'],
      [4, 3, 'The name "Edc" must be lower-case letters, digits and _, beginning with a letter.'],
      [5, 20, 'removal_threshold must be from 0 to 1.'],
    ]);
  });

  it.each([
    ['label: Demographics: all\n', 'label: "Demographics: all"'],
    ['columns:\n  A: {label: Demographics: all}\n', 'label: "Demographics: all"'],
    ['label: @home\n', 'label: "@home"'],
  ])('says of %j that the text belongs in quotes [PROJECT-041]', (text, quoted) => {
    const { problems, value } = readYaml('models/sdtm/dm.yml', text);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^The file is not well-formed YAML: /),
        next: 'Put a text that holds ": " or begins with a sign in quotes, as in label: "Demographics: all".',
      },
    ]);
    expect(readYaml('models/sdtm/dm.yml', text.replace(/label: [^}\n]*/, quoted)).problems).toEqual([]);
  });

  it('shows the line of YAML that is not well-formed, and asks after its indentation first [PROJECT-041]', () => {
    const shown = (text: string) => readYaml('models/sdtm/dm.yml', text).problems[0];
    expect(shown('keys: [A]\nlabel: Demographics\n  class: EVENTS\n')).toMatchObject({
      message: expect.stringMatching(/\.\n {2}label: Demographics\n {9}\^$/),
      place: { line: 2, column: 8 },
      next: expect.stringMatching(/^The next line begins further in, .* Or put a text that holds ": " .* in quotes/),
    });
    expect(shown('columns:\n  A: {}\n   B: {}\n').message).toMatch(/\n {2} {3}B: \{\}\n/);
    expect(shown('['.repeat(100_000)).message).not.toContain('\n');
  });

  it('reports what is wrong as YAML together with what is wrong as a value [PROJECT-003]', () => {
    const text = 'name: vexin\nname: vexin\nstudy: {id: &a 7}\nvars: {a: !!str x}\nsorces: {}\n---\nname: b\n';
    expect(read(text).problems.map(({ message, place }) => [place?.line, place?.column, message])).toEqual([
      [2, 1, 'The key name stands twice.'],
      [3, 16, 'Anchors and aliases are not allowed.'],
      [4, 17, 'Tags are not allowed.'],
      [5, 1, 'Unknown key "sorces".'],
      [6, 1, 'There must be one document in the file.'],
    ]);
    expect(read(text).valid).toBeUndefined();
    const torn = 'name: vexin\nname: vexin\nstudy: {id: "7}\n';
    expect(read(torn).problems.map(({ message }) => message)).toEqual([
      'The key name stands twice.',
      expect.stringMatching(/^The file is not well-formed YAML: /),
    ]);
    expect(read(`${MINIMUM}name: b\n`).valid).toBeUndefined();
  });

  it.each([
    ['name: [', 'Indent with spaces, what belongs together alike; close every bracket and quote.'],
    ['"a b": 1\n"a b": 2\n', 'Remove one of them, or write what both say under one.'],
    ['name: a\n---\nname: b\n', 'Remove the line --- and what stands behind it.'],
    ['['.repeat(100) + ']'.repeat(100), 'Write it in at most 64 levels.'],
    ['['.repeat(100_000), 'Write it in at most 64 levels.'],
  ])('says of YAML such as %.20s what to do [PROJECT-003]', (yaml, next) => {
    expect(readYaml('warehouse.yml', yaml).problems[0]).toMatchObject({ code: 'CONFIG_INVALID', next });
  });

  it.each([
    ['a: 1\na: 2\n', 'a'],
    ['"a b": 1\n"a b": 2\n', '"a b"'],
    ["x: {a: 1, 'a': 2}\n", "'a'"],
  ])('names the key that stands twice in %j [PROJECT-003]', (yaml, key) => {
    expect(readYaml('warehouse.yml', yaml).problems[0].message).toBe(`The key ${key} stands twice.`);
  });

  it.each([
    ['a second key of the same name', 'name: b\n', 3, 'The key name stands twice.'],
    ['an anchor', 'vars: {a: &x 1}\n', 3, 'Anchors and aliases are not allowed.'],
    ['a tag', 'vars: {a: !!str 1}\n', 3, 'Tags are not allowed.'],
    ['a second document', '---\nname: b\n', 3, 'There must be one document in the file.'],
    ['a key named __proto__', '__proto__: {a: 1}\n', 3, 'A key cannot be named __proto__.'],
    ['a value of the environment', `vars: {a: "\${TOKEN}"}\n`, 3, 'No field takes a value from the environment.'],
  ])('refuses %s [PROJECT-004]', (_, more, line, message) => {
    expect(problemOf(MINIMUM + more)).toMatchObject({ code: 'CONFIG_INVALID', message, place: { line } });
  });

  it('refuses a bomb of aliases before it is expanded [PROJECT-004]', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `l${i}: &l${i} [*l${i - 1}, *l${i - 1}]`).slice(1);
    const { problems } = read(['l0: &l0 [a]', ...levels].join('\n'));
    expect(problems[0].message).toBe('Anchors and aliases are not allowed.');
  });

  it('refuses nesting deeper than it can read [PROJECT-004]', () => {
    expect(problemOf('['.repeat(100_000)).message).toBe('The file is nested too deeply to be read.');
    expect(problemOf('['.repeat(300) + ']'.repeat(300)).message).toBe('The file is nested too deeply to be read.');
  });

  it('refuses a file of more than 4 MiB [PROJECT-004]', () => {
    expect(problemOf(`#${' '.repeat(4 * 1024 * 1024)}`).message).toBe('The file is larger than 4 MiB.');
  });

  it('reads NO, Y and 0o7 as YAML 1.2 does [PROJECT-001]', () => {
    expect(read(`${MINIMUM}vars: {a: NO, b: Y, c: "007", d: true}\n`).valid?.vars).toEqual({
      a: 'NO',
      b: 'Y',
      c: '007',
      d: true,
    });
  });

  it('refuses variables whose names differ only in case, which are one to SQL [PROJECT-001]', () => {
    expect(problemOf(`${MINIMUM}vars: {cutoff: a, CutOff: b}\n`)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'vars.CutOff is vars.cutoff to SQL, which does not heed case.',
      place: { line: 3 },
    });
  });

  it.each(['usubjid', 'USUBJID'])(
    'refuses a column that a publication lists twice, as %s too [PROJECT-001]',
    (again) => {
      const yaml = `${MINIMUM}publications:\n  part:\n    columns:\n      sdtm.dm: [USUBJID, SEX, ${again}]\n`;
      expect(problemOf(yaml)).toMatchObject({
        kind: 'usage',
        code: 'CONFIG_INVALID',
        message: 'publications.part.columns.sdtm.dm[2] names USUBJID again: SQL does not heed case.',
        place: { line: 6, column: 31 },
      });
    },
  );

  it.each([
    ['study.id', 'name: a\nstudy:\n  id: "VEXIN\\u001f03"\n', 3, 7],
    ['study.environment', 'name: a\nstudy:\n  id: A\n  environment: "Prod\\n"\n', 4, 16],
    ['sources.s.system', `${MINIMUM}sources:\n  s: {files: a.xml, system: "\\u0085"}\n`, 4, 29],
  ])('refuses a control character in %s, which is part of identities [PROJECT-017]', (name, yaml, line, column) => {
    expect(problemOf(yaml)).toMatchObject({
      kind: 'usage',
      code: 'CONFIG_INVALID',
      message: `${name} must not hold a control character.`,
      place: { file: 'warehouse.yml', line, column },
    });
  });

  it('says of extends that it is not supported yet [PROJECT-005]', () => {
    expect(problemOf(`${MINIMUM}extends: [../shared]\n`)).toMatchObject({
      kind: 'usage',
      code: 'NOT_YET_SUPPORTED',
      message: 'extends is not supported yet.',
      place: { line: 3, column: 10 },
    });
  });

  it('accepts no policy but keep: all [PROJECT-001]', () => {
    expect(problemOf(`${MINIMUM}policy: {keep: some}\n`).message).toBe('policy.keep must be all, not "some".');
  });
});

describe('sources', () => {
  const sourceOf = (yaml: string) => read(`${MINIMUM}sources:\n  s: ${yaml}\n`);

  it('takes the format from the ending, and defaults from the format [PROJECT-006]', () => {
    expect(sourceOf('{files: "data/*.xml.gz"}').valid?.sources.s).toEqual({
      name: 's',
      format: 'odm',
      files: ['data/*.xml.gz'],
      system: 's',
      keep: 'sealed',
      classification: 'none',
    });
    expect(sourceOf('{files: [data/a.csv, data/b.CSV.GZ], system: lab}').valid?.sources.s).toEqual({
      name: 's',
      format: 'csv',
      files: ['data/a.csv', 'data/b.CSV.GZ'],
      system: 'lab',
      covers: 'study',
      keep: 'sealed',
      classification: 'none',
      keys: [],
      delimiter: ',',
      encoding: 'utf-8',
    });
  });

  it('asks for the format where the endings do not say it [PROJECT-006]', () => {
    expect(sourceOf('{files: data/*}').problems[0].message).toMatch(/does not say the format/);
    expect(sourceOf('{files: a.xlsx}').problems[0].message).toMatch(
      /is Excel, which is not read: save .* as a CSV file/,
    );
    expect(sourceOf('{files: [a.xml, b.csv]}').problems[0].message).toMatch(/does not say the format/);
    expect(sourceOf('{files: data/*, format: odm}').valid?.sources.s.format).toBe('odm');
  });

  it('refuses a key of the other format [PROJECT-006]', () => {
    expect(sourceOf('{files: a.csv, dialect: rave}').problems[0].message).toBe(
      'sources.s.dialect belongs to sources of format odm, not csv.',
    );
    expect(sourceOf('{files: a.xml, keys: [A]}').problems[0].message).toBe(
      'sources.s.keys belongs to sources of format csv, not odm.',
    );
  });

  it('takes how several files belong together where each could replace all the others [PROJECT-006]', () => {
    expect(sourceOf('{files: a.csv, delivery: together}').valid?.sources.s).toMatchObject({ delivery: 'together' });
    expect(sourceOf('{files: a.csv, covers: study, delivery: each}').valid?.sources.s).toMatchObject({
      delivery: 'each',
    });
    expect(sourceOf('{files: a.csv, covers: increment, delivery: each}').problems[0].message).toBe(
      'sources.s.delivery belongs to sources that cover the study, not increment.',
    );
    expect(sourceOf('{files: a.xml, delivery: each}').problems[0].message).toBe(
      'sources.s.delivery belongs to sources of format csv, not odm.',
    );
  });

  it.each(['sites', 'subjects', 'events', 'forms'])(
    'refuses a CSV source that covers %s, of which its rows say nothing [PROJECT-006]',
    (covers) => {
      expect(sourceOf(`{files: a.csv, covers: ${covers}}`).problems).toEqual([
        {
          kind: 'usage',
          code: 'CONFIG_INVALID',
          message: `sources.s.covers must be study or increment for a source of format csv, whose rows name no ${covers}.`,
          place: { file: 'warehouse.yml', line: 4, column: 29 },
          next: 'What a file does not hold is removed with covers: study, and stays with covers: increment.',
        },
      ]);
      expect(sourceOf(`{files: a.xml, covers: ${covers}}`).valid?.sources.s).toMatchObject({ covers });
    },
  );

  it.each(['/etc/a.csv', '../a.csv', 'data/../../a.csv', 'C:/a.csv', 'data\\\\a.csv', 'a\\u0000.csv'])(
    'refuses %s, which leads out of the project or is no portable path [PROJECT-007]',
    (path) => {
      const { problems } = sourceOf(`{files: "${path}"}`);
      expect(problems[0]?.code).toBe('CONFIG_INVALID');
    },
  );

  it.each(['-05:00', '+14:00', 'Z'])('accepts the time zone %s [PROJECT-006]', (zone) => {
    expect(sourceOf(`{files: a.xml, time_zone: "${zone}"}`).valid?.sources.s).toMatchObject({ time_zone: zone });
  });

  it.each(['EST', '-5:00', '+15:00', '+14:30', '+05:60'])('refuses the time zone %s [PROJECT-006]', (zone) => {
    expect(sourceOf(`{files: a.xml, time_zone: "${zone}"}`).problems).toHaveLength(1);
  });
});

describe('targets and publications', () => {
  it('refuses a target that changes a source the project does not have [PROJECT-008]', () => {
    const yaml = `${MINIMUM}sources: {kits: {files: a.csv}}\ntargets:\n  unblinded:\n    sources: {kit: {files: b.csv}}\n`;
    expect(problemOf(yaml)).toMatchObject({
      message: 'targets.unblinded.sources.kit is no source of this project.',
      next: 'Did you mean "kits"?',
      place: { line: 6 },
    });
  });

  it('refuses files of another format for a target [PROJECT-008]', () => {
    const yaml = `${MINIMUM}sources: {kits: {files: a.csv}}\ntargets: {u: {sources: {kits: {files: b.xml}}}}\n`;
    expect(problemOf(yaml).message).toBe("targets.u.sources.kits.files must be of the source's format, csv.");
  });

  it.each(['data/b.duckdb', 'Target/b.duckdb', 'target', 'target/./', 'target//'])(
    'refuses %s, which is not in target/, for what is built [PROJECT-008]',
    (path) => {
      const { problems } = read(`${MINIMUM}publications: {b: {file: ${path}}}\nexports: {directory: ${path}}\n`);
      const messages = problems.map(({ message }) => message);
      expect(messages).toContain('publications.b.file must lie in target/.');
      if (path !== 'data/b.duckdb') expect(messages).toContain('exports.directory must lie in target/.');
    },
  );
});

describe('a variable that is a number [PROJECT-040]', () => {
  const vars = (written: string) => `${MINIMUM}vars: {a: ${written}}\n`;

  it.each<[string, unknown]>([
    ['12', 12],
    ['-3', -3],
    ['0.5', 0.5],
    ['-12.25', -12.25],
    ['0.0000001', 0.0000001],
    ['123456789012.345', 123456789012.345],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775807', 9223372036854775807n],
  ])('%s is read exactly', (written, value) => {
    expect(read(vars(written)).valid?.vars).toEqual({ a: value });
  });

  it.each([
    ['0012', '12'],
    ['+5', '5'],
    ['0x1F', '31'],
    ['1.0', '1'],
    ['1.50', '1.5'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['-0', '0'],
    ['0.12345678901234567890', '0.12345678901234568'],
    ['009007199254740993', '9007199254740993'],
  ])('%s is refused: text may have been meant', (written, value) => {
    expect(problemOf(vars(written))).toEqual({
      kind: 'usage',
      code: 'CONFIG_INVALID',
      message: `vars.a is ${written}, which YAML reads as the number ${value}.`,
      place: { file: 'warehouse.yml', line: 3, column: 11 },
      next: `Put it in quotes if it is text, or write ${value}.`,
    });
    expect(read(vars(`"${written}"`)).valid?.vars).toEqual({ a: written });
  });

  it.each(['9223372036854775808', '12345678901234567890', '-9223372036854775809'])(
    '%s fits into no BIGINT',
    (written) => {
      expect(problemOf(vars(written)).message).toBe('vars.a is a whole number that does not fit into BIGINT.');
    },
  );

  it('may be written in any way where no text can stand', () => {
    expect(read(`${MINIMUM}removal_threshold: 0.10\n`).valid?.removal_threshold).toBe(0.1);
    expect(problemOf(`${MINIMUM}removal_threshold: 12345678901234567890\n`).message).toBe(
      'removal_threshold must be a number, not 12345678901234567890.',
    );
  });
});
