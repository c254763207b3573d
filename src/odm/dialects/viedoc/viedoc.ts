import type { Dialect } from '../dialect.ts';

/**
 * Viedoc: queries and review states (SDV, CRAReview, DMReview, Lock, Signature) are no part of ClinicalData, but an
 * Association each, whose KeySets name what it is about.
 */
export const viedoc: Dialect = {
  name: 'viedoc',
  recognises: ({ attributes, namespaces }) =>
    namespaces.has('http://www.viedoc.net/ns/v4') || attributes.get('SourceSystem') === 'VIEDOC',
  noValueSaysNothing: () => true,
};
