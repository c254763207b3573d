import { posix } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { own } from '../lib/own.ts';
import { DEFAULT_TARGET, workingFileOf } from './choice.ts';
import { type Classification, DEFAULT_LEVEL } from './classification.ts';
import { type Configuration, DEFAULT_PUBLICATION, publishedAs } from './configuration.ts';
import { nearest } from './nearest.ts';
import type { Project, Publication } from './project.ts';
import type { Source } from './source.ts';

/** The parts of a project that depend on the target. */
type TargetParts = Pick<Project, 'target' | 'sources' | 'publications' | 'exports'>;

/**
 * The configuration as one target sees it. A target other than `main` reads the files it names, has a working file of
 * its own, and adds `-<target>` to the name of each published file and of the export directory, so that nothing of it
 * can be taken for another's, and may show what another may not; that nothing overwrites another's is for `outputProblems` to see to. Paths of outputs are
 * normalised.
 *
 * @throws usage `TARGET_UNKNOWN`
 */
export function resolveTarget(configuration: Configuration, name: string): TargetParts {
  const isDefault = name === DEFAULT_TARGET;
  const changes = Object.hasOwn(configuration.targets, name) ? configuration.targets[name] : undefined;
  if (!isDefault && changes === undefined) throw unknownTarget(configuration, name);
  const suffix = isDefault ? '' : `-${name}`;
  const sources = Object.values(configuration.sources).map((source): Source => {
    const other = changes && own(changes.sources, source.name);
    if (other === undefined) return source;
    const { files, classification = source.classification } = other;
    return { ...source, files, classification };
  });
  const levelOf = ({ level }: { level?: Classification }) => level ?? changes?.level ?? DEFAULT_LEVEL;
  const publications = Object.entries(configuration.publications).map(([publication, written]): Publication => {
    const file = (written.file ?? publishedAs(publication)).replace(/\.duckdb$/, `${suffix}.duckdb`);
    const ofTarget = publication === DEFAULT_PUBLICATION ? changes?.file : undefined;
    return { ...written, name: publication, level: levelOf(written), file: posix.normalize(ofTarget ?? file) };
  });
  const directory = `${trimmed(configuration.exports.directory)}${suffix}`;
  return {
    target: { name, workingFile: workingFileOf(name) },
    sources,
    publications,
    exports: { ...configuration.exports, level: levelOf(configuration.exports), directory },
  };
}

const trimmed = (directory: string) => posix.normalize(directory).replace(/\/$/, '');

function unknownTarget(configuration: Configuration, name: string): WarehouseError {
  const names = [DEFAULT_TARGET, ...Object.keys(configuration.targets)];
  const meant = nearest(name, names);
  return new WarehouseError({
    kind: 'usage',
    code: 'TARGET_UNKNOWN',
    message: `There is no target "${name}".`,
    place: { file: 'warehouse.yml' },
    next: meant === undefined ? `Targets of this project: ${names.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}
