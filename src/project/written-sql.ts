import { type Problem, problemOf } from './problem.ts';
import type { Circumstances, RenderedSql, SqlTemplate } from './sql-file.ts';
import type { TemplateText } from './template/parse.ts';
import type { RenderOptions, Said, Templates } from './template/render.ts';
import { isTemplate } from './template/tags.ts';

/** The SQL of a file, rendered where the file is a template. */
export interface WrittenSql {
  readonly sql: string;
  readonly template?: SqlTemplate;
  /** What its config() says. */
  readonly config: readonly Said[];
  readonly problems: readonly Problem[];
}

/**
 * A file in which no tag opens is SQL as it stands. In any other all are rendered, in comments and in texts of SQL too, as
 * dbt does: `'{{ var("cutoff") }}'` is how a value is written. One that is not closed is an error, and never SQL.
 * @param of `model`: `schema.name`, of a model
 */
export function writtenSql(
  templates: Templates,
  file: TemplateText,
  of: { readonly model?: string; readonly takesConfig?: boolean } = {},
): WrittenSql {
  const { model, takesConfig = false } = of;
  const { path, text } = file;
  if (!isTemplate(text)) return { sql: text, config: [], problems: [] };
  const render = (options: RenderOptions = {}) => templates.render(file, { model, ...options });
  try {
    const { sql, lines, config } = render();
    const problems = !takesConfig && config.length > 0 ? [configOutside(path, config[0])] : [];
    return { sql, template: { text, lines, render }, config, problems };
  } catch (error) {
    return { sql: text, config: [], problems: [problemOf(error)] };
  }
}

/** The SQL that a file is in other circumstances; none where it is the same. */
export function otherSql(
  { sql, template }: RenderedSql,
  circumstances: Circumstances,
): { other?: RenderedSql; problems: readonly Problem[] } {
  if (template === undefined) return { problems: [] };
  const { rendered, problems } = rendering(() => template.render(circumstances));
  if (rendered === undefined || rendered.sql === sql) return { problems };
  return { other: { sql: rendered.sql, template: { ...template, lines: rendered.lines } }, problems };
}

/** What a call of `work` gives, or the problem of it. */
export function rendering<Text>(work: () => Text): { rendered?: Text; problems: Problem[] } {
  try {
    return { rendered: work(), problems: [] };
  } catch (error) {
    return { problems: [problemOf(error)] };
  }
}

function configOutside(path: string, { line }: Said): Problem {
  return {
    kind: 'usage',
    code: 'TEMPLATE_CONFIG',
    message: 'Only a model, and a file of tests/, take config().',
    place: { file: path, line },
    next: 'What is to be said of this file stands in the .yml beside it.',
  };
}
