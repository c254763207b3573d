/** The functions that the commands call, one a command. They open DuckDB: imported when a command needs them. */
export type Actions = typeof import('../build/commands.ts') & Pick<typeof import('../build/init.ts'), 'init'>;
