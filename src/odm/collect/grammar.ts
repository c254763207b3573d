import type { DocumentHead } from '../dialects/dialect.ts';
import { ITEM_ELEMENTS } from '../layout.ts';
import { LocationRule, UserRule } from './admin-data.ts';
import { AnnotationRule } from './annotation.ts';
import { auditLogRules } from './audit-log.ts';
import { ClinicalDataRule, ReferenceDataRule } from './clinical-data.ts';
import type { Collection } from './collection.ts';
import { DefinitionRule } from './definition.ts';
import { DocumentRule } from './document.ts';
import { Frames } from './frames.ts';
import { ItemRule } from './item.ts';
import { ItemGroupRule } from './item-group.ts';
import { OwnerRule } from './owner-rule.ts';
import { queryRules } from './query.ts';
import { AuditRecordRule, SignatureRule } from './record.ts';
import { ForeignRule, type Rule } from './rule.ts';
import { SkipRule } from './skip.ts';
import { Statuses } from './status.ts';
import { SubjectRule } from './subject.ts';
import { FormRule, StudyEventRule } from './visit.ts';
import { Attribute, Element } from './vocabulary.ts';

/** Which element may hold which, of all that have rows (ODM 1.2, 1.3.2 and 2.0 together). */
export class Grammar {
  readonly #collection: Collection;
  readonly foreign: Rule;
  readonly document: DocumentRule;
  readonly #clinicalData: ClinicalDataRule;
  readonly #subject: SubjectRule;
  /** The rules in whose elements a dialect's own may stand: queries, entries of its audit log. */
  readonly #mayHoldNamed: readonly Rule[];

  constructor(collection: Collection, onRoot: (head: DocumentHead) => void) {
    this.#collection = collection;
    const foreign = new ForeignRule(collection.nodes);
    this.foreign = foreign;
    const skip = new SkipRule(collection.nodes);
    const frames = new Frames();
    const clinicalData = new ClinicalDataRule(collection, frames, foreign, skip);
    const referenceData = new ReferenceDataRule(collection, frames, foreign, skip, clinicalData);
    const subject = new SubjectRule(collection, frames, foreign);
    const studyEvent = new StudyEventRule(collection, frames, foreign);
    const form = new FormRule(collection, frames, foreign);
    const group = new ItemGroupRule(collection, frames, foreign);
    const item = new ItemRule(collection, foreign, group);
    this.document = new DocumentRule(collection, foreign, onRoot);
    this.#clinicalData = clinicalData;
    this.#subject = subject;
    this.#mayHoldNamed = [foreign, subject, studyEvent, form, group, item];

    this.document.children[Element.ClinicalData] = clinicalData;
    this.document.children[Element.ReferenceData] = referenceData;
    clinicalData.children[Element.SubjectData] = subject;
    referenceData.children[Element.ItemGroupData] = group;
    subject.children[Element.StudyEventData] = studyEvent;
    for (const rule of [subject, studyEvent]) rule.children[Element.FormData] = form;
    for (const rule of [subject, studyEvent, form, group]) rule.children[Element.ItemGroupData] = group;
    for (const name of ITEM_ELEMENTS) group.children[Element[name]] = item;
    const annotation = this.#connectRecords([subject, studyEvent, form, group, item], [clinicalData, referenceData]);
    this.#connectDefinitions(skip, annotation);
  }

  /** AuditRecord, Signature and Annotation: in the elements they are about, or collected. */
  #connectRecords(elements: readonly Rule[], holdCollections: readonly Rule[]): Rule {
    const collection = this.#collection;
    const { foreign } = this;
    const annotation = new AnnotationRule(collection, foreign);
    const records = [
      ['AuditRecord', 'AuditRecords', new AuditRecordRule(collection, foreign)],
      ['Signature', 'Signatures', new SignatureRule(collection, foreign)],
      ['Annotation', 'Annotations', annotation],
    ] as const;
    for (const [one, many, record] of records) {
      for (const rule of elements) rule.children[Element[one]] = record;
      const collected = new OwnerRule(collection, foreign, many);
      collected.children[Element[one]] = record;
      for (const rule of holdCollections) rule.children[Element[many]] = collected;
    }
    return annotation;
  }

  #connectDefinitions(skip: SkipRule, annotation: Rule): void {
    const collection = this.#collection;
    const { foreign } = this;
    const study = new DefinitionRule(collection, foreign, 'Study', skip, Attribute.OID);
    const adminData = new DefinitionRule(collection, foreign, 'AdminData', skip, Attribute.StudyOID);
    const association = new DefinitionRule(collection, foreign, 'Association', skip, Attribute.StudyOID);
    study.children[Element.MetaDataVersion] = new OwnerRule(collection, foreign, 'MetaDataVersion');
    adminData.children[Element.User] = new UserRule(collection, foreign);
    adminData.children[Element.Location] = new LocationRule(collection, foreign);
    association.children[Element.Annotation] = annotation;
    const { children } = this.document;
    children[Element.Study] = study;
    children[Element.AdminData] = adminData;
    children[Element.Association] = association;
  }

  /** The dialect is known. */
  begin(): void {
    this.#clinicalData.begin();
    this.#subject.begin();
    const collection = this.#collection;
    const { queries, auditLog, statuses } = collection.dialect;
    if (statuses !== undefined) collection.nodes.reader = new Statuses(collection, statuses);
    const named = new Map([
      ...(queries === undefined ? [] : queryRules(collection, this.foreign, queries)),
      ...(auditLog === undefined ? [] : auditLogRules(collection, this.foreign, auditLog)),
    ]);
    if (named.size > 0) for (const rule of this.#mayHoldNamed) rule.named = named;
  }
}
