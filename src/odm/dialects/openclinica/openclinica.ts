import type { Dialect } from '../dialect.ts';

const NAMESPACE = 'http://www.openclinica.org/ns/odm_ext_v130/v3.1';

/**
 * OpenClinica and LibreClinica: a site poses as a study; discrepancy notes stand inside items. A
 * note holds the remarks made on it.
 */
export const openclinica: Dialect = {
  name: 'openclinica',
  recognises: ({ namespaces }) => [...namespaces].some((one) => one.startsWith('http://www.openclinica.org/ns/')),
  noValueSaysNothing: () => true,
  queries: [
    {
      element: { namespace: NAMESPACE, name: 'DiscrepancyNote' },
      id: 'ID',
      type: 'NoteType',
      status: 'Status',
      datetime: 'DateUpdated',
    },
    {
      element: { namespace: NAMESPACE, name: 'ChildNote' },
      id: 'ID',
      status: 'Status',
      datetime: 'DateCreated',
      textElement: { namespace: NAMESPACE, name: 'Description' },
    },
  ],
  subjectAlias: { attribute: { namespace: NAMESPACE, name: 'StudySubjectID' }, kind: 'name' },
};
