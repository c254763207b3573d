import type { Dialect, StatusAttribute } from '../dialect.ts';

const NAMESPACE = 'http://www.mdsol.com/ns/odm/metadata';

/** What a subject list says of each subject (`status=all`), Yes or No; named as their kinds are. */
const SUBJECT_FLAGS = [
  'Overdue',
  'Touched',
  'Empty',
  'Incomplete',
  'NonConformant',
  'RequiresSecondPass',
  'RequiresReconciliation',
  'RequiresVerification',
  'Verified',
  'Frozen',
  'Locked',
  'RequiresReview',
  'PendingReview',
  'Reviewed',
  'RequiresAnswerQuery',
  'RequiresPendingAnswerQuery',
  'RequiresCloseQuery',
  'RequiresPendingCloseQuery',
  'StickyPlaced',
  'Signed',
  'SignatureCurrent',
  'RequiresSignature',
  'RequiresTranslation',
  'RequiresCoding',
  'ReadyForFreeze',
  'ReadyForLock',
];

const words = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

const status = (level: StatusAttribute['level'], name: string, kind: string): StatusAttribute => ({
  level,
  attribute: { namespace: NAMESPACE, name },
  kind,
});

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
  statuses: [
    status('SubjectData', 'Status', 'subject status'),
    ...SUBJECT_FLAGS.map((name) => status('SubjectData', name, words(name))),
    status('ItemData', 'Freeze', 'frozen'),
    status('ItemData', 'Lock', 'locked'),
    status('ItemData', 'Verify', 'verified'),
    status('ItemData', 'SignatureBroken', 'signature broken'),
  ],
  subjectAlias: { attribute: { namespace: NAMESPACE, name: 'SubjectName' }, kind: 'name' },
};
