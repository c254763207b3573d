import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildResult, build } from '../../src/build/build.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type EventSink, silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { Client } from '../helpers/client.ts';

const repository = join(import.meta.dirname, '../..');

/** The demonstration study in a folder of its own. */
export class Demonstration {
  readonly root = mkdtempSync(join(tmpdir(), 'demonstration-'));

  constructor() {
    for (const path of ['warehouse.yml', 'models', 'macros', 'rules', 'tests', 'data']) {
      const from = join(repository, path);
      if (existsSync(from)) cpSync(from, join(this.root, path), { recursive: true });
    }
  }

  async build(target = 'main', events: EventSink = silent): Promise<BuildResult> {
    const project = await loadProject(this.root, { target });
    return build(project, { parser: 'tokenizer', select: [], threads: 2 }, { events, clock: systemClock });
  }

  /** Opens a DuckDB file of the project by the foreign client, read-only unless `write`. */
  async open(path = 'target/main.duckdb', write = false): Promise<Client> {
    return Client.open(join(this.root, path), write);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
