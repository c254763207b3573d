import type { ModelSource } from '../../project/project.ts';
import { propertyPlace } from '../../project/property-error.ts';
import type { TableReference } from './references.ts';

/** The tables that a model says it reads, under depends_on. */
export function declaredTables(source: ModelSource): TableReference[] {
  return source.properties.depends_on.map((name, i) => ({
    parts: name.split('.'),
    place: propertyPlace(source, ['depends_on', i]),
  }));
}
