import { ELEMENT_COUNT, Element } from './vocabulary.ts';

/**
 * The order in which the standard has the children of an element (ODM 1.3.2, 3.1.4). One scale serves all elements:
 * only those that may stand in the same element are ever compared. Elements with rows of their own may stand
 * anywhere, for a row has its place; what is folded into columns is taken to stand here, or is marked by a node.
 */
export const RANK = new Uint8Array(ELEMENT_COUNT);

/** Rank of what has no place in the order of the standard: whatever is folded behind it is marked by a node. */
export const AFTER_ALL = 100;

const ORDER = [
  [Element.AuditRecord, Element.UserRef, Element.Comment, Element.LoginName, Element.UserName],
  [Element.Signature, Element.LocationRef, Element.FlagValue, Element.DisplayName],
  [Element.InvestigatorRef, Element.SignatureRef, Element.FlagType, Element.FullName],
  [Element.SiteRef, Element.DateTimeStamp, Element.FirstName, Element.GivenName],
  [Element.MeasurementUnitRef, Element.ReasonForChange, Element.LastName, Element.FamilyName],
  [Element.Annotation, Element.SourceID, Element.Organization, Element.Value],
  [Element.StudyEventData, Element.FormData, Element.ItemGroupData, Element.Flag],
];
for (const [index, elements] of ORDER.entries()) for (const element of elements) RANK[element] = index + 1;
