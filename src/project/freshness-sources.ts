import type { Configuration } from './configuration.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { ModelSource } from './project.ts';
import { propertyPlace } from './property-error.ts';

/** Tests of freshness that name a source which warehouse.yml does not have, of any target. */
export function freshnessProblems({ sources, targets }: Configuration, models: readonly ModelSource[]): Problem[] {
  const declared = [sources, ...Object.values(targets).map((target) => target.sources)].flatMap(Object.keys);
  const known = new Set(declared);
  return models.flatMap((model) => {
    const named = model.properties.tests.map((test) => (test.kind === 'freshness' ? test.source : undefined));
    const unknown = new Set(named.filter((source) => source !== undefined && !known.has(source)) as string[]);
    return [...unknown].map((source): Problem => {
      const near = nearest(source, known);
      return {
        kind: 'usage',
        code: 'CONFIG_INVALID',
        message: `A test of freshness names the source ${source}, which warehouse.yml does not have.`,
        place: propertyPlace(model, ['tests']),
        next: near === undefined ? `Sources: ${[...known].sort().join(', ') || 'none'}.` : `Did you mean ${near}?`,
      };
    });
  });
}
