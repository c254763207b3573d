/** Where an item group record stands: the columns that come before the items in every staged table, and what they say. */
export const RECORD_CONTEXT = {
  study_oid: "StudyOID of the subject's latest record. A site may pose as a study.",
  site_oid: 'Site of the subject now: LocationOID of its latest SiteRef.',
  subject_key: 'SubjectKey.',
  study_event_oid: 'StudyEventOID.',
  study_event_repeat_key:
    'StudyEventRepeatKey; where none was sent, the place among keyless siblings (raw.study_event_data.ordinal).',
  form_oid: 'FormOID.',
  form_repeat_key: 'FormRepeatKey; where none was sent, the place among keyless siblings (raw.form_data.ordinal).',
  item_group_oid: 'ItemGroupOID.',
  item_group_repeat_key:
    'ItemGroupRepeatKey; where none was sent, the place among keyless siblings (raw.item_group_data.ordinal).',
} as const;

export const CONTEXT_COLUMNS: readonly string[] = Object.keys(RECORD_CONTEXT);
