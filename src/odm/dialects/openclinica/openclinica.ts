import type { Dialect } from '../dialect.ts';

const NAMESPACE = 'http://www.openclinica.org/ns/odm_ext_v130/v3.1';
const STATUS = { namespace: NAMESPACE, name: 'Status' };

/**
 * OpenClinica and LibreClinica: a site poses as a study; audit log and discrepancy notes stand inside the elements they
 * are about. A note holds the remarks made on it. The kind of an entry of the audit log is its Type in 3.1, its AuditType
 * later.
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
  auditLog: {
    element: { namespace: NAMESPACE, name: 'AuditLog' },
    id: 'ID',
    user: 'UserID',
    datetime: 'DateTimeStamp',
    reason: 'ReasonForChange',
    category: ['AuditType', 'Type'],
  },
  statuses: [
    { level: 'SubjectData', attribute: STATUS, kind: 'subject status' },
    { level: 'StudyEventData', attribute: STATUS, kind: 'event status' },
    { level: 'FormData', attribute: STATUS, kind: 'form status' },
    { level: 'ItemGroupData', attribute: { namespace: NAMESPACE, name: 'Removed' }, kind: 'removed' },
  ],
  subjectAlias: { attribute: { namespace: NAMESPACE, name: 'StudySubjectID' }, kind: 'name' },
};
