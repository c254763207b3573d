// @ts-check
import { element, escapeAttribute, escapeText } from '../lib/xml.mjs';

/** @typedef {import('./tree.mjs').Audit} Audit */

/** @param {Audit | undefined} audit */
function auditRecord(audit) {
  if (!audit) return '';
  return element(
    'AuditRecord',
    {},
    element('UserRef', { UserOID: audit.user }),
    element('LocationRef', { LocationOID: audit.location }),
    element('DateTimeStamp', {}, audit.at),
    element('ReasonForChange', {}, escapeText(audit.reason)),
    element('SourceID', {}, audit.id),
  );
}

/**
 * The start tag is written by hand: this is the element of which there are millions.
 *
 * @param {import('./tree.mjs').ItemNode} item
 */
function itemData(item) {
  let start = `<ItemData ItemOID="${item.oid}"`;
  if (item.transaction) start += ` TransactionType="${item.transaction}"`;
  if (item.isNull) start += ' IsNull="Yes"';
  else if (item.value !== undefined && item.transaction !== 'Remove')
    start += ` Value="${value(item.value, item.rawLineBreaks)}"`;
  const content =
    auditRecord(item.audit) + (item.unit ? `<MeasurementUnitRef MeasurementUnitOID="${item.unit}"/>` : '');
  return content === '' ? `${start}/>` : `${start}>${content}</ItemData>`;
}

/**
 * @param {string} text
 * @param {boolean} [rawLineBreaks]
 */
function value(text, rawLineBreaks) {
  const escaped = escapeAttribute(text);
  return rawLineBreaks ? escaped.replaceAll('&#10;', '\n') : escaped;
}

/** @param {import('./tree.mjs').GroupNode} group */
const itemGroupData = (group) =>
  `${element('ItemGroupData', { ItemGroupOID: group.oid, ItemGroupRepeatKey: group.key, TransactionType: group.transaction }, auditRecord(group.audit), group.items.map(itemData))}\n`;

/** @param {import('./tree.mjs').FormNode} form */
const formData = (form) =>
  `${element('FormData', { FormOID: form.oid, TransactionType: form.transaction }, auditRecord(form.audit), '\n', form.groups.map(itemGroupData))}\n`;

/** @param {import('./tree.mjs').EventNode} event */
const studyEventData = (event) =>
  `${element('StudyEventData', { StudyEventOID: event.oid, StudyEventRepeatKey: event.key, TransactionType: event.transaction }, auditRecord(event.audit), '\n', event.forms.map(formData))}\n`;

/**
 * A SubjectData element and the line break after it.
 *
 * @param {import('./tree.mjs').SubjectNode} subject
 * @returns {string}
 */
export const subjectData = (subject) =>
  `${element(
    'SubjectData',
    { SubjectKey: subject.key, TransactionType: subject.transaction },
    auditRecord(subject.audit),
    element('InvestigatorRef', { UserOID: `U${subject.site.id}` }),
    element('SiteRef', { LocationOID: subject.site.location }),
    '\n',
    subject.events.map(studyEventData),
  )}\n`;
