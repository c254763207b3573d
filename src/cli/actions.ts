/** The functions that the commands call, one a command. */
export type Actions = typeof import('../build/commands.ts');
