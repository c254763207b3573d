import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSink } from '../lib/events.ts';

/** What a project of dbt has beside its models, with what takes its place. */
const NOT_READ: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'What it says of models stands with each of them, and all else in warehouse.yml.',
  snapshots: 'Write each snapshot as a model with materialized: snapshot.',
};

/** Says what is left of dbt in the folder of a project, for nothing reads it (docs/coming-from.md). */
export function tellDbt(root: string, events: EventSink): void {
  for (const [path, instead] of Object.entries(NOT_READ)) {
    if (!existsSync(join(root, path))) continue;
    const message = `${path} is of dbt and is not read.`;
    events({ event: 'notice', code: 'DBT_NOT_READ', message, next: `${instead} See docs/coming-from.md.` });
  }
}
