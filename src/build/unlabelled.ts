import type { WarehouseEvent } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { ModelSource, Project } from '../project/project.ts';

/** Says which datasets go into XPT with columns that have no label: SAS shows nothing there, and a reviewer misses it. */
export function unlabelled({ exports }: Project, models: readonly ModelSource[]): WarehouseEvent[] {
  if (!exports.formats.includes('xpt')) return [];
  const found = models.map((model) => [model, missing(model)] as const).filter(([, what]) => what !== undefined);
  const [first] = found;
  if (first === undefined) return [];
  const path = first[0].propertiesPath ?? first[0].path.replace(/\.sql$/, '.yml');
  return [
    {
      event: 'notice',
      code: 'XPT_NO_LABELS',
      message: `XPT without labels of columns: ${listed(found.map(([{ name }, what]) => `${name} (${what})`))}.`,
      next: `List them under columns: with a label each, in ${path}${found.length > 1 ? ' and so on' : ''}.`,
    },
  ];
}

function missing({ properties: { columns } }: ModelSource): string | undefined {
  const described = Object.entries(columns).filter(([name]) => !name.startsWith('_'));
  if (described.length === 0) return 'its properties describe none';
  const without = described.filter(([, { label }]) => label === undefined).map(([name]) => name);
  return without.length === 0 ? undefined : listed(without);
}
