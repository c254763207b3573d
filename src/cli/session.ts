import { resolve } from 'node:path';
import type { LoadOptions, RunChoice, TestOptions } from '../build/build.ts';
import type { CheckpointOptions } from '../build/checkpoint.ts';
import type { SelectOptions } from '../build/selection.ts';
import type { Context, OpenOptions } from '../build/warehouse.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { EngineName } from '../odm/xml/events.ts';
import { DEFAULT_TARGET, type ProjectChoice } from '../project/choice.ts';
import { findProject } from '../project/find-project.ts';
import type { Project } from '../project/project.ts';
import { jsonLine } from '../report/json.ts';
import type { Terminal } from '../report/terminal.ts';
import type { Actions } from './actions.ts';

/** The flags and positional arguments of a command, by name, after validation. */
export type Arguments = Readonly<Record<string, unknown>>;

interface SessionWorld {
  readonly actions: Actions;
  readonly context: Context;
  readonly args: Arguments;
  readonly folder: string;
  readonly output: Terminal;
  /** Called before anything is printed: takes the live line away. */
  readonly done: () => void;
}

/** What a command works with: the project it is to work on, the actions, and where its result goes. */
export class Session {
  readonly actions: Actions;
  readonly context: Context;
  readonly #args: Arguments;
  readonly #folder: string;
  /** Of the project, once there is one. */
  #root: string | undefined;
  readonly #output: Terminal;
  readonly #done: () => void;

  constructor(world: SessionWorld) {
    this.actions = world.actions;
    this.context = world.context;
    this.#args = world.args;
    this.#folder = world.folder;
    this.#output = world.output;
    this.#done = world.done;
  }

  /** The project that is meant, read. */
  async project(): Promise<Project> {
    const { root, target } = this.chosen;
    const { loadProject } = await import('../project/load-project.ts');
    const { renewEditorSchemas } = await import('../build/editor-schemas.ts');
    const project = await loadProject(root, { target });
    renewEditorSchemas(project);
    return project;
  }

  /** The project of `--project`, or the nearest one upwards, for the target that was asked for. */
  get chosen(): ProjectChoice {
    const { project, target, unblinded } = this.#args as { project?: string; target?: string; unblinded?: boolean };
    if (unblinded && target !== undefined && target !== 'unblinded') {
      const message = `--unblinded and --target ${target} are two different targets.`;
      throw new WarehouseError({ kind: 'usage', code: 'CLI_INVALID', message, next: 'Give one of them.' });
    }
    this.#root = project === undefined ? findProject(this.#folder) : resolve(this.#folder, project);
    return { root: this.#root, target: unblinded ? 'unblinded' : (target ?? DEFAULT_TARGET) };
  }

  /** What paths are told from: the folder of the project, or where the command was started. */
  get root(): string {
    return this.#root ?? this.#folder;
  }

  get options(): OpenOptions {
    return { threads: this.#args.threads as number | undefined };
  }

  get selection(): SelectOptions {
    const { select = [], exclude = [] } = this.#args as { select?: string[]; exclude?: string[] };
    return { ...this.options, select, exclude };
  }

  get runChoice(): RunChoice {
    return { ...this.selection, ...this.keeping, fullRefresh: this.#args['full-refresh'] === true };
  }

  get keeping(): TestOptions {
    const { 'store-failures': store, 'no-store-failures': leave } = this.#args;
    if (store && leave) {
      const message = '--store-failures and --no-store-failures contradict each other.';
      throw new WarehouseError({ kind: 'usage', code: 'CLI_INVALID', message, next: 'Give one of them.' });
    }
    return { storeFailures: !leave };
  }

  get reading(): Omit<LoadOptions, keyof OpenOptions> {
    return { parser: this.#args.parser as EngineName, acceptRemovals: this.#args['accept-removals'] === true };
  }

  get kept(): CheckpointOptions {
    return {
      checkpoints: (this.#args.checkpoint as string[] | undefined) ?? [],
      publicKey: this.#args['public-key'] as string | undefined,
    };
  }

  /** Prints what was asked for. */
  show(result: object, render: (terminal: Terminal) => string): void {
    this.#done();
    this.#output.write(this.#args.json ? jsonLine({ event: 'result', ...result }) : render(this.#output));
  }

  /** Prints how it went, unless that is not wanted. */
  summarise(result: object, render: (terminal: Terminal) => string): void {
    if (this.#args.json || !this.#args.quiet) this.show(result, render);
  }
}
