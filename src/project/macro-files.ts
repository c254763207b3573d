import { type Problem, problemOf } from './problem.ts';
import type { SqlFile } from './sql-file.ts';
import { type ParsedTemplate, parseTemplate } from './template/parse.ts';
import { isTemplate } from './template/tags.ts';
import { readSqlFiles, textFiles } from './text-files.ts';

/** The files of macros/: those of DuckDB's macros, and those of macros of templates. */
export interface MacroFiles {
  readonly sql: readonly SqlFile[];
  readonly templates: readonly ParsedTemplate[];
  readonly problems: readonly Problem[];
}

/** Reads the files of macros/ and of the folders in it, by name. A file with a tag holds macros of templates, any other CREATE MACRO statements. */
export async function readMacroFiles(root: string): Promise<MacroFiles> {
  const { paths, problems: ofFiles } = await textFiles(root, 'macros');
  const { files, problems: ofNames } = await readSqlFiles(root, paths, MISNAMED);
  const problems: Problem[] = [...ofFiles, ...ofNames];
  const templates: ParsedTemplate[] = [];
  for (const { path, sql: text } of files.filter(({ sql }) => isTemplate(sql))) {
    try {
      const statements = parseTemplate({ path, text });
      if (statements.some(({ type }) => type === 'Macro')) templates.push({ path, statements });
      else problems.push(withoutMacro(path));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  return {
    sql: files.filter(({ sql }) => !isTemplate(sql)),
    templates,
    problems: [...problems, ...definedTwice(templates)],
  };
}

function withoutMacro(path: string): Problem {
  return {
    kind: 'usage',
    code: 'TEMPLATE_SYNTAX',
    message: 'The file has a tag, and defines no macro of templates: a macro of DuckDB is not rendered.',
    place: { file: path },
    next: 'Write {% macro name(...) %} ... {% endmacro %}, or give the macro of DuckDB a parameter for what is to vary.',
  };
}

const MISNAMED = { code: 'MACRO_FILE', message: 'A file of macros ends in .sql, in lower-case letters.' };

function definedTwice(files: readonly ParsedTemplate[]): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { path, statements } of files) {
    for (const statement of statements) {
      if (statement.type !== 'Macro') continue;
      const name = statement.name.value;
      const other = seen.get(name);
      seen.set(name, path);
      if (other === undefined) continue;
      problems.push({
        kind: 'usage',
        code: 'MACRO_DEFINED_TWICE',
        message: `The macro ${name} is defined in ${other} too.`,
        place: { file: path },
        next: 'Rename or remove one of them.',
      });
    }
  }
  return problems;
}
