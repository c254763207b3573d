/** What is counted for raw.part; ItemData stands for all its kinds. */
export const COUNTED = [
  'ClinicalData',
  'SubjectData',
  'StudyEventData',
  'FormData',
  'ItemGroupData',
  'ItemData',
  'AuditRecord',
] as const;

export type Counts = Record<(typeof COUNTED)[number], number>;

export const newCounts = (): Counts => ({
  ClinicalData: 0,
  SubjectData: 0,
  StudyEventData: 0,
  FormData: 0,
  ItemGroupData: 0,
  ItemData: 0,
  AuditRecord: 0,
});

/** What a document holds of one study, by its StudyOID. */
export interface StudyTally {
  readonly oid: string;
  /** Whether it lands. What is not accepted is counted only. */
  readonly accepted: boolean;
  readonly counts: Counts;
}
