import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Source } from '../project/source.ts';

/** To be raised whenever a reader of this version would land the same bytes in another way: files are then read anew. */
const READER_VERSION = { odm: 2, csv: 1 } as const;

/**
 * SHA-256 of all that decides, beside the bytes, what lands of a file: the version of the reader and the settings of
 * the source, in canonical JSON (raw.part.reader_fingerprint).
 */
export function readerFingerprint(source: Source): string {
  return sha256Hex(
    canonicalJson({
      format: source.format,
      version: READER_VERSION[source.format],
      system: source.system,
      // Only where given: it was not always there, and what was read without it need not be read anew.
      ...(source.member !== undefined && { member: source.member }),
      ...settingsOf(source),
    }),
  );
}

function settingsOf(source: Source): Record<string, string | readonly string[] | null> {
  if (source.format === 'odm') {
    const { dialect = null, time_zone = null, on_malformed, control_characters } = source;
    // Named only where they change something: files that were read before there were these settings are read as now.
    return {
      dialect,
      time_zone,
      ...(on_malformed === 'recover' && { on_malformed }),
      ...(control_characters === 'replace' && { control_characters }),
    };
  }
  const { keys, delimiter, encoding } = source;
  return { keys, delimiter, encoding: new TextDecoder(encoding).encoding };
}
