import type { Dialect } from '../dialect.ts';

/** REDCap project exports: no StudyEventData in classic projects, line breaks inside values. */
export const redcap: Dialect = {
  name: 'redcap',
  recognises: ({ attributes, namespaces }) =>
    namespaces.has('https://projectredcap.org') || attributes.get('SourceSystem') === 'REDCap',
  noValueSaysNothing: () => true,
};
