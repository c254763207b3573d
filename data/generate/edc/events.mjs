// @ts-check
/** Which forms an event has. @type {Readonly<Record<string, readonly string[]>>} */
export const EVENT_FORMS = {
  'SE.SCR': ['FO.IC', 'FO.DM', 'FO.IE', 'FO.VS'],
  'SE.BL': ['FO.VS', 'FO.EX', 'FO.PD'],
  'SE.WK04': ['FO.VS', 'FO.EX', 'FO.PD'],
  'SE.WK08': ['FO.VS', 'FO.EX', 'FO.PD'],
  'SE.WK12': ['FO.VS', 'FO.EX', 'FO.PD'],
  'SE.WK16': ['FO.VS', 'FO.EX', 'FO.PD'],
  'SE.WK20': ['FO.VS', 'FO.EX', 'FO.PD'],
  'SE.WK24': ['FO.VS', 'FO.PD'],
  'SE.UNS': ['FO.VS', 'FO.LB'],
  'SE.LOG': ['FO.MH', 'FO.AE', 'FO.CM', 'FO.DD'],
  'SE.EOS': ['FO.DS'],
};

/**
 * Conditions under which an item is not collected: OID, in words, as an expression.
 *
 * @type {readonly (readonly [string, string, string])[]}
 */
export const CONDITIONS = [
  ['CD.AE.ONGOING', 'The adverse event is ongoing', 'IT.AE.AEONGO = "Y"'],
  ['CD.AE.NOTSERIOUS', 'The adverse event is not serious', 'IT.AE.AESER = "N"'],
  ['CD.MH.ONGOING', 'The condition is ongoing', 'IT.MH.MHONGO = "Y"'],
  ['CD.CM.ONGOING', 'The medication is ongoing', 'IT.CM.CMONGO = "Y"'],
];
