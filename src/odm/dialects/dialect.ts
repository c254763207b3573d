import type { DialectName } from '../../project/source.ts';

interface ExpandedName {
  readonly namespace: string;
  readonly name: string;
}

/** What a dialect may look at to know its files. */
export interface DocumentHead {
  /** Attributes of the root without a namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Namespaces bound at the root. */
  readonly namespaces: ReadonlySet<string>;
}

/**
 * How a dialect writes a query (raw.query); the fields are attributes without a namespace. A UserRef child says who
 * wrote it; a query inside a query answers it.
 */
export interface QueryElement {
  readonly element: ExpandedName;
  readonly id?: string;
  readonly type?: string;
  readonly recipient?: string;
  readonly status?: string;
  readonly datetime?: string;
  readonly text?: string;
  readonly response?: string;
  /** The text is that of a child of this name. */
  readonly textElement?: ExpandedName;
}

/**
 * How a dialect writes an entry of its audit log (raw.audit_record); the fields are attributes without a namespace.
 */
export interface AuditLogEntry {
  readonly element: ExpandedName;
  readonly id: string;
  readonly user: string;
  readonly datetime: string;
  readonly reason: string;
  /** The first of these that was sent names its kind. */
  readonly category: readonly string[];
}

/** An attribute in which a dialect says what state an element is in (raw.status). */
export interface StatusAttribute {
  /** The element that has it. */
  readonly level: 'SubjectData' | 'StudyEventData' | 'FormData' | 'ItemGroupData' | 'ItemData';
  readonly attribute: ExpandedName;
  /** What is said, in words that dialects share: `frozen`, `locked`, `verified`, `subject status`, ... */
  readonly kind: string;
}

/**
 * What differs between the systems that write ODM. To add one: a folder, a name in DIALECTS of project/source.ts and a
 * place in dialects.ts. The compiler asks for whichever is missing.
 */
export interface Dialect {
  readonly name: DialectName;
  recognises(head: DocumentHead): boolean;
  /** Attribute of ClinicalData that names the kind of its audit records. */
  readonly auditCategory?: ExpandedName;
  /**
   * Whether, in a transactional file, an item without a value says nothing of the value (a query, a visibility
   * change); where it does, it is a blank otherwise. `category` is that of the ClinicalData, '' if there is none.
   */
  noValueSaysNothing(category: string): boolean;
  readonly queries?: readonly QueryElement[];
  readonly auditLog?: AuditLogEntry;
  readonly statuses?: readonly StatusAttribute[];
  /** Attribute of SubjectData that holds another name of the subject, and what kind of name it is. */
  readonly subjectAlias?: { readonly attribute: ExpandedName; readonly kind: string };
}
