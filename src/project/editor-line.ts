/** Where a project has the JSON Schemas of its YAML files, for the editor of who writes them. */
export const EDITOR_SCHEMAS = '.warehouse/schemas';

/**
 * By this first line an editor with a language server for YAML completes and checks the file.
 * @param up the way to the folder of warehouse.yml
 */
export const editorLine = (schema: string, up = '') =>
  `# yaml-language-server: $schema=${up}${EDITOR_SCHEMAS}/${schema}\n`;

/** That of models/<schema>/<name>.yml. */
export const MODEL_LINE = editorLine('model.json', '../../');
