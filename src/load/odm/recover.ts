import { WarehouseError } from '../../lib/errors.ts';
import { type EventSink, silent } from '../../lib/events.ts';
import { type Damage, RECOVERABLE } from '../../odm/recover/damage.ts';
import { DamageScan } from '../../odm/recover/damage-scan.ts';
import type { EngineName } from '../../odm/xml/events.ts';
import type { OdmSource, Source } from '../../project/source.ts';
import { contentOf } from '../packing/content.ts';
import type { SourceFile } from '../source-file.ts';
import { inFile } from './document.ts';

interface Reading {
  readonly study: { readonly id: string; readonly environment: string; readonly oids: readonly string[] };
  readonly events: EventSink;
}

/**
 * Does what reads a file and, where its document is not well-formed or not usable and its source says
 * `on_malformed: recover`, does it once more without what is damaged. So a file without damage is read once.
 * @param read leaves nothing behind where it throws
 * @throws as `read`; data ODM_* (DamageScan) where the damage cannot be cut out
 */
export async function recovering<T>(
  reading: Reading,
  source: Source,
  file: SourceFile,
  read: (damages: readonly Damage[]) => Promise<T>,
): Promise<T> {
  try {
    return await read([]);
  } catch (error) {
    const mayRecover = source.format === 'odm' && source.on_malformed === 'recover';
    if (!mayRecover || !(error instanceof WarehouseError) || !RECOVERABLE.has(error.code)) throw error;
    const damages = await damagesOf(reading, source, file);
    if (damages.length === 0) throw error;
    return read(damages);
  }
}

async function damagesOf({ study }: Reading, source: OdmSource, file: SourceFile): Promise<readonly Damage[]> {
  const scan = new DamageScan({
    dialect: source.dialect,
    system: source.system,
    environment: study.environment,
    study: study.id,
    firstKey: 1,
    timeZone: source.time_zone,
    onControl: source.control_characters === 'replace' ? () => {} : undefined,
    acceptStudy: (oid) => study.oids.includes(oid),
  });
  try {
    for await (const chunk of contentOf(file, silent, file.name)) scan.write(chunk);
    return scan.end();
  } catch (error) {
    throw inFile(file, error);
  }
}

/**
 * sax takes much for well-formed that is not (sax-engine.ts), so that it would land what belongs into quarantine.
 * @throws usage SOURCE_PARSER
 */
export function refuseSax(source: OdmSource, parser: EngineName): void {
  const recovers = source.on_malformed === 'recover';
  if (parser === 'tokenizer' || !(recovers || source.control_characters === 'replace')) return;
  const setting = recovers ? 'on_malformed: recover' : 'control_characters: replace';
  throw new WarehouseError({
    kind: 'usage',
    code: 'SOURCE_PARSER',
    message: `Source ${source.name} says ${setting}, which --parser sax cannot do: it does not see all that is wrong.`,
    place: { file: 'warehouse.yml' },
    next: 'Nothing of it was loaded. Leave out --parser sax, or the setting.',
  });
}
