import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { group } from './odm/read.ts';

const root = join(import.meta.dirname, '..');
let folder: string;
let consumer: string;

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Compiles the code, packs it as it would be published, and unpacks that where another project would have it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
  const clone = join(folder, 'clone');
  consumer = join(folder, 'consumer');
  const modules = join(consumer, 'node_modules');
  mkdirSync(clone);
  mkdirSync(modules, { recursive: true });
  for (const path of ['package.json', 'README.md', 'LICENSE', 'sql', 'docs']) {
    cpSync(join(root, path), join(clone, path), { recursive: true });
  }
  run(process.execPath, ['node_modules/typescript/bin/tsc', ...compile(join(clone, 'dist'))], root);
  cpSync(join(root, 'dist', 'schemas'), join(clone, 'dist', 'schemas'), { recursive: true });
  run('npm', ['pack', '--ignore-scripts', '--offline'], clone);
  const archive = readdirSync(clone).find((name) => name.endsWith('.tgz')) as string;
  run('tar', ['-xzf', join(clone, archive)], consumer);
  cpSync(join(consumer, 'package'), join(modules, 'trial-warehouse'), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
  writeFileSync(join(consumer, 'package.json'), '{"type": "module"}');
  writeFileSync(join(consumer, 'export.xml'), group('<ItemData ItemOID="A" Value="1"/><ItemData ItemOID="B"/>'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compile = (outDir: string) => ['-p', 'tsconfig.build.json', '--outDir', outDir];

describe('the package, as it is published', () => {
  it('runs the example of the README [PACKAGE-001]', () => {
    const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) as RegExpExecArray;
    expect(example).toContain("import { readOdm } from 'trial-warehouse';");
    writeFileSync(join(consumer, 'example.js'), example);
    const lines = run(process.execPath, ['example.js'], consumer).trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(['subject_data 1', 'item_group_data 1', 'item_data 2']));
  });

  it('has types for all that readOdm takes and gives [PACKAGE-001]', () => {
    writeFileSync(
      join(consumer, 'example.ts'),
      `import { type OdmBatch, type OdmNode, type OdmSummary, type ReadOdmOptions, readOdm, type SubjectAlias, WarehouseError } from 'trial-warehouse';
const definitions: OdmNode[] = [];
const aliases: SubjectAlias[] = [];
const options: ReadOdmOptions = {
  engine: 'tokenizer',
  onDefinition: (node) => definitions.push(node),
  onAlias: (alias) => aliases.push(alias),
  onSummary: ({ dialect, counts }: OdmSummary) => [dialect.length, counts],
};
try {
  for await (const { table, batch } of readOdm([new Uint8Array()], options)) {
    const name: OdmBatch['table'] = table;
    const rows: number = batch.numRows;
    // @ts-expect-error: a table has a name, which is no number
    const wrong: number = name;
  }
} catch (error) {
  if (error instanceof WarehouseError) error.code.length;
}
// @ts-expect-error: there are two engines
await readOdm([], { engine: 'expat' }).next();
`,
    );
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(run(process.execPath, [tsc, ...flags, ...types, 'example.ts'], consumer)).toBe('');
  });

  it('brings its command and its SQL [PACKAGE-001]', () => {
    const main = join(consumer, 'node_modules/trial-warehouse/dist/cli/main.js');
    writeFileSync(join(consumer, 'warehouse.yml'), 'name: a\nstudy: {id: ST}\nsources: {edc: {files: export.xml}}\n');
    const plan = run(process.execPath, [main, 'plan'], consumer);
    expect(plan).toContain('export.xml');
  });
});
