/** The attributes of one start tag, without xmlns declarations. Valid until `open` returns. */
export interface Attributes {
  /** Holds the values, references resolved; raw TAB, LF and CR as sent. */
  bytes: Buffer;
  /** The same bytes. */
  view: DataView;
  count: number;
  /** Expanded names: numbers of `Names`. */
  names: Int32Array;
  /** Value k is bytes[starts[k], ends[k]). */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** RawWhiteSpace of each value. Whoever keeps it sets it back to none. */
  readonly rawWhiteSpace: Uint8Array;
  /** Whether any value may hold raw white space. */
  anyRawWhiteSpace: boolean;
  /** Of a value that is mixed: the same with a blank for each TAB, LF and CR that stood raw. */
  readonly blanked: Buffer[];
}

/**
 * Whether a value holds a TAB, LF or CR that stood as such in the document, not as a reference; `mixed`: both kinds, so
 * that only Attributes.blanked tells which is which.
 */
export const RawWhiteSpace = { none: 0, all: 1, mixed: 2 } as const;

/** What an engine says of a document. Both engines say the same, byte for byte. */
export interface XmlEvents {
  /** Byte offsets in the UTF-8 stream: `place` of the start tag, `end` behind it. */
  open(name: number, attributes: Attributes, place: number, end: number): void;
  /** Whether a run of white space means anything where the document stands now. */
  readonly takesBlank: boolean;
  /** Text may come in any number of runs; `blank`: this run is white space only. */
  text(bytes: Buffer, start: number, end: number, blank: boolean): void;
  /** `end`: byte offset behind the end tag. */
  close(name: number, end: number): void;
}

/** `tokenizer`: the byte tokenizer. `sax`: the npm package, for comparison; more lenient (sax-engine.ts). */
export const ENGINES = ['tokenizer', 'sax'] as const;
export type EngineName = (typeof ENGINES)[number];

/** A push parser of UTF-8. Refuses with a WarehouseError that has byte, line and column. */
export interface XmlEngine {
  write(chunk: Uint8Array): void;
  /** Looks at what was written so far, be it little, and refuses it if that has to be: nothing more will come. */
  drain(): void;
  end(): void;
}

/**
 * Bounds against hostile documents, so that no load takes more than 500 MB: what lands of a value stands in memory about
 * eight times. No bound is near what a real ODM file needs but for the length of texts: a file of more than 24 MB in base64.
 */
export const LIMITS = {
  depth: 1024,
  attributes: 1024,
  nameBytes: 1024,
  names: 16_384,
  namespaceScopes: 1024,
  attributeBytes: 32 << 20,
  textBytes: 32 << 20,
  /** Of OIDs, repeat keys and the like (raw.dictionary) that a document adds. */
  dictionaryTexts: 4_000_000,
  dictionaryBytes: 128 << 20,
} as const;

export function newAttributes(): Attributes {
  return {
    bytes: Buffer.alloc(0),
    view: new DataView(new ArrayBuffer(0)),
    count: 0,
    names: new Int32Array(LIMITS.attributes),
    starts: new Int32Array(LIMITS.attributes),
    ends: new Int32Array(LIMITS.attributes),
    rawWhiteSpace: new Uint8Array(LIMITS.attributes),
    anyRawWhiteSpace: false,
    blanked: [],
  };
}
