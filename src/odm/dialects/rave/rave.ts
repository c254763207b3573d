import type { Dialect } from '../dialect.ts';

const NAMESPACE = 'http://www.mdsol.com/ns/odm/metadata';

/**
 * Medidata Rave: clinical views, subject lists and audit streams (ClinicalAuditRecords), one ClinicalData an audit.
 * Audits of queries, verification and visibility carry items without a value; only `EnteredEmpty` means a blank.
 */
export const rave: Dialect = {
  name: 'rave',
  recognises: ({ namespaces }) => namespaces.has(NAMESPACE),
  auditCategory: { namespace: NAMESPACE, name: 'AuditSubCategoryName' },
  noValueSaysNothing: (category) => category !== 'EnteredEmpty',
  queries: [
    {
      element: { namespace: NAMESPACE, name: 'Query' },
      id: 'QueryRepeatKey',
      recipient: 'Recipient',
      status: 'Status',
      text: 'Value',
      response: 'Response',
    },
  ],
  subjectAlias: { attribute: { namespace: NAMESPACE, name: 'SubjectName' }, kind: 'name' },
};
