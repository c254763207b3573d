/** What may be shown of a source, a model or a column, from that which everyone may see upwards. */
export const CLASSIFICATIONS = ['none', 'identifier', 'restricted', 'unblinding'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** What a publication or an export shows that does not say so: what unblinds is never shown without a word. */
export const DEFAULT_LEVEL: Classification = 'restricted';

const rank = (one: Classification) => CLASSIFICATIONS.indexOf(one);

export const isAbove = (one: Classification, other: Classification): boolean => rank(one) > rank(other);

export const lower = (one: Classification, other: Classification): Classification =>
  isAbove(one, other) ? other : one;
